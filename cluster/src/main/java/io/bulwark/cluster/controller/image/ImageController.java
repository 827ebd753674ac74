package io.bulwark.cluster.controller.image;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.image.inspect.ImageFacts;
import io.bulwark.cluster.image.inspect.ImageInspector;
import io.bulwark.cluster.image.inspect.ReportDocuments;
import io.bulwark.cluster.image.policy.ImageGate;
import io.bulwark.cluster.image.policy.PodImages;
import io.bulwark.cluster.platform.Component;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a VulnerabilityReport of every image that pods of a namespace ask for, and judges pods by
 * the image policies: lets held ones go, says why others stay, reports and, where the policy says
 * so, evicts running ones.
 */
public final class ImageController implements Component, ImageFacts {
  /** The service account that this controller acts as. */
  public static final String NAME = ImageGate.CONTROLLER;

  private static final String BY_IMAGE = "image";
  private static final Duration DATA_CHECK = Duration.ofSeconds(30);
  private static final Duration STATUS_DELAY = Duration.ofSeconds(1);
  private static final Duration SYNC = Duration.ofSeconds(60);

  private final ControllerContext context;
  private final Informer pods;
  private final Informer reports;
  private final Policies policies;
  private final ImageReports images;
  private final PodJudge judge;
  private final ControllerLoop<ImageKey> imageLoop;
  private final ControllerLoop<String> podLoop;
  private final ControllerLoop<String> statusLoop;
  private final ControllerLoop<String> nodeLoop;
  private final ControllerLoop<String> dataLoop;
  private final NodeSoftware software;
  private final ReportDocuments documents;
  private final ImageMetrics metrics;
  private volatile String dataVersion;

  /** An image as the pods of a namespace name it. */
  record ImageKey(String namespace, String reference) {
    static String index(String namespace, String reference) {
      return namespace + " " + reference;
    }
  }

  /**
   * @param documents keeps what belongs to reports
   * @param version of the control plane, which nodes are compared with
   */
  public ImageController(
      ControllerContext context,
      ImageInspector inspector,
      ReportDocuments documents,
      String version) {
    this.documents = documents;
    this.metrics = new ImageMetrics(context.informers());
    this.context = context;
    this.pods = context.informers().of(Resources.PODS);
    this.reports = context.informers().of(Resources.VULNERABILITY_REPORTS);
    this.policies = new Policies(context.informers());
    this.images =
        new ImageReports(
            context, new Looking(inspector, documents, version), policies, this::podsOf);
    this.judge = new PodJudge(context, policies, reports);
    this.imageLoop = new ControllerLoop<>(NAME + "-image", 2, images::reconcile);
    this.podLoop = new ControllerLoop<>(NAME + "-pod", 2, this::pod);
    PolicyStatus status = new PolicyStatus(context);
    this.statusLoop =
        new ControllerLoop<>(
            NAME + "-status",
            1,
            _ -> {
              status.update();
              return null;
            });
    this.software = new NodeSoftware(context, inspector, version);
    this.nodeLoop =
        new ControllerLoop<>(
            NAME + "-node",
            1,
            node -> {
              software.judge(node);
              return null;
            });
    this.dataLoop = new ControllerLoop<>(NAME + "-data", 1, _ -> data(inspector));
    this.dataVersion = inspector.dataVersion();
  }

  @Override
  public void start() throws InterruptedException {
    pods.addIndex(
        BY_IMAGE,
        pod ->
            PodImages.of(pod).stream()
                .map(reference -> ImageKey.index(Meta.namespace(pod), reference))
                .toList());
    policies.onChange(this::policiesChanged);
    reports.onChange((before, after) -> reportChanged(after == null ? before : after));
    pods.onChange(
        (before, after) -> {
          if (after != null && imagesDiffer(before, after)) {
            podLoop.add(Meta.key(after));
          }
          Tree pod = after == null ? before : after;
          if (pod != null && (before == null || after == null || imageWork(before, after))) {
            PodImages.of(pod)
                .forEach(image -> imageLoop.add(new ImageKey(Meta.namespace(pod), image)));
          }
        });
    imageLoop.start();
    podLoop.start();
    statusLoop.start();
    software
        .inventories()
        .onChange(
            (before, after) -> {
              if (after != null) {
                nodeLoop.add(Meta.name(after));
              }
            });
    nodeLoop.start();
    dataLoop.start();
    dataLoop.addAfter("", DATA_CHECK);
  }

  @Override
  public void close() {
    imageLoop.close();
    podLoop.close();
    statusLoop.close();
    nodeLoop.close();
    dataLoop.close();
    context.events().close();
  }

  @Override
  public String metrics() {
    return metrics.text();
  }

  @Override
  public byte @Nullable [] document(String namespace, String report) throws IOException {
    return reports.get(namespace, report) == null ? null : documents.find(namespace, report);
  }

  private static boolean imagesDiffer(@Nullable Tree before, Tree after) {
    return before == null || !PodImages.of(before).equals(PodImages.of(after));
  }

  private static boolean imageWork(Tree before, Tree after) {
    return PodImages.running(before) != PodImages.running(after) || imagesDiffer(before, after);
  }

  private List<Tree> podsOf(ImageKey key) {
    return pods.byIndex(BY_IMAGE, ImageKey.index(key.namespace(), key.reference()));
  }

  /** A report answers the pods that ask for its image. */
  private void reportChanged(@Nullable Tree report) {
    if (report == null) {
      return;
    }
    ImageKey key = new ImageKey(Meta.namespace(report), report.textOrEmpty("report", "image"));
    podsOf(key).forEach(pod -> podLoop.add(Meta.key(pod)));
    imageLoop.add(key);
  }

  private void policiesChanged(String namespace) {
    statusLoop.addAfter("", STATUS_DELAY);
    List<Tree> covered = namespace.isEmpty() ? pods.list() : pods.list(namespace);
    for (Tree pod : covered) {
      podLoop.add(Meta.key(pod));
      PodImages.of(pod).forEach(image -> imageLoop.add(new ImageKey(Meta.namespace(pod), image)));
    }
  }

  private @Nullable Duration pod(String key) throws InterruptedException {
    if (!policies.awaitSynced(SYNC) || !reports.awaitSynced(SYNC)) {
      return Duration.ofSeconds(1);
    }
    statusLoop.addAfter("", STATUS_DELAY);
    Tree pod = pods.get(key);
    return pod == null ? null : judge.judge(pod, images::failure);
  }

  /** Looks at once whether the data have changed. */
  void dataChanged() {
    dataLoop.add("");
  }

  /** New data, new judgements; the images themselves are not read again. */
  private Duration data(ImageInspector inspector) {
    String version = inspector.dataVersion();
    if (!version.equals(dataVersion)) {
      dataVersion = version;
      for (Tree report : reports.list()) {
        reportChanged(report);
      }
      software.nodes().forEach(nodeLoop::add);
    }
    return DATA_CHECK;
  }
}

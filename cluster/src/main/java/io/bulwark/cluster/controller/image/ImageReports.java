package io.bulwark.cluster.controller.image;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiException;
import io.bulwark.client.EventRecorder;
import io.bulwark.client.Informer;
import io.bulwark.cluster.controller.image.ImageController.ImageKey;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.controller.loop.Refusals;
import io.bulwark.cluster.image.inspect.Inspection;
import io.bulwark.cluster.image.policy.PodImages;
import io.bulwark.cluster.image.policy.PolicyRules;
import io.bulwark.cluster.image.policy.ReportName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes, renews and removes the reports. Thread-safe. */
final class ImageReports {
  private static final Duration RETRY = Duration.ofSeconds(20);
  private static final Duration SELDOM = Duration.ofMinutes(10);
  private static final Duration SYNC = Duration.ofSeconds(60);

  private final ControllerContext context;
  private final Looking looking;
  private final Policies policies;
  private final Function<ImageKey, List<Tree>> podsOf;
  private final Informer reports;
  private final Map<ImageKey, String> failures = new ConcurrentHashMap<>();

  ImageReports(
      ControllerContext context,
      Looking looking,
      Policies policies,
      Function<ImageKey, List<Tree>> podsOf) {
    this.context = context;
    this.looking = looking;
    this.policies = policies;
    this.podsOf = podsOf;
    this.reports = context.informers().of(Resources.VULNERABILITY_REPORTS);
  }

  /** Why an image could not be looked into, or null. */
  @Nullable String failure(String namespace, String reference) {
    return failures.get(new ImageKey(namespace, reference));
  }

  @Nullable Duration reconcile(ImageKey key) throws InterruptedException {
    if (!reports.awaitSynced(SYNC) || !policies.awaitSynced(SYNC)) {
      return Duration.ofSeconds(1);
    }
    Tree report = reports.get(key.namespace(), ReportName.of(key.reference()));
    List<Tree> pods = podsOf.apply(key);
    if (pods.isEmpty()) {
      failures.remove(key);
      if (report != null) {
        remove(report);
      }
      return null;
    }
    List<PolicyRules.Signature> signatures = policies.signatures(key.namespace(), key.reference());
    boolean needed = policies.needKnowledge(key.namespace(), key.reference());
    boolean unseen = !needed && pods.stream().noneMatch(PodImages::running);
    if (unseen || (report != null && current(report, signatures) && looking.documented(key))) {
      return null;
    }
    try {
      Inspection inspection =
          looking
              .inspector()
              .inspect(key.reference(), secrets(pods), signatures, index(key, report));
      failures.remove(key);
      looking.document(key, inspection, context.clock().instant());
      write(key, report, inspection, signatures, pods);
      return null;
    } catch (IOException unreadable) {
      String reason = String.valueOf(unreadable.getMessage());
      if (!reason.equals(failures.put(key, reason)) && needed) {
        for (Tree pod : pods) {
          context.events().warning(pod, "ImageInspectionFailed", key.reference() + ": " + reason);
        }
      }
      return needed ? RETRY : SELDOM;
    }
  }

  /** The index through which the image was found when it was looked into before. */
  private @Nullable String index(ImageKey key, @Nullable Tree before) {
    Tree report = before;
    int at = key.reference().indexOf('@');
    if (report == null && at >= 0) {
      report = reports.get(key.namespace(), ReportName.of(key.reference().substring(0, at)));
    }
    return report == null ? null : report.text("report", "index");
  }

  /** Whether the report was made of the data of today and looked for all signatures. */
  private boolean current(Tree report, List<PolicyRules.Signature> signatures) {
    Tree content = report.treeOrEmpty("report");
    Set<String> asked = new HashSet<>(content.texts("asked"));
    return content.textOrEmpty("dataVersion").equals(looking.inspector().dataVersion())
        && signatures.stream().allMatch(s -> asked.contains(s.fingerprint()));
  }

  private void write(
      ImageKey key,
      @Nullable Tree before,
      Inspection inspection,
      List<PolicyRules.Signature> signatures,
      List<Tree> pods) {
    Tree report =
        ReportContent.report(
            key.namespace(), key.reference(), inspection, context.clock().instant());
    if (!signatures.isEmpty()) {
      report
          .child("report")
          .put("asked", new TreeList(signatures.stream().map(s -> s.fingerprint()).toList()));
    }
    try {
      if (before == null) {
        context.client().create(Resources.VULNERABILITY_REPORTS, key.namespace(), report);
      } else {
        report.child("metadata").put("resourceVersion", Meta.resourceVersion(before));
        context.client().update(Resources.VULNERABILITY_REPORTS, report);
      }
    } catch (ApiException refused) {
      if (!Refusals.namespaceTerminating(refused) && !refused.alreadyExists()) {
        throw refused;
      }
    }
    announce(key, before, report, pods);
  }

  /** Owners hear of what was not known before. */
  private void announce(ImageKey key, @Nullable Tree before, Tree report, List<Tree> pods) {
    Set<String> known = before == null ? Set.of() : identifiers(before);
    List<String> fresh = new ArrayList<>(identifiers(report));
    fresh.removeAll(known);
    if (before == null || fresh.isEmpty()) {
      return;
    }
    String message =
        "image "
            + key.reference()
            + " is now known to have "
            + String.join(", ", fresh.subList(0, Math.min(5, fresh.size())))
            + (fresh.size() > 5 ? " and " + (fresh.size() - 5) + " more" : "");
    Set<String> told = new HashSet<>();
    for (Tree pod : pods) {
      Tree owner =
          pod.list("metadata", "ownerReferences").trees().stream().findFirst().orElse(null);
      String whom = owner == null ? Meta.uid(pod) : owner.textOrEmpty("uid");
      if (told.add(whom)) {
        context
            .events()
            .event(
                owner == null ? EventRecorder.reference(pod) : reference(pod, owner),
                EventRecorder.WARNING,
                "NewVulnerabilities",
                message);
      }
    }
  }

  private static Tree reference(Tree pod, Tree owner) {
    return Tree.of(
        "apiVersion", owner.textOrEmpty("apiVersion"),
        "kind", owner.textOrEmpty("kind"),
        "name", owner.textOrEmpty("name"),
        "namespace", Meta.namespace(pod),
        "uid", owner.textOrEmpty("uid"));
  }

  private static Set<String> identifiers(Tree report) {
    Set<String> found = new LinkedHashSet<>();
    report.treeOrEmpty("report").trees("findings").forEach(f -> found.add(f.textOrEmpty("id")));
    return found;
  }

  private void remove(Tree report) {
    try {
      looking.documents().remove(Meta.namespace(report), Meta.name(report));
      context
          .client()
          .delete(Resources.VULNERABILITY_REPORTS, Meta.namespace(report), Meta.name(report), null);
    } catch (ApiException refused) {
      if (!refused.notFound()) {
        throw refused;
      }
    } catch (IOException kept) {
      throw new UncheckedIOException(kept);
    }
  }

  /** The pull secrets of the pods, each once. */
  private List<Tree> secrets(List<Tree> pods) {
    Set<String> names = new LinkedHashSet<>();
    String namespace = Meta.namespace(pods.getFirst());
    for (Tree pod : pods) {
      for (Tree secret : pod.treeOrEmpty("spec").trees("imagePullSecrets")) {
        names.add(secret.textOrEmpty("name"));
      }
    }
    List<Tree> found = new ArrayList<>();
    for (String name : names) {
      Tree secret = context.client().find(Resources.SECRETS, namespace, name);
      if (secret != null) {
        found.add(secret);
      }
    }
    return found;
  }
}

package io.bulwark.cluster.apiserver.admission;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.live.LiveObjects;
import io.bulwark.cluster.image.policy.ImageGate;
import io.bulwark.cluster.image.policy.Judgement;
import io.bulwark.cluster.image.policy.KnownImage;
import io.bulwark.cluster.image.policy.PodImages;
import io.bulwark.cluster.image.policy.PolicyRules;
import io.bulwark.cluster.image.policy.PolicyRules.Mode;
import io.bulwark.cluster.image.policy.PolicyRules.Unknown;
import io.bulwark.cluster.image.policy.ReportName;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds pods to the image policies that cover their namespace. What is known of an image comes from
 * the namespace's VulnerabilityReports; nothing outside the store is asked. A pod whose images are
 * not known yet gets a scheduling gate, which only the controller that looks into images may take
 * away.
 */
final class ImageAdmission implements Plugin {
  private final LiveObjects objects;
  private final InstantSource clock;

  ImageAdmission(LiveObjects objects, InstantSource clock) {
    this.objects = objects;
    this.clock = clock;
  }

  @Override
  public void mutate(AdmissionRequest request) {
    if (!judged(request)) {
      return;
    }
    Set<String> images = newImages(request);
    List<PolicyRules> policies = images.isEmpty() ? List.of() : policies(request.namespace());
    if (policies.isEmpty()) {
      return;
    }
    boolean held = false;
    for (Tree container : PodImages.containers(request.wanted())) {
      String reference = PodImages.reference(container.textOrEmpty("image"));
      if (reference.isEmpty() || !images.contains(container.textOrEmpty("image"))) {
        continue;
      }
      KnownImage known = known(request.namespace(), reference);
      if (known == null) {
        held |= policies.stream().anyMatch(policy -> holds(policy, reference));
      } else if (policies.stream().anyMatch(policy -> policy.pins(reference))) {
        container.put("image", PodImages.pinned(reference, known));
        if (request.creates()) {
          PodImages.place(request.wanted().child("spec"), reference, known);
        }
      }
    }
    if (held && holdable(request)) {
      addGate(request.wanted().child("spec"));
    }
  }

  @Override
  public void validate(AdmissionRequest request) {
    if (request.on("", "pods", "") && request.updates()) {
      guardGate(request);
    }
    if (!judged(request)) {
      return;
    }
    Set<String> images = newImages(request);
    if (images.isEmpty()) {
      return;
    }
    List<PolicyRules> policies = policies(request.namespace());
    for (String image : images) {
      for (PolicyRules policy : policies) {
        judge(request, policy, image);
      }
    }
  }

  private void judge(AdmissionRequest request, PolicyRules policy, String image) {
    List<String> broken = broken(request, policy, image);
    if (broken.isEmpty()) {
      return;
    }
    String words = policy.title() + ": " + String.join("; ", broken);
    switch (policy.mode()) {
      case ENFORCE -> throw request.forbidden("refused by " + words).rejected();
      case WARN -> request.notes().warn("would be refused by " + words);
      case AUDIT -> {}
    }
    request.notes().annotate("image.bulwark.io/violations", words);
  }

  private List<String> broken(AdmissionRequest request, PolicyRules policy, String image) {
    String reference = PodImages.reference(image);
    if (reference.isEmpty()) {
      return List.of("image \"" + image + "\" cannot be judged: invalid reference format");
    }
    if (!policy.concerns(reference)) {
      return List.of();
    }
    KnownImage known = known(request.namespace(), reference);
    List<String> broken =
        new ArrayList<>(Judgement.violations(policy, reference, known, clock.instant()));
    if (known != null && policy.pins(reference)) {
      String why = PodImages.misplaced(request.wanted(), tagged(reference, known), known);
      if (why != null) {
        broken.add(why);
      }
    }
    if (known == null && policy.needsKnowledge() && refusesUnknown(request, policy)) {
      broken.add("image \"" + reference + "\" has not been looked into yet");
    }
    return broken;
  }

  /** The reference without the digest that was put to it here. */
  private static String tagged(String reference, KnownImage known) {
    String digest = "@" + known.digest();
    int at = reference.indexOf(digest);
    return at > 0 && reference.lastIndexOf(':', at - 1) > reference.lastIndexOf('/', at - 1)
        ? reference.substring(0, at)
        : reference;
  }

  private static boolean judged(AdmissionRequest request) {
    boolean pod = request.on("", "pods", "") || request.on("", "pods", "ephemeralcontainers");
    return pod && (request.creates() || request.updates());
  }

  /** A pod that is there already, or that names its node, cannot be held. */
  private static boolean holdable(AdmissionRequest request) {
    return request.creates()
        && request.wanted().treeOrEmpty("spec").textOrEmpty("nodeName").isEmpty();
  }

  private static boolean refusesUnknown(AdmissionRequest request, PolicyRules policy) {
    return policy.unknown() == Unknown.REFUSE
        || (policy.unknown() == Unknown.HOLD && !holdable(request));
  }

  private static boolean holds(PolicyRules policy, String reference) {
    return policy.mode() == Mode.ENFORCE
        && policy.unknown() == Unknown.HOLD
        && policy.needsKnowledge()
        && policy.concerns(reference);
  }

  private static void addGate(Tree spec) {
    TreeList gates = spec.childList("schedulingGates");
    if (gates.trees().stream().noneMatch(g -> g.textOrEmpty("name").equals(ImageGate.NAME))) {
      gates.add(Tree.of("name", ImageGate.NAME));
    }
  }

  private static void guardGate(AdmissionRequest request) {
    if (ImageGate.on(request.stored())
        && !ImageGate.on(request.wanted())
        && !request.subject().name().equals(ImageGate.KEEPER)) {
      throw request
          .forbidden("the scheduling gate " + ImageGate.NAME + " goes when the images are known")
          .rejected();
    }
  }

  /** The images, as written, that the request brings; none of those that are there already. */
  private static Set<String> newImages(AdmissionRequest request) {
    Set<String> images = new LinkedHashSet<>();
    PodImages.containers(request.wanted()).forEach(c -> images.add(c.textOrEmpty("image")));
    if (request.updates()) {
      PodImages.containers(request.stored()).forEach(c -> images.remove(c.textOrEmpty("image")));
    }
    return images;
  }

  private List<PolicyRules> policies(String namespace) {
    List<PolicyRules> found = new ArrayList<>();
    List<Tree> clusterWide = objects.list(Resources.CLUSTER_IMAGE_POLICIES, "");
    if (!clusterWide.isEmpty()) {
      Tree labels =
          Objects.requireNonNullElseGet(
                  objects.find(Resources.NAMESPACES, "", namespace), Tree::new)
              .tree("metadata", "labels");
      for (Tree policy : clusterWide) {
        PolicyRules rules = PolicyRules.of(policy);
        if (rules.covers(labels)) {
          found.add(rules);
        }
      }
    }
    objects.list(Resources.IMAGE_POLICIES, namespace).forEach(p -> found.add(PolicyRules.of(p)));
    return found;
  }

  /** What is known of a reference; of a tag with its digest, also what is known of the tag. */
  private @Nullable KnownImage known(String namespace, String reference) {
    KnownImage exact = reported(namespace, reference);
    int at = reference.indexOf('@');
    if (exact != null || at < 0) {
      return exact;
    }
    KnownImage tagged = reported(namespace, reference.substring(0, at));
    return tagged != null && tagged.digest().equals(reference.substring(at + 1)) ? tagged : null;
  }

  private @Nullable KnownImage reported(String namespace, String reference) {
    Tree report =
        objects.find(Resources.VULNERABILITY_REPORTS, namespace, ReportName.of(reference));
    return report == null ? null : KnownImage.of(report);
  }
}

package io.bulwark.cluster.apiserver.admission;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.live.LiveObjects;
import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.image.policy.ImageGate;
import io.bulwark.cluster.image.policy.Judgement;
import io.bulwark.cluster.image.policy.KnownImage;
import io.bulwark.cluster.image.policy.PolicyRules;
import io.bulwark.cluster.image.policy.PolicyRules.Mode;
import io.bulwark.cluster.image.policy.PolicyRules.Unknown;
import io.bulwark.cluster.image.policy.ReportName;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds pods to the image policies that cover their namespace. What is known of an image comes from
 * the namespace's VulnerabilityReports; nothing outside the store is asked. A pod whose images are
 * not known yet gets a scheduling gate, which only the controller that looks into images may take
 * away.
 */
final class ImageAdmission implements Plugin {
  private static final List<String> CONTAINERS =
      List.of("initContainers", "containers", "ephemeralContainers");

  private final LiveObjects objects;
  private final InstantSource clock;

  ImageAdmission(LiveObjects objects, InstantSource clock) {
    this.objects = objects;
    this.clock = clock;
  }

  @Override
  public void mutate(AdmissionRequest request) {
    if (!request.creates() || !request.on("", "pods", "")) {
      return;
    }
    Tree spec = request.wanted().child("spec");
    List<PolicyRules> policies = policies(request.namespace());
    if (policies.isEmpty()) {
      return;
    }
    boolean held = false;
    for (Tree container : containers(spec)) {
      String reference = reference(container.textOrEmpty("image"));
      KnownImage known = reference == null ? null : known(request.namespace(), reference);
      if (reference == null) {
        continue;
      }
      if (known == null) {
        held |= policies.stream().anyMatch(policy -> holds(policy, reference));
      } else if (!known.digest().isEmpty()
          && !reference.contains("@")
          && policies.stream().anyMatch(p -> p.resolveDigests() && p.concerns(reference))) {
        container.put("image", reference + "@" + known.digest());
      }
    }
    if (held && spec.textOrEmpty("nodeName").isEmpty()) {
      addGate(spec);
    }
  }

  @Override
  public void validate(AdmissionRequest request) {
    if (request.on("", "pods", "") && request.updates()) {
      guardGate(request);
    }
    boolean judged = request.on("", "pods", "") || request.on("", "pods", "ephemeralcontainers");
    if (!judged || !(request.creates() || request.updates())) {
      return;
    }
    Map<String, Boolean> images = changedImages(request);
    if (images.isEmpty()) {
      return;
    }
    List<PolicyRules> policies = policies(request.namespace());
    for (String image : images.keySet()) {
      for (PolicyRules policy : policies) {
        judge(request, policy, image);
      }
    }
  }

  private void judge(AdmissionRequest request, PolicyRules policy, String image) {
    String reference = reference(image);
    if (reference == null || !policy.concerns(reference)) {
      return;
    }
    KnownImage known = known(request.namespace(), reference);
    Instant now = clock.instant();
    List<String> broken = new ArrayList<>(Judgement.violations(policy, reference, known, now));
    if (known == null && policy.needsKnowledge() && refusesUnknown(request, policy)) {
      broken.add("image \"" + reference + "\" has not been looked into yet");
    }
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

  /** A pod that is there already, or that names its node, cannot be held. */
  private static boolean refusesUnknown(AdmissionRequest request, PolicyRules policy) {
    boolean holdable =
        request.creates()
            && request.subresource().isEmpty()
            && request.wanted().treeOrEmpty("spec").textOrEmpty("nodeName").isEmpty();
    return policy.unknown() == Unknown.REFUSE || (policy.unknown() == Unknown.HOLD && !holdable);
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

  private Map<String, Boolean> changedImages(AdmissionRequest request) {
    Map<String, Boolean> images = new LinkedHashMap<>();
    Tree before = request.updates() ? request.stored().treeOrEmpty("spec") : new Tree();
    List<String> old = containers(before).stream().map(c -> c.textOrEmpty("image")).toList();
    for (Tree container : containers(request.wanted().treeOrEmpty("spec"))) {
      String image = container.textOrEmpty("image");
      if (!old.contains(image)) {
        images.put(image, true);
      }
    }
    return images;
  }

  private static List<Tree> containers(Tree spec) {
    return CONTAINERS.stream().flatMap(field -> spec.trees(field).stream()).toList();
  }

  private static @Nullable String reference(String image) {
    try {
      return Reference.of(image).text();
    } catch (IllegalArgumentException malformed) {
      return null;
    }
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

package io.bulwark.cluster.apiserver.admission;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.FieldError;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.authz.Escalation;
import io.bulwark.cluster.apiserver.live.LiveObjects;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds pods to the level of their namespace's labels. Without a label the level is baseline, in
 * kube-system privileged; only who may do everything opens a namespace for privileged pods.
 *
 * <p>Source: kubernetes.io/docs/concepts/security/pod-security-admission.
 */
final class PodSecurity implements Plugin {
  private static final String PREFIX = "pod-security.kubernetes.io/";
  private static final String ENFORCE = PREFIX + "enforce";
  private static final String VERSION = "-version";
  private static final int MOST_PODS = 3000;

  private final LiveObjects objects;
  private final Escalation escalation;

  PodSecurity(LiveObjects objects, Escalation escalation) {
    this.objects = objects;
    this.escalation = escalation;
  }

  @Override
  public void validate(AdmissionRequest request) {
    if (!request.creates() && !request.updates()) {
      return;
    }
    if (request.on("", "namespaces", "")) {
      namespace(request);
    } else if (request.on("", "pods", "") || request.on("", "pods", "ephemeralcontainers")) {
      pod(request);
    } else if (request.subresource().isEmpty()) {
      Tree template = template(request);
      if (template != null) {
        advise(request, namespaceOf(request), template);
      }
    }
  }

  private void pod(AdmissionRequest request) {
    Tree pod = request.wanted();
    if (request.updates()
        && Objects.equals(pod.get("spec"), request.stored().get("spec"))
        && Meta.annotations(pod).equals(Meta.annotations(request.stored()))) {
      return;
    }
    Tree namespace = namespaceOf(request);
    PodSecurityPolicy policy = policy(namespace, "enforce");
    String violations = PodSecurityStandards.violations(policy, pod);
    request.notes().annotate(PREFIX + "enforce-policy", policy.toString());
    if (!violations.isEmpty()) {
      throw request.forbidden("violates PodSecurity \"" + policy + "\": " + violations).rejected();
    }
    advise(request, namespace, pod);
  }

  private static void advise(AdmissionRequest request, Tree namespace, Tree pod) {
    PodSecurityPolicy warn = policy(namespace, "warn");
    String warnings = PodSecurityStandards.violations(warn, pod);
    if (!warnings.isEmpty()) {
      request.notes().warn("would violate PodSecurity \"" + warn + "\": " + warnings);
    }
    PodSecurityPolicy audit = policy(namespace, "audit");
    String found = PodSecurityStandards.violations(audit, pod);
    if (!found.isEmpty()) {
      request
          .notes()
          .annotate(
              PREFIX + "audit-violations", "would violate PodSecurity \"" + audit + "\": " + found);
    }
  }

  private static @Nullable Tree template(AdmissionRequest request) {
    return switch (request.kind().resource().groupResource().toString()) {
      case "podtemplates" -> request.wanted().tree("template");
      case "replicationcontrollers",
          "deployments.apps",
          "replicasets.apps",
          "daemonsets.apps",
          "statefulsets.apps",
          "jobs.batch" ->
          request.wanted().tree("spec", "template");
      case "cronjobs.batch" -> request.wanted().tree("spec", "jobTemplate", "spec", "template");
      default -> null;
    };
  }

  private Tree namespaceOf(AdmissionRequest request) {
    Tree namespace = objects.find(Resources.NAMESPACES, "", request.namespace());
    if (namespace == null) {
      throw new Failure.NotFound(Resources.NAMESPACES.groupResource(), request.namespace())
          .rejected();
    }
    return namespace;
  }

  /** What a namespace asks for; a broken label counts as the strictest, as upstream has it. */
  private static PodSecurityPolicy policy(Tree namespace, String mode) {
    String level = Meta.label(namespace, PREFIX + mode);
    if (level == null) {
      boolean loose = !mode.equals("enforce") || Meta.name(namespace).equals("kube-system");
      return PodSecurityPolicy.latest(
          loose ? PodSecurityLevel.PRIVILEGED : PodSecurityLevel.BASELINE);
    }
    Integer minor = PodSecurityPolicy.minor(Meta.label(namespace, PREFIX + mode + VERSION));
    return new PodSecurityPolicy(
        PodSecurityLevel.parse(level).orElse(PodSecurityLevel.RESTRICTED),
        minor == null ? PodSecurityPolicy.LATEST : minor);
  }

  private void namespace(AdmissionRequest request) {
    Tree wanted = request.wanted();
    List<FieldError> errors = labelErrors(wanted);
    if (!errors.isEmpty()) {
      throw new Failure.Invalid(
              Resources.NAMESPACES.groupVersionKind().groupKind(), request.name(), errors)
          .rejected();
    }
    PodSecurityPolicy policy = policy(wanted, "enforce");
    PodSecurityPolicy before =
        request.creates()
            ? PodSecurityPolicy.latest(PodSecurityLevel.BASELINE)
            : policy(request.stored(), "enforce");
    if (policy.equals(before)) {
      return;
    }
    if (policy.level() == PodSecurityLevel.PRIVILEGED
        && Meta.label(wanted, ENFORCE) != null
        && !escalation.holdsEverything(request.subject())) {
      throw request
          .forbidden("only a cluster administrator may set the label " + ENFORCE + "=privileged")
          .rejected();
    }
    if (request.updates()) {
      warnAboutPods(request, policy);
    }
  }

  private static List<FieldError> labelErrors(Tree namespace) {
    List<FieldError> errors = new ArrayList<>();
    for (String mode : List.of("enforce", "audit", "warn")) {
      String level = Meta.label(namespace, PREFIX + mode);
      if (level != null && PodSecurityLevel.parse(level).isEmpty()) {
        errors.add(
            FieldError.invalid(
                "metadata.labels[" + PREFIX + mode + "]",
                level,
                "must be one of privileged, baseline, restricted"));
      }
      String version = Meta.label(namespace, PREFIX + mode + VERSION);
      if (version != null && PodSecurityPolicy.minor(version) == null) {
        errors.add(
            FieldError.invalid(
                "metadata.labels[" + PREFIX + mode + VERSION + "]",
                version,
                "must be \"latest\" or \"v1.x\""));
      }
    }
    return errors;
  }

  private void warnAboutPods(AdmissionRequest request, PodSecurityPolicy policy) {
    Map<String, List<String>> podsByViolation = new TreeMap<>();
    objects.list(Resources.PODS, request.name()).stream()
        .limit(MOST_PODS)
        .forEach(
            pod -> {
              String violations = PodSecurityStandards.reasons(policy, pod);
              if (!violations.isEmpty()) {
                podsByViolation
                    .computeIfAbsent(violations, v -> new ArrayList<>())
                    .add(Meta.name(pod));
              }
            });
    if (podsByViolation.isEmpty()) {
      return;
    }
    request
        .notes()
        .warn(
            "existing pods in namespace \""
                + request.name()
                + "\" violate the new PodSecurity enforce level \""
                + policy
                + "\"");
    podsByViolation.forEach(
        (violations, pods) -> {
          String others =
              switch (pods.size()) {
                case 1 -> "";
                case 2 -> " (and 1 other pod)";
                default -> " (and " + (pods.size() - 1) + " other pods)";
              };
          request.notes().warn(pods.getFirst() + others + ": " + violations);
        });
  }
}

package io.bulwark.cluster.image.policy;

import io.bulwark.api.codec.Json;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.quantity.Durations;
import io.bulwark.api.selector.LabelSelector;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.vulnerability.Severity;
import io.bulwark.cluster.platform.Sha256;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one ImagePolicy or ClusterImagePolicy. Immutable.
 *
 * @param title kind and name, for messages
 * @param namespaces null where the policy covers every namespace or its own only
 * @param maximumSeverity null where any is allowed
 * @param maximumAge null where any is allowed
 */
public record PolicyRules(
    String title,
    Mode mode,
    List<ImagePattern> images,
    @Nullable LabelSelector namespaces,
    List<ImagePattern> allowedSources,
    List<ImagePattern> requiredBases,
    boolean resolveDigests,
    List<Signature> signatures,
    @Nullable Severity maximumSeverity,
    boolean ignoreUnfixed,
    List<Accepted> exceptions,
    @Nullable Duration maximumAge,
    Unknown unknown,
    boolean drains) {

  /** What a broken rule leads to. */
  public enum Mode {
    ENFORCE,
    WARN,
    AUDIT
  }

  /** What happens to a pod whose image has not been looked into. */
  public enum Unknown {
    HOLD,
    REFUSE,
    ALLOW
  }

  /**
   * A signature that images must carry.
   *
   * @param fingerprint of the requirement's content, by which a report says that it is satisfied
   * @param requirement as the policy has it; not to be changed
   */
  public record Signature(String name, String fingerprint, Tree requirement) {}

  /** A vulnerability that is accepted until a moment. */
  record Accepted(String vulnerability, Instant expires, List<ImagePattern> images) {}

  /**
   * @param policy an ImagePolicy or ClusterImagePolicy that passed validation
   */
  public static PolicyRules of(Tree policy) {
    Tree spec = policy.treeOrEmpty("spec");
    String severity = spec.textOrEmpty("maximumSeverity");
    String age = spec.textOrEmpty("maximumAge");
    Tree selector = spec.tree("namespaceSelector");
    return new PolicyRules(
        policy.textOrEmpty("kind") + " " + Meta.name(policy),
        switch (spec.textOrEmpty("mode")) {
          case "Warn" -> Mode.WARN;
          case "Audit" -> Mode.AUDIT;
          default -> Mode.ENFORCE;
        },
        patterns(spec, "images"),
        selector == null || selector.isEmpty() ? null : LabelSelector.of(selector),
        patterns(spec, "allowedSources"),
        patterns(spec, "requiredBases"),
        Boolean.TRUE.equals(spec.get("resolveDigests")),
        spec.trees("signatures").stream()
            .map(s -> new Signature(s.textOrEmpty("name"), fingerprint(s), s))
            .toList(),
        severity.isEmpty() ? null : KnownImage.severity(severity),
        Boolean.TRUE.equals(spec.get("ignoreUnfixed")),
        spec.trees("exceptions").stream().map(PolicyRules::accepted).toList(),
        age.isEmpty() ? null : Durations.parse(age),
        switch (spec.textOrEmpty("unknown")) {
          case "Refuse" -> Unknown.REFUSE;
          case "Allow" -> Unknown.ALLOW;
          default -> Unknown.HOLD;
        },
        spec.textOrEmpty("running").equals("Drain"));
  }

  /** Whether the policy is about an image. */
  public boolean concerns(String reference) {
    return images.isEmpty() || images.stream().anyMatch(pattern -> pattern.matches(reference));
  }

  /**
   * Whether the policy covers a namespace.
   *
   * @param labels of the namespace; null where it has none
   */
  public boolean covers(@Nullable Tree labels) {
    return namespaces == null || namespaces.matchesLabels(labels);
  }

  /**
   * Whether images must run by digest: where the policy says so, and wherever it enforces what they
   * hold, which a tag could exchange afterwards.
   */
  public boolean pins(String reference) {
    return concerns(reference) && (resolveDigests || (mode == Mode.ENFORCE && needsKnowledge()));
  }

  /** Whether more than an image's name is needed to judge it. */
  public boolean needsKnowledge() {
    return !requiredBases.isEmpty()
        || resolveDigests
        || !signatures.isEmpty()
        || maximumSeverity != null
        || maximumAge != null;
  }

  private static Accepted accepted(Tree exception) {
    Instant expires;
    try {
      expires = Instant.parse(exception.textOrEmpty("expires"));
    } catch (DateTimeException never) {
      expires = Instant.EPOCH;
    }
    return new Accepted(
        exception.textOrEmpty("vulnerability"), expires, patterns(exception, "images"));
  }

  private static List<ImagePattern> patterns(Tree tree, String field) {
    return tree.texts(field).stream().map(ImagePattern::of).toList();
  }

  private static String fingerprint(Tree requirement) {
    Tree content = requirement.copy();
    content.remove("name");
    return HexFormat.of().formatHex(Sha256.of(Json.write(content)), 0, 16);
  }
}

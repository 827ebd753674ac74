package io.bulwark.cluster.image.policy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says which rules of a policy an image breaks. */
public final class Judgement {
  private static final int NAMED = 3;

  private Judgement() {}

  /**
   * The rules that an image breaks, as sentences without a full stop; empty if none.
   *
   * @param reference the image, with registry and tag or digest
   * @param known null where the image was not looked into: then only its name is judged
   */
  public static List<String> violations(
      PolicyRules rules, String reference, @Nullable KnownImage known, Instant now) {
    List<String> broken = new ArrayList<>();
    if (!rules.concerns(reference)) {
      return broken;
    }
    if (!rules.allowedSources().isEmpty()
        && rules.allowedSources().stream().noneMatch(source -> source.matches(reference))) {
      broken.add(
          "image \""
              + reference
              + "\" does not come from an allowed source ("
              + list(rules.allowedSources())
              + ")");
    }
    if (known != null) {
      base(rules, reference, known, broken);
      signatures(rules, reference, known, broken);
      age(rules, reference, known, now, broken);
      vulnerabilities(rules, reference, known, now, broken);
    }
    return broken;
  }

  private static void base(
      PolicyRules rules, String reference, KnownImage known, List<String> broken) {
    if (!rules.requiredBases().isEmpty()
        && rules.requiredBases().stream()
            .noneMatch(
                base -> base.matches(known.base()) || base.toString().equals(known.base()))) {
      broken.add(
          "image \""
              + reference
              + "\" is built on "
              + (known.base().isEmpty() ? "an unknown base" : "\"" + known.base() + "\"")
              + ", not on a required base ("
              + list(rules.requiredBases())
              + ")");
    }
  }

  private static void signatures(
      PolicyRules rules, String reference, KnownImage known, List<String> broken) {
    for (PolicyRules.Signature signature : rules.signatures()) {
      if (!known.verified().contains(signature.fingerprint())) {
        String attestation = signature.requirement().textOrEmpty("attestation");
        broken.add(
            "image \""
                + reference
                + "\" has no valid "
                + (attestation.isEmpty() ? "signature" : "attestation of " + attestation)
                + " for \""
                + signature.name()
                + "\"");
      }
    }
  }

  private static void age(
      PolicyRules rules, String reference, KnownImage known, Instant now, List<String> broken) {
    if (rules.maximumAge() == null) {
      return;
    }
    if (known.created() == null) {
      broken.add("image \"" + reference + "\" does not say when it was created");
    } else if (known.created().plus(rules.maximumAge()).isBefore(now)) {
      broken.add(
          "image \""
              + reference
              + "\" was created at "
              + known.created()
              + ", longer ago than "
              + rules.maximumAge());
    }
  }

  private static void vulnerabilities(
      PolicyRules rules, String reference, KnownImage known, Instant now, List<String> broken) {
    if (rules.maximumSeverity() == null) {
      return;
    }
    List<KnownImage.Vulnerability> tooBad =
        known.vulnerabilities().stream()
            .filter(v -> v.severity().compareTo(rules.maximumSeverity()) > 0)
            .filter(v -> !(rules.ignoreUnfixed() && v.fixed().isEmpty()))
            .filter(v -> rules.exceptions().stream().noneMatch(e -> accepts(e, v, reference, now)))
            .sorted(Comparator.comparing(KnownImage.Vulnerability::severity).reversed())
            .toList();
    if (tooBad.isEmpty()) {
      return;
    }
    String named =
        tooBad.stream().limit(NAMED).map(Judgement::words).collect(Collectors.joining(", "));
    String more = tooBad.size() > NAMED ? " and " + (tooBad.size() - NAMED) + " more" : "";
    broken.add(
        "image \""
            + reference
            + "\" has vulnerabilities above "
            + lower(rules.maximumSeverity().name())
            + ": "
            + named
            + more);
  }

  private static boolean accepts(
      PolicyRules.Accepted exception,
      KnownImage.Vulnerability vulnerability,
      String reference,
      Instant now) {
    return vulnerability.names().contains(exception.vulnerability())
        && now.isBefore(exception.expires())
        && (exception.images().isEmpty()
            || exception.images().stream().anyMatch(pattern -> pattern.matches(reference)));
  }

  private static String words(KnownImage.Vulnerability vulnerability) {
    return vulnerability.names().getFirst()
        + " ("
        + lower(vulnerability.severity().name())
        + ") in "
        + vulnerability.purl()
        + (vulnerability.fixed().isEmpty() ? "" : ", fixed in " + vulnerability.fixed());
  }

  private static String list(List<ImagePattern> patterns) {
    return patterns.stream().map(ImagePattern::toString).collect(Collectors.joining(", "));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}

package io.bulwark.cluster.image.policy;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.image.vulnerability.Severity;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a VulnerabilityReport says of an image. Immutable.
 *
 * @param digest of the manifest; empty if the image has none
 * @param architecture that was looked at, where the image's index has others; else empty
 * @param base the base image's reference or digest; empty if it cannot be told
 * @param created null if the image does not say
 * @param verified fingerprints of the signature requirements that the image satisfies
 */
public record KnownImage(
    String digest,
    String architecture,
    String base,
    @Nullable Instant created,
    Set<String> verified,
    List<Vulnerability> vulnerabilities) {

  /**
   * @param names the identifier first, then aliases
   * @param fixed empty if no version mends it
   */
  public record Vulnerability(List<String> names, Severity severity, String purl, String fixed) {
    public Vulnerability {
      names = List.copyOf(names);
    }
  }

  /** Copies the collections. */
  public KnownImage {
    verified = Set.copyOf(verified);
    vulnerabilities = List.copyOf(vulnerabilities);
  }

  /**
   * @param report a VulnerabilityReport
   */
  public static KnownImage of(Tree report) {
    Tree content = report.treeOrEmpty("report");
    List<Vulnerability> vulnerabilities = new ArrayList<>();
    for (Tree finding : content.trees("findings")) {
      List<String> names = new ArrayList<>();
      names.add(finding.textOrEmpty("id"));
      names.addAll(finding.texts("aliases"));
      vulnerabilities.add(
          new Vulnerability(
              names,
              severity(finding.textOrEmpty("severity")),
              finding.textOrEmpty("component"),
              finding.textOrEmpty("fixedVersion")));
    }
    return new KnownImage(
        content.textOrEmpty("digest"),
        content.textOrEmpty("architecture"),
        content.textOrEmpty("base"),
        instant(content.textOrEmpty("created")),
        new LinkedHashSet<>(content.texts("verified")),
        vulnerabilities);
  }

  static Severity severity(String text) {
    for (Severity severity : Severity.values()) {
      if (severity.name().equals(text.toUpperCase(Locale.ROOT))) {
        return severity;
      }
    }
    return Severity.UNKNOWN;
  }

  private static @Nullable Instant instant(String text) {
    try {
      return text.isEmpty() ? null : Instant.parse(text);
    } catch (DateTimeException foreign) {
      return null;
    }
  }
}

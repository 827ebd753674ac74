package io.bulwark.cluster.image.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The forms of a report. All write UTF-8, and the same bytes for the same report. */
public enum ReportFormat {
  /** For a terminal of 100 columns. */
  TABLE,
  /** Bulwark's own, for scripts. */
  JSON,
  /** CycloneDX 1.6. */
  CYCLONEDX,
  /** SPDX 2.3. */
  SPDX,
  /** SARIF 2.1.0. */
  SARIF;

  /** The format of this name, as {@code --format} takes it; empty if there is none. */
  public static Optional<ReportFormat> named(String name) {
    return Arrays.stream(values()).filter(format -> format.text().equals(name)).findFirst();
  }

  /** The names of all formats. */
  public static List<String> names() {
    return Arrays.stream(values()).map(ReportFormat::text).toList();
  }

  /** As {@code --format} takes it: lower case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The report in this format, ending in a line feed. */
  public byte[] write(Report report) {
    return switch (this) {
      case TABLE -> TableReport.write(report);
      case JSON -> JsonReport.write(report);
      case CYCLONEDX -> CycloneDxReport.write(report);
      case SPDX -> SpdxReport.write(report);
      case SARIF -> SarifReport.write(report);
    };
  }
}

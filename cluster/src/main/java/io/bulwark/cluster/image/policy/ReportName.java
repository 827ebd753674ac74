package io.bulwark.cluster.image.policy;

import io.bulwark.cluster.platform.Sha256;
import java.util.HexFormat;
import java.util.Locale;

/** The name under which a namespace keeps the VulnerabilityReport of an image. */
public final class ReportName {
  private static final int READABLE = 40;

  private ReportName() {}

  /**
   * The last part of the repository, then a digest of the whole reference.
   *
   * @param reference with registry and tag or digest
   */
  public static String of(String reference) {
    String last = reference.substring(reference.lastIndexOf('/') + 1);
    String plain = last.split("[:@]", 2)[0].toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    plain = plain.replaceAll("^-+|-+$", "");
    String readable = plain.length() > READABLE ? plain.substring(0, READABLE) : plain;
    return readable.replaceAll("-+$", "")
        + "-"
        + HexFormat.of().formatHex(Sha256.of(reference), 0, 8);
  }
}

package io.bulwark.cluster.image.inspect;

import io.bulwark.cluster.image.inventory.Distribution;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Until when a release of a distribution gets security updates, as its makers said when this
 * version of Bulwark was made.
 */
public final class SupportEnds {
  private static final String TABLE = "support-ends.tsv";
  private static final Map<String, LocalDate> ENDS = read();

  private SupportEnds() {}

  /** The last day, or null if the table does not know the release. */
  public static @Nullable LocalDate of(Distribution distribution) {
    String version = distribution.version();
    LocalDate exact = ENDS.get(distribution.id() + " " + version);
    if (exact != null) {
      return exact;
    }
    String[] parts = version.split("\\.");
    LocalDate minor =
        parts.length > 2 ? ENDS.get(distribution.id() + " " + parts[0] + "." + parts[1]) : null;
    return minor != null ? minor : ENDS.get(distribution.id() + " " + parts[0]);
  }

  private static Map<String, LocalDate> read() {
    try (InputStream in = SupportEnds.class.getResourceAsStream(TABLE)) {
      if (in == null) {
        throw new IllegalStateException(TABLE + " is missing from the class path");
      }
      Map<String, LocalDate> ends = new HashMap<>();
      new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t"))
          .forEach(row -> ends.put(row[0] + " " + row[1], LocalDate.parse(row[2])));
      return Map.copyOf(ends);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}

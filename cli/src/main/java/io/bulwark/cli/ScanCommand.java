package io.bulwark.cli;

import io.bulwark.cluster.image.inventory.Inventory;
import io.bulwark.cluster.image.inventory.assembly.InventoryReader;
import io.bulwark.cluster.image.inventory.assembly.LayerCache;
import io.bulwark.cluster.image.inventory.language.ArchiveDigests;
import io.bulwark.cluster.image.inventory.language.Coordinates;
import io.bulwark.cluster.image.inventory.language.SortedArchiveDigests;
import io.bulwark.cluster.image.report.Report;
import io.bulwark.cluster.image.report.ReportFormat;
import io.bulwark.cluster.image.vulnerability.Finding;
import io.bulwark.cluster.image.vulnerability.Matcher;
import io.bulwark.cluster.image.vulnerability.Severity;
import io.bulwark.cluster.image.vulnerability.VulnerabilityDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an image holds and what is known against it. Needs no cluster and no root. */
@Command(
    name = "scan",
    description = {
      "List the software in an image, layer by layer, and its known vulnerabilities.",
      "",
      "IMAGE is a path or a name: an archive (OCI layout or docker save; plain, gzip or zstd), "
          + "an OCI layout directory, the directory of an unpacked root file system, or else a "
          + "reference such as debian:12, looked up in this machine's node first and then in its "
          + "registry.",
      "",
      "Vulnerabilities come from data that was imported with: bulwark vulndb import PATH..."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Clean, or no finding as severe as --fail-on.",
      "1:Error; one line on standard error says which.",
      "3:Findings at least as severe as --fail-on."
    })
final class ScanCommand implements Callable<Integer> {
  private static final int FOUND = 3;
  private static final int MOST_CACHED = 4_000;

  @Parameters(paramLabel = "IMAGE", description = "REF, ARCHIVE or ROOTFS_DIR; see above.")
  private String image = "";

  @Option(
      names = "--db",
      paramLabel = "DIR",
      description =
          "Where vulnerability data was imported (default: vulndb/ in the data directory). Where "
              + "nothing was imported and neither --db nor --fail-on is given, only components "
              + "are listed.")
  private @Nullable Path database;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "table, json, cyclonedx, spdx or sarif (default: table).")
  private String format = "table";

  @Option(
      names = "--fail-on",
      paramLabel = "SEVERITY",
      description = "End with 3 on findings of: low, medium, high, critical, or worse.")
  private @Nullable String failOn;

  @Option(names = "--output", paramLabel = "FILE", description = "Write the report there.")
  private @Nullable Path output;

  @Mixin private ScanSources sources = new ScanSources();

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description =
          "What layers hold is kept there, so that each is read once (default: bulwark/ in "
              + "XDG_CACHE_HOME or ~/.cache).")
  private @Nullable Path cache;

  @Option(
      names = "--archive-digests",
      paramLabel = "FILE",
      description =
          "Lines of SHA-1 and group:artifact:version, sorted as LC_ALL=C sort -u does: names Java "
              + "archives that carry no metadata. The same lines may be imported instead: vulndb import.")
  private @Nullable Path archiveDigests;

  @Option(names = "--no-cache", description = "Read every layer anew.")
  private boolean uncached;

  @Override
  public Integer call() throws Exception {
    ReportFormat form =
        ReportFormat.named(format.toLowerCase(Locale.ROOT))
            .orElseThrow(
                () ->
                    new Refusal(
                        "--format is one of %s, not %s"
                            .formatted(String.join(", ", ReportFormat.names()), format)));
    Severity limit = failOn == null ? null : severity(failOn);
    try (VulnerabilityDatabase data = data();
        SortedArchiveDigests digests =
            archiveDigests == null ? null : SortedArchiveDigests.open(archiveDigests)) {
      Inventory inventory = reader(digests, data).read(sources.find(image));
      List<Finding> findings = data == null ? List.of() : new Matcher(data).findings(inventory);
      Report report =
          new Report(inventory, findings, Instant.now(), UUID.randomUUID(), Bulwark.VERSION);
      if (data == null) {
        System.err.println(
            "bulwark: no vulnerability data, so only components are listed; import some with: "
                + "bulwark vulndb import PATH...");
      }
      write(form.write(report));
      boolean failed =
          limit != null && findings.stream().anyMatch(one -> one.severity().compareTo(limit) >= 0);
      return failed ? FOUND : 0;
    } catch (NoSuchFileException missing) {
      String why = missing.getReason() == null ? missing.getMessage() : missing.getReason();
      throw new Refusal(String.valueOf(why));
    }
  }

  private @Nullable VulnerabilityDatabase data() throws IOException {
    if (database != null) {
      return VulnerabilityDatabase.open(database);
    }
    if (sources.data().known() == null && failOn == null) {
      return null;
    }
    Path usual = VulnerabilityDatabase.below(sources.data().path());
    if (Files.exists(usual) || failOn != null) {
      return VulnerabilityDatabase.open(usual);
    }
    return null;
  }

  /** The file that was given knows archives before the data does. */
  private InventoryReader reader(
      @Nullable SortedArchiveDigests digests, @Nullable VulnerabilityDatabase data) {
    String imported = data == null ? "" : data.archivesVersion();
    if (data == null || imported.isEmpty()) {
      return digests == null
          ? InventoryReader.withAll(layers(""))
          : InventoryReader.withAll(layers(digests.version()), digests);
    }
    ArchiveDigests known = data.archives();
    if (digests == null) {
      return InventoryReader.withAll(layers(imported), known);
    }
    return InventoryReader.withAll(
        layers(digests.version() + "-" + imported),
        sha1 -> {
          Coordinates given = digests.find(sha1);
          return given == null ? known.find(sha1) : given;
        });
  }

  private @Nullable LayerCache layers(String variant) {
    if (uncached) {
      return null;
    }
    Path directory = cache;
    if (directory == null) {
      String given = System.getenv("XDG_CACHE_HOME");
      Path home = DataDirectory.home();
      if (given != null && !given.isBlank()) {
        directory = Path.of(given, "bulwark");
      } else if (home != null) {
        directory = home.resolve(".cache/bulwark");
      } else {
        return null;
      }
    }
    return new LayerCache(directory, MOST_CACHED, variant);
  }

  private void write(byte[] report) throws IOException {
    if (output == null) {
      System.out.write(report);
      System.out.flush();
      if (System.out.checkError()) {
        throw new Refusal("cannot write the report to standard output");
      }
    } else {
      if (Files.notExists(output.toAbsolutePath().resolveSibling("."))) {
        throw new Refusal("cannot write " + output + ": there is no such directory");
      }
      Files.write(output, report);
    }
  }

  private static Severity severity(String name) {
    return Arrays.stream(Severity.values())
        .filter(one -> one.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new Refusal(
                    "--fail-on is one of %s, not %s"
                        .formatted(
                            Arrays.stream(Severity.values())
                                .map(one -> one.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", ")),
                            name)));
  }
}

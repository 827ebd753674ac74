package io.bulwark.cluster.image.inventory.system;

import io.bulwark.cluster.image.fuzz.Target;
import io.bulwark.cluster.image.inventory.Cataloger;
import io.bulwark.cluster.image.inventory.Distribution;
import io.bulwark.cluster.image.inventory.ImageFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The parsers of package databases, for the fuzzer. */
public final class SystemTargets {
  private static final Distribution DEBIAN = new Distribution("debian", "12", "Debian 12");

  private SystemTargets() {}

  public static List<Target> all() throws Exception {
    byte[] small = RpmFiles.header("bash", "5.2", "1.el9", 1, 4);
    List<byte[]> headers = List.of(small, RpmFiles.header("large", "1", "2", 0, 5_000));
    Cataloger rpm = new RpmCataloger();
    return List.of(
        Target.text(
            "dpkg",
            List.of(
                "Package: a\nStatus: install ok installed\nArchitecture: all\nVersion: 1:2-3\n"
                    + "Source: b (4)\nDescription: x\n more\n\nPackage: c\nVersion: 1\n",
                "Package: gone\nStatus: deinstall ok config-files\nVersion: 2\n\n"),
            List.of("Package: ", "Version: ", "Source: ", "Status: ", "\n\n", "\n ", ":", "(", ")"),
            input -> catalog(new DpkgCataloger(), input)),
        Target.text(
            "apk",
            List.of("C:Q1x\nP:a\nV:1-r0\nA:x86_64\no:b\n\nP:c\nV:2\n\n"),
            List.of("P:", "V:", "A:", "o:", "\n\n", "\n", ":"),
            input -> catalog(new ApkCataloger(), input)),
        Target.binary("rpm-sqlite", input -> catalog(rpm, input), sqlite(headers)),
        Target.binary("rpm-ndb", input -> catalog(rpm, input), RpmFiles.ndb(List.of(small))),
        Target.binary(
            "rpm-berkeley",
            input -> catalog(rpm, input),
            RpmFiles.berkeley(headers, ByteOrder.LITTLE_ENDIAN),
            RpmFiles.berkeley(headers, ByteOrder.BIG_ENDIAN)),
        Target.binary("rpm-header", RpmHeader::parse, small));
  }

  private static byte[] sqlite(List<byte[]> headers) throws Exception {
    Path file = Files.createTempFile("fuzz", ".sqlite");
    try {
      return RpmFiles.sqlite(file, headers);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static void catalog(Cataloger cataloger, byte[] input) throws IOException {
    cataloger.catalog(new Bytes(input));
  }

  private record Bytes(byte[] content) implements ImageFile {
    @Override
    public String path() {
      return "/database";
    }

    @Override
    public long size() {
      return content.length;
    }

    @Override
    public boolean executable() {
      return false;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(content);
    }

    @Override
    public Distribution distribution() {
      return DEBIAN;
    }
  }
}

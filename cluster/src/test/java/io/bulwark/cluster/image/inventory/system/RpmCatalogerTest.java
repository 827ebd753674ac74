package io.bulwark.cluster.image.inventory.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Component.SourcePackage;
import io.bulwark.cluster.image.inventory.Distribution;
import io.bulwark.cluster.image.inventory.ImageFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RpmCatalogerTest {
  @TempDir Path temporary;

  private enum Form {
    SQLITE,
    NDB,
    BERKELEY_LITTLE,
    BERKELEY_BIG
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void everyFormShowsTheSamePackages(Form form) throws Exception {
    List<byte[]> headers = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      int size = i % 7 == 0 ? 70_000 : i % 3 == 0 ? 5_000 : 40;
      headers.add(RpmFiles.header("package" + i, "1." + i, "2.el9", i % 5, size));
      expected.add("package" + i + " " + (i % 5 == 0 ? "" : i % 5 + ":") + "1." + i + "-2.el9");
    }
    headers.add(RpmFiles.header("gpg-pubkey", "fd431d51", "4ae0493b", 0, 10));
    headers.add(RpmFiles.header("\u000c", "1", "1", 0, 10));
    List<Component> found = read(database(form, headers));
    assertEquals(
        expected.stream().sorted().toList(),
        found.stream().map(one -> one.name() + " " + one.version()).sorted().toList());
    Component one =
        found.stream().filter(all -> all.name().equals("package1")).findFirst().orElseThrow();
    assertEquals("Red Hat:9", one.ecosystem());
    assertEquals(new SourcePackage("package1", "1:1.1-2.el9"), one.source());
    assertEquals(
        "pkg:rpm/redhat/package1@1.1-2.el9?arch=x86_64&distro=rhel-9.4&epoch=1"
            + "&upstream=package1-1.1-2.el9.src.rpm",
        one.purl());
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void damageEndsInAFailureAndNeverInAnythingElse(Form form) throws Exception {
    List<byte[]> headers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      headers.add(RpmFiles.header("package" + i, "1", "1", 0, i % 2 == 0 ? 9_000 : 40));
    }
    byte[] whole = database(form, headers);
    Random random = new Random(7);
    int failures = 0;
    for (int round = 0; round < 2_000; round++) {
      byte[] damaged =
          round % 3 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
      for (int i = 0; i < 1 + round % 40 && damaged.length > 0; i++) {
        int range = i % 2 == 0 ? damaged.length : Math.min(600, damaged.length);
        damaged[random.nextInt(range)] = (byte) random.nextInt(256);
      }
      try {
        read(damaged);
      } catch (IOException refused) {
        failures++;
      }
    }
    assertTrue(failures > 100, "only " + failures + " of 2000 were noticed");
  }

  @Test
  void rowsThatAllPointAtTheSamePlaceAreRefused() throws Exception {
    byte[] header = RpmFiles.header("bash", "5", "1", 0, 1_500);
    byte[] database = RpmFiles.sqlite(temporary.resolve("rpmdb.sqlite"), List.of(header));
    assertEquals(1, read(database).size());
    ByteBuffer page = ByteBuffer.wrap(database);
    int leaf = 4096;
    assertEquals(13, page.get(leaf));
    assertEquals(1, page.getShort(leaf + 3));
    page.putShort(leaf + 3, (short) 900);
    for (int cell = 1; cell < 900; cell++) {
      page.putShort(leaf + 8 + 2 * cell, page.getShort(leaf + 8));
    }
    IOException refused = assertThrows(IOException.class, () -> read(database));
    assertEquals("an SQLite file whose rows overlap", refused.getMessage());
  }

  @Test
  void whatIsNoDatabaseSaysSo() {
    assertThrows(IOException.class, () -> read(new byte[5_000]));
  }

  private byte[] database(Form form, List<byte[]> headers) throws Exception {
    return switch (form) {
      case SQLITE -> RpmFiles.sqlite(temporary.resolve("rpmdb.sqlite"), headers);
      case NDB -> RpmFiles.ndb(headers);
      case BERKELEY_LITTLE -> RpmFiles.berkeley(headers, ByteOrder.LITTLE_ENDIAN);
      case BERKELEY_BIG -> RpmFiles.berkeley(headers, ByteOrder.BIG_ENDIAN);
    };
  }

  private static List<Component> read(byte[] database) throws IOException {
    return new RpmCataloger()
        .catalog(
            new ImageFile() {
              @Override
              public String path() {
                return "/var/lib/rpm/Packages";
              }

              @Override
              public long size() {
                return database.length;
              }

              @Override
              public boolean executable() {
                return false;
              }

              @Override
              public InputStream open() {
                return new ByteArrayInputStream(database);
              }

              @Override
              public Distribution distribution() {
                return new Distribution("rhel", "9.4", "RHEL");
              }
            });
  }
}

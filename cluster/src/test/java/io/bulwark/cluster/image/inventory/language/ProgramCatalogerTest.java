package io.bulwark.cluster.image.inventory.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramCatalogerTest {
  private static final String MODULES =
      """
      path\texample.org/tool/cmd
      mod\texample.org/tool\t(devel)\t
      dep\tgithub.com/a/b\tv1.2.3\th1:x=
      dep\tgithub.com/c/d\tv0.0.0
      =>\tgithub.com/e/f/v2\tv2.0.1\th1:y=
      dep\tgithub.com/g/h\tv1.0.0
      =>\t./local\t(devel)
      build\t-ldflags="-s -w -X 'example.org/tool/internal.Version=1.4.2-rc.1'"
      """;
  private static final List<String> EXPECTED =
      List.of(
          "stdlib 1.22.3",
          "github.com/a/b v1.2.3",
          "github.com/e/f/v2 v2.0.1",
          "example.org/tool v1.4.2-rc.1");

  private final ProgramCataloger cataloger = new ProgramCataloger();

  private List<String> found(byte[] program) throws IOException {
    return new MemoryFile("/usr/local/bin/tool", program).found(cataloger);
  }

  @Test
  void readsGoModulesInBothFormsAndEveryFormat() throws IOException {
    ByteOrder little = ByteOrder.LITTLE_ENDIAN;
    byte[] inline = Programs.inline("go1.22.3", MODULES);
    assertEquals(EXPECTED, found(Programs.elf(little, true, ".go.buildinfo", inline)));
    assertEquals(EXPECTED, found(Programs.pe(".data", inline)));
    assertEquals(EXPECTED, found(Programs.mach("__go_buildinfo", inline)));
    for (ByteOrder order : List.of(little, ByteOrder.BIG_ENDIAN)) {
      for (boolean wide : new boolean[] {true, false}) {
        byte[] pointers = Programs.pointers(order, wide, "go1.22.3", MODULES);
        assertEquals(EXPECTED, found(Programs.elf(order, wide, ".go.buildinfo", pointers)));
      }
    }
  }

  @Test
  void writesGosReleasesAsAdvisoriesDo() throws IOException {
    for (String[] each :
        new String[][] {
          {"go1.18", "stdlib 1.18.0"},
          {"go1.21rc2", "stdlib 1.21.0-rc.2"},
          {"go1.24.4 X:boringcrypto", "stdlib 1.24.4"}
        }) {
      byte[] program =
          Programs.elf(
              ByteOrder.LITTLE_ENDIAN, true, ".go.buildinfo", Programs.inline(each[0], "\n"));
      assertEquals(List.of(each[1]), found(program));
    }
  }

  @Test
  void readsWhatCargoAuditableWrites() throws IOException {
    String json =
        """
        {"packages":[{"name":"app","version":"0.1.0","source":"local","root":true},
        {"name":"time","version":"0.1.43","source":"crates.io","dependencies":[0]},
        {"name":"cc","version":"1.0.0","source":"crates.io","kind":"build"}]}
        """;
    byte[] program = Programs.elf(ByteOrder.LITTLE_ENDIAN, true, ".dep-v0", Programs.audit(json));
    assertEquals(List.of("app 0.1.0", "time 0.1.43"), found(program));
  }

  @Test
  void readsCargosLockFile() throws IOException {
    String lock =
        """
        version = 3

        [[package]]
        name = "app"
        version = "0.1.0"

        [[package]]
        name = "time"
        version = "0.1.43"
        source = "registry+https://example.org/index"
        dependencies = [
         "libc",
        ]
        """;
    assertEquals(
        List.of("time 0.1.43"),
        MemoryFile.of("/src/Cargo.lock", lock).found(new CargoLockCataloger()));
  }

  @Test
  void aModuleThatHasNoProperPathHidesNoOther() throws IOException {
    String modules =
        "path\tt\ndep\tg.com//v2\tv1.0.0\ndep\tg.com/a/\tv1.0.0\ndep\tg.com/../b\tv1.0.0\n"
            + "dep\t/g.com/c\tv1.0.0\ndep\tg.com/d\tv1.2.3\n";
    byte[] program =
        Programs.elf(
            ByteOrder.LITTLE_ENDIAN, true, ".go.buildinfo", Programs.inline("go1.22.3", modules));
    assertEquals(List.of("stdlib 1.22.3", "g.com/d v1.2.3"), found(program));
  }

  @Test
  void findsNothingInOtherFilesAndRefusesBrokenOnes() throws IOException {
    assertEquals(List.of(), found(new byte[200]));
    assertEquals(List.of(), found(new byte[3]));
    assertEquals(
        List.of(), found(Programs.elf(ByteOrder.LITTLE_ENDIAN, true, ".text", new byte[64])));
    byte[] whole =
        Programs.elf(
            ByteOrder.LITTLE_ENDIAN, true, ".go.buildinfo", Programs.inline("go1.22.3", MODULES));
    assertThrows(IOException.class, () -> found(Arrays.copyOf(whole, 100)));
  }

  @Test
  void looksOnlyAtWhatMayBeAProgram() {
    assertTrue(cataloger.reads("/usr/bin/kubectl"));
    assertTrue(cataloger.reads("/opt/kubectl.1.33"));
    assertTrue(cataloger.reads("/lib/x/_rust.abi3.so"));
    assertFalse(cataloger.reads("/etc/passwd"));
    assertFalse(cataloger.reads("/app/index.js"));
    assertFalse(cataloger.reads("/root/.profile"));
  }
}

package io.bulwark.cluster.image.inventory.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.cluster.image.inventory.Component;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class NpmTest {
  @Test
  void readsOnlyThePackageFileAtTheTopOfAPackage() throws IOException {
    NpmPackageCataloger cataloger = new NpmPackageCataloger();
    assertTrue(cataloger.reads("/app/node_modules/@a/b/package.json"));
    assertTrue(cataloger.reads("/a/node_modules/.pnpm/x@1/node_modules/x/package.json"));
    assertFalse(cataloger.reads("/app/node_modules/b/esm/package.json"));
    assertFalse(cataloger.reads("/app/node_modules/@a/package.json"));
    assertFalse(cataloger.reads("/app/package.json"));
    List<Component> found =
        cataloger.catalog(
            MemoryFile.of(
                "/app/node_modules/@a/b/package.json",
                "\ufeff{\"version\":\"1.0.0\",\"deep\":{\"name\":\"no\"},\"name\":\"@a/b\"}"));
    assertEquals("@a/b 1.0.0", MemoryFile.text(found.getFirst()));
    assertEquals("pkg:npm/%40a/b@1.0.0", found.getFirst().purl());
    assertEquals(
        List.of("v 1.2.3"),
        MemoryFile.of("/node_modules/v/package.json", "{\"name\":\"v\",\"version\":\"v1.2.3\"}")
            .found(cataloger));
  }

  @Test
  void passesOverPackagesWithoutAProperNameOrVersion() throws IOException {
    NpmPackageCataloger cataloger = new NpmPackageCataloger();
    for (String json :
        List.of(
            "{}",
            "[]",
            "{\"name\":\"a\"}",
            "{\"name\":\"a/b\",\"version\":\"1\"}",
            "{\"name\":\"a\",\"version\":\"latest\"}",
            "{\"name\":{},\"version\":\"1\"}",
            "{\"name\":\"\\u0000\",\"version\":\"1\"}")) {
      assertEquals(
          List.of(), MemoryFile.of("/node_modules/a/package.json", json).found(cataloger), json);
    }
    assertThrows(
        IOException.class,
        () -> MemoryFile.of("/node_modules/a/package.json", "{\"name\"").found(cataloger));
  }

  @Test
  void readsLockFilesByDirectory() throws IOException {
    String lock =
        """
        {"lockfileVersion": 2, "dependencies": {"old": {"version": "9.9.9"}},
         "packages": {
          "": {"name": "app", "version": "1.0.0"},
          "node_modules/a": {"version": "1.1.1"},
          "node_modules/a/node_modules/@s/b": {"version": "2.0.0"},
          "node_modules/alias": {"name": "real", "version": "3.0.0"},
          "node_modules/dev": {"version": "4.0.0", "dev": true},
          "node_modules/link": {"resolved": "packages/x", "link": true},
          "packages/x": {"version": "5.0.0"}}}
        """;
    assertEquals(
        List.of("a 1.1.1", "@s/b 2.0.0", "real 3.0.0"),
        MemoryFile.of("/app/package-lock.json", lock).found(new NpmLockCataloger()));
  }

  @Test
  void readsLockFilesOfTheFirstVersion() throws IOException {
    String lock =
        """
        {"lockfileVersion": 1, "dependencies": {
          "a": {"version": "1.1.1", "dependencies": {"b": {"version": "2.0.0"}}},
          "alias": {"version": "npm:@s/real@3.0.0"},
          "git": {"version": "git+https://example.org/x.git#abc"},
          "dev": {"version": "4.0.0", "dev": true}}}
        """;
    assertEquals(
        List.of("b 2.0.0", "a 1.1.1", "@s/real 3.0.0"),
        MemoryFile.of("/app/npm-shrinkwrap.json", lock).found(new NpmLockCataloger()));
  }

  @Test
  void readsBothFormsOfYarn() throws IOException {
    String old =
        """
        # yarn lockfile v1


        "@s/a@^7.0.0", "@s/a@^7.1.0":
          version "7.1.2"
          resolved "https://example.org/a.tgz#0"
          dependencies:
            version "not this"

        alias@npm:real@^1.0.0:
          version "1.5.0"
        """;
    assertEquals(
        List.of("@s/a 7.1.2", "real 1.5.0"),
        MemoryFile.of("/app/yarn.lock", old).found(new YarnLockCataloger()));
    String berry =
        """
        __metadata:
          version: 6

        "@s/a@npm:^7.0.0, @s/a@npm:^7.1.0":
          version: 7.1.2
          resolution: "@s/a@npm:7.1.2"

        "app@workspace:.":
          version: 0.0.0-use.local
          resolution: "app@workspace:."
        """;
    assertEquals(
        List.of("@s/a 7.1.2"),
        MemoryFile.of("/app/yarn.lock", berry).found(new YarnLockCataloger()));
  }

  @Test
  void readsAllFormsOfPnpm() throws IOException {
    String lock =
        """
        lockfileVersion: '9.0'

        importers:
          .:
            dependencies: {}

        packages:

          /@s/five/5.0.0_react@17.0.2:
            dev: false
          /five/5.0.1:
            dev: true
          /@s/six@6.0.0(react@18.2.0):
            resolution: {integrity: sha512-x}
          '@s/nine@9.0.0':
            engines: {node: '>=6'}
          nine@9.1.0:
            resolution: {integrity: sha512-x}
          file:../local:
            resolution: {directory: ../local}

        snapshots:

          other@1.0.0: {}
        """;
    assertEquals(
        List.of("@s/five 5.0.0", "@s/six 6.0.0", "@s/nine 9.0.0", "nine 9.1.0"),
        MemoryFile.of("/app/pnpm-lock.yaml", lock).found(new PnpmLockCataloger()));
    assertEquals(
        List.of("@s/five 5.0.0"),
        MemoryFile.of(
                "/app/pnpm-lock.yaml", "packages:\n\n  /@s/five/5.0.0_react:\n    dev: false\n")
            .found(new PnpmLockCataloger()));
  }

  @Test
  void leavesLockFilesOfInstalledPackagesAlone() {
    assertFalse(new NpmLockCataloger().reads("/app/node_modules/a/package-lock.json"));
    assertFalse(new YarnLockCataloger().reads("/app/node_modules/a/yarn.lock"));
    assertFalse(new PnpmLockCataloger().reads("/app/node_modules/a/pnpm-lock.yaml"));
  }
}

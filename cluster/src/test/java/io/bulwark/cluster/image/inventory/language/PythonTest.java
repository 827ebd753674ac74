package io.bulwark.cluster.image.inventory.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bulwark.cluster.image.inventory.Component;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PythonTest {
  private final PythonCataloger cataloger = new PythonCataloger();

  @Test
  void readsHeadersOfInstalledMetadata() throws IOException {
    String metadata =
        "Metadata-Version: 2.1\r\nName: Zope.Interface_x\r\nSummary: Name: no\r\n Version: 9\r\n"
            + "Version: 5.4.0\r\n\r\nName: not this\r\n";
    List<Component> found =
        cataloger.catalog(MemoryFile.of("/site/zope.dist-info/METADATA", metadata));
    assertEquals("zope-interface-x 5.4.0", MemoryFile.text(found.getFirst()));
    assertEquals("pkg:pypi/zope-interface-x@5.4.0", found.getFirst().purl());
    for (String path :
        List.of("/s/a.egg-info/PKG-INFO", "/s/a.egg/EGG-INFO/PKG-INFO", "/s/a.egg-info")) {
      assertEquals(
          List.of("a 1!2.0+local"),
          MemoryFile.of(path, "Name: a\nVersion: 1!2.0+local\n").found(cataloger));
    }
  }

  @Test
  void passesOverMetadataWithoutNameOrVersion() throws IOException {
    for (String text :
        List.of(
            "",
            "\nName: a\nVersion: 1\n",
            "Name: a\n",
            "Name: -a\nVersion: 1\n",
            "Name: a\nVersion: UNKNOWN\n")) {
      assertEquals(
          List.of(), MemoryFile.of("/s/a.dist-info/METADATA", text).found(cataloger), text);
    }
  }

  @Test
  void takesExactPinsOfRequirementsOnly() throws IOException {
    String requirements =
        """
        # comment
        Flask==2.0.1
        requests[security]==2.26.0 ; python_version >= "3.6"
        urllib3 == 1.26.6 --hash=sha256:00
        range>=1.0
        wild==1.*
        two==1.0,!=1.1
        -r other.txt
        plain
        last==3.0  # why
        """;
    assertEquals(
        List.of("flask 2.0.1", "requests 2.26.0", "urllib3 1.26.6", "last 3.0"),
        MemoryFile.of("/app/requirements.txt", requirements).found(new RequirementsCataloger()));
  }

  @Test
  void readsEggsThatAreImportedWithoutBeingUnpacked() throws IOException {
    byte[] egg =
        Archives.begin()
            .file("a/__init__.py", "")
            .file("EGG-INFO/PKG-INFO", "Metadata-Version: 1.0\nName: a\nVersion: 4.0\n")
            .bytes();
    assertEquals(List.of("a 4.0"), new MemoryFile("/site/a-4.0-py3.11.egg", egg).found(cataloger));
    assertThrows(IOException.class, () -> MemoryFile.of("/site/b.egg", "noise").found(cataloger));
  }
}

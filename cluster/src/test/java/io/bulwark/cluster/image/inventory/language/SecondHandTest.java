package io.bulwark.cluster.image.inventory.language;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Component.Kind;
import io.bulwark.cluster.image.inventory.Inventory.Located;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecondHandTest {
  private static Located at(String ecosystem, String name, String path, Kind kind) {
    return new Located(new Component(name, "1", ecosystem, "pkg:x/y", path, null, kind), 0);
  }

  private static Located library(String ecosystem, String name, String path) {
    return at(ecosystem, name, path, Kind.LIBRARY);
  }

  @Test
  void whatIsInstalledStandsForWhatIsDeclared() {
    Located installed = library("npm", "a", "/app/node_modules/a/package.json");
    Located elsewhere = library("npm", "b", "/other/yarn.lock");
    Located wheel = library("PyPI", "flask", "/v/lib/flask.dist-info/METADATA");
    Located pinned = library("PyPI", "jinja2", "/app/requirements.txt");
    assertEquals(
        List.of(installed, elsewhere, wheel, pinned),
        SecondHand.without(
            List.of(
                installed,
                library("npm", "b", "/app/package-lock.json"),
                elsewhere,
                wheel,
                library("PyPI", "flask", "/app/requirements.txt"),
                pinned)));
  }

  @Test
  void debiansPackagesStandForTheLibrariesInThem() {
    Located bash = at("Debian:12", "bash", "/var/lib/dpkg/status", Kind.DISTRIBUTION);
    Located pip = library("PyPI", "a", "/usr/local/lib/python3.11/a.dist-info/METADATA");
    Located owned = library("PyPI", "b", "/usr/lib/python3/dist-packages/b.egg-info");
    Located jar = library("Maven", "g:a", "/usr/share/java/a-1.jar");
    assertEquals(List.of(bash, pip), SecondHand.without(List.of(bash, pip, owned, jar)));
    assertEquals(List.of(pip, owned, jar), SecondHand.without(List.of(pip, owned, jar)));
  }
}

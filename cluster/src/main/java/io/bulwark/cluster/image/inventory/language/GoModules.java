package io.bulwark.cluster.image.inventory.language;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Found;
import java.io.IOException;
import java.util.List;

/** The modules that a Go program was built from, its own and the standard library among them. */
final class GoModules {
  private static final String UNVERSIONED = "(devel)";
  private static final Pattern RELEASE =
      Pattern.compile("go([0-9]+)\\.([0-9]+)(?:\\.([0-9]+))?(?:(rc|beta|alpha)([0-9]+))?.*");
  private static final Pattern LINKED =
      Pattern.compile(
          "-X[ =]['\"]?[^ ='\"]*[vV]ersion=v?([0-9]+\\.[0-9]+\\.[0-9]+[0-9A-Za-z.+-]*)");

  private final String path;
  private final Found found = new Found();

  private GoModules(String path) {
    this.path = path;
  }

  static List<Component> of(GoBuildInformation information, String path) throws IOException {
    GoModules modules = new GoModules(path);
    modules.standardLibrary(information.go());
    modules.lines(information.modules());
    return modules.found.list();
  }

  private void standardLibrary(String go) {
    Matcher release = RELEASE.matcher(go);
    if (release.matches()) {
      String version =
          release.group(1)
              + "."
              + release.group(2)
              + "."
              + (release.group(3) == null ? "0" : release.group(3))
              + (release.group(4) == null ? "" : "-" + release.group(4) + "." + release.group(5));
      add("stdlib", version);
    }
  }

  private void lines(String text) {
    String name = "";
    String version = "";
    String main = "";
    String linked = "";
    for (String line : text.split("\n", -1)) {
      String[] columns = line.split("\t", -1);
      switch (columns[0]) {
        case "mod" -> {
          main = columns.length > 1 ? columns[1] : "";
          name = main;
          version = columns.length > 2 ? columns[2] : "";
        }
        case "dep" -> {
          module(name, version);
          name = columns.length > 1 ? columns[1] : "";
          version = columns.length > 2 ? columns[2] : "";
        }
        case "=>" -> {
          name = columns.length > 1 ? columns[1] : "";
          version = columns.length > 2 ? columns[2] : "";
        }
        case "build" -> {
          Matcher flag = LINKED.matcher(line);
          linked = linked.isEmpty() && flag.find() ? "v" + flag.group(1) : linked;
        }
        default -> {}
      }
    }
    module(name, version);
    if (!main.isEmpty() && !found.names(main)) {
      add(main, linked.isEmpty() ? UNVERSIONED : linked);
    }
  }

  /** Replaced by a directory, a module has no version, and nothing can be told of it. */
  private void module(String name, String version) {
    if (!version.isEmpty() && !version.equals(UNVERSIONED) && !name.startsWith(".")) {
      add(name, version);
    }
  }

  private void add(String name, String version) {
    if (Words.path(name) && Words.plain(version)) {
      found.add(
          new Component(
              name,
              version,
              "Go",
              Purls.slashed("golang", name, version),
              path,
              null,
              Component.Kind.LIBRARY));
    }
  }
}

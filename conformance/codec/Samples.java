import io.bulwark.api.codec.Json;
import io.bulwark.api.codec.Protobuf;
import io.bulwark.api.codec.Yaml;
import io.bulwark.api.meta.GroupVersion;
import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Every sample of upstream's modules, decoded and encoded in its three forms. The three must decode
 * to one object; YAML and protobuf must come back byte for byte, JSON as the same object.
 */
final class Samples {
  /** Groups whose kinds are never objects of the API: bodies of webhooks and of discovery. */
  private static final Set<String> NOT_STORED =
      Set.of("admission.k8s.io", "apidiscovery.k8s.io", "imagepolicy.k8s.io");

  private final SortedMap<String, List<String>> differences = new TreeMap<>();
  private final SortedSet<String> shorter = new TreeSet<>();
  private final SortedMap<String, SortedSet<String>> same = new TreeMap<>();
  private final SortedMap<String, SortedSet<String>> unknown = new TreeMap<>();

  /**
   * @param arguments the version of the modules, the page to write, the directories of samples
   */
  public static void main(String[] arguments) throws IOException {
    Samples samples = new Samples();
    for (int i = 2; i < arguments.length; i++) {
      try (Stream<Path> files = Files.list(Path.of(arguments[i]))) {
        for (Path json : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
          samples.judge(json);
        }
      }
    }
    String page = samples.page(arguments[0]);
    Files.writeString(Path.of(arguments[1]), page);
    System.out.print(page);
    if (!samples.held()) {
      System.exit(1);
    }
  }

  private void judge(Path file) throws IOException {
    String name = file.getFileName().toString().replaceFirst("[.]json$", "");
    Tree object = Json.read(Files.readAllBytes(file));
    if (object.textOrEmpty("kind").isEmpty()) { // a sample of a group without kinds
      return;
    }
    GroupVersion version = GroupVersion.parse(object.textOrEmpty("apiVersion"));
    String kind = object.textOrEmpty("kind");
    if (!Protobuf.supports(new GroupVersionKind(version.group(), version.version(), kind))) {
      unknown.computeIfAbsent(version.toString(), _ -> new TreeSet<>()).add(kind);
      return;
    }
    List<String> found = new ArrayList<>();
    byte[] yaml = Files.readAllBytes(file.resolveSibling(name + ".yaml"));
    byte[] wire = Files.readAllBytes(file.resolveSibling(name + ".pb"));
    attempt(found, "JSON", () -> compare("", object, Json.read(Json.write(object)), found));
    attempt(found, "YAML read", () -> compare("", object, Yaml.read(yaml), found));
    attempt(found, "YAML written", () -> bytes(yaml, Yaml.write(object), found));
    attempt(found, "protobuf read", () -> compare("", object, Protobuf.read(wire), found));
    byte[] written = Protobuf.write(object);
    attempt(
        found,
        "protobuf written",
        () -> {
          compare("", object, Protobuf.read(written), found);
          if (found.isEmpty() && written.length > wire.length) {
            bytes(wire, written, found);
          }
        });
    if (found.isEmpty() && !Arrays.equals(wire, written)) {
      shorter.add(version + " " + kind);
    }
    if (found.isEmpty()) {
      same.computeIfAbsent(version.toString(), _ -> new TreeSet<>()).add(kind);
    } else {
      differences.put(version + " " + kind, found);
    }
  }

  private static void attempt(List<String> found, String step, Runnable check) {
    int before = found.size();
    try {
      check.run();
    } catch (RuntimeException e) {
      found.add(e.toString());
    }
    for (int i = before; i < found.size(); i++) {
      found.set(i, step + ": " + found.get(i));
    }
  }

  private static void bytes(byte[] expected, byte[] actual, List<String> found) {
    int at = Arrays.mismatch(expected, actual);
    if (at >= 0) {
      found.add(
          "byte %d of %d: upstream has %s, we have %s"
              .formatted(at, expected.length, near(expected, at), near(actual, at)));
    }
  }

  private static String near(byte[] bytes, int at) {
    int from = Math.max(0, at - 20);
    int to = Math.min(bytes.length, at + 20);
    return Json.text(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
  }

  private static void compare(String path, Object expected, Object actual, List<String> found) {
    if (expected instanceof Tree ours && actual instanceof Tree theirs) {
      SortedSet<String> keys = new TreeSet<>(ours.keySet());
      keys.addAll(theirs.keySet());
      for (String key : keys) {
        compare(path + "." + key, ours.get(key), theirs.get(key), found);
      }
    } else if (expected instanceof TreeList ours
        && actual instanceof TreeList theirs
        && ours.size() == theirs.size()) {
      for (int i = 0; i < ours.size(); i++) {
        compare(path + "[" + i + "]", ours.get(i), theirs.get(i), found);
      }
    } else if (!java.util.Objects.equals(expected, actual)) {
      found.add(path + ": " + Json.text(expected) + " became " + Json.text(actual));
    }
  }

  private static boolean servedByDefault(String version) {
    GroupVersion parsed = GroupVersion.parse(version);
    return parsed.version().matches("v[0-9]+") && !NOT_STORED.contains(parsed.group());
  }

  private boolean held() {
    return differences.keySet().stream().noneMatch(k -> servedByDefault(k.split(" ", 2)[0]))
        && unknown.keySet().stream().noneMatch(Samples::servedByDefault);
  }

  private String page(String version) {
    int count = same.values().stream().mapToInt(Set::size).sum();
    int missing = unknown.values().stream().mapToInt(Set::size).sum();
    StringBuilder page = new StringBuilder();
    page.append("# Codecs against upstream's samples\n\n");
    page.append("Written by `conformance/codec/run`, from the samples that the modules ");
    page.append("`k8s.io/api` and `k8s.io/apiextensions-apiserver` ").append(version);
    page.append(" carry. A kind is the same when its JSON, YAML and protobuf samples decode to ");
    page.append("one object and that object is written back as the same YAML and protobuf bytes ");
    page.append("and the same JSON object. Upstream also writes empty texts, zeros and falses ");
    page.append("that are not there into protobuf, which nobody can tell from their absence; ");
    page.append("we do not.");
    if (!shorter.isEmpty()) {
      page.append(" Kinds whose bytes differ for that reason alone: ");
      page.append(String.join(", ", shorter)).append('.');
    }
    page.append("\n\n");
    page.append("| Same | Different | Not known here |\n|---:|---:|---:|\n");
    page.append("| %d | %d | %d |%n".formatted(count, differences.size(), missing));
    page.append("\n## Same\n\n| Version | Served by default | Kinds |\n|---|---|---|\n");
    rows(page, same);
    page.append("\n## Different\n\n");
    if (differences.isEmpty()) {
      page.append("None.\n");
    }
    differences.forEach(
        (type, found) -> {
          page.append("- ").append(type).append('\n');
          found.forEach(difference -> page.append("  - `").append(difference).append("`\n"));
        });
    page.append("\n## Not known here\n\n");
    page.append("Versions that upstream switches off by default or has removed, and bodies that ");
    page.append("only webhooks and discovery use. They are refused as unknown.\n\n");
    page.append("| Version | Served by default | Kinds |\n|---|---|---|\n");
    rows(page, unknown);
    return page.toString();
  }

  private static void rows(StringBuilder page, Map<String, SortedSet<String>> kinds) {
    kinds.forEach(
        (version, names) ->
            page.append(
                "| %s | %s | %s |%n"
                    .formatted(
                        version,
                        servedByDefault(version) ? "yes" : "no",
                        String.join(", ", names))));
  }
}

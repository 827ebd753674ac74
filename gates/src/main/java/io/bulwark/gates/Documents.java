package io.bulwark.gates;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks that what documents name is there: tests, members of our classes ({@code StoreTest.reads},
 * or {@code .reads} after the class in the same line), and files that they link to.
 */
final class Documents {
  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```");
  private static final Pattern NAME =
      Pattern.compile("`([A-Z]\\w*[a-z]\\w*)?(?:\\.([a-z][a-zA-Z0-9]*))?`");
  private static final Pattern TEST = Pattern.compile("\\w+(Test|IT|Properties)");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(?:#[^)]*)?\\)");

  private final Path root;
  private final Map<String, List<Path>> sources = new HashMap<>();

  /**
   * @param sources all Java files of the tree
   */
  Documents(Path root, List<Path> sources) {
    this.root = root;
    for (Path source : sources) {
      String file = String.valueOf(source.getFileName());
      this.sources
          .computeIfAbsent(
              file.substring(0, file.length() - ".java".length()), key -> new ArrayList<>())
          .add(source);
    }
  }

  /** One line for each thing that a document names and that is not there. */
  List<String> check(Path document) throws IOException {
    String text = FENCED.matcher(Files.readString(document)).replaceAll("");
    List<String> findings = new ArrayList<>();
    for (String line : text.lines().toList()) {
      Path name = root.relativize(document);
      for (String missing : missing(line)) {
        findings.add(name + ": there is no " + missing);
      }
      Matcher links = LINK.matcher(line);
      while (links.find()) {
        if (!Files.exists(document.resolveSibling(links.group(1)))) {
          findings.add(name + ": there is no file " + links.group(1));
        }
      }
    }
    return findings;
  }

  private List<String> missing(String line) throws IOException {
    List<String> missing = new ArrayList<>();
    Matcher names = NAME.matcher(line);
    String owner = "";
    while (names.find()) {
      String type = names.group(1);
      String member = names.group(2);
      if (type != null) {
        owner = type;
        if (TEST.matcher(type).matches() && !sources.containsKey(type)) {
          missing.add(type);
        }
      }
      if (member != null && sources.containsKey(owner) && !has(owner, member)) {
        missing.add(owner + "." + member);
      }
    }
    return missing;
  }

  private boolean has(String type, String member) throws IOException {
    Pattern word = Pattern.compile("\\b" + member + "\\b");
    for (Path source : sources.getOrDefault(type, List.of())) {
      if (word.matcher(Files.readString(source)).find()) {
        return true;
      }
    }
    return false;
  }
}

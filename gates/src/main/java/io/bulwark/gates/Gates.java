package io.bulwark.gates;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Checks every source file of the tree, or with {@code fix} rewrites those that are badly
 * formatted; checks that what documents name is there.
 *
 * <p>Usage: {@code Gates check|fix ROOT}. Exits with 1 and one line for each finding.
 */
public final class Gates {
  private static final int LINES = 500;
  private static final Set<String> IGNORED =
      Set.of("target", ".git", ".tools", ".cache", "node_modules");
  private static final Pattern EMPTY_NAME =
      Pattern.compile("(Utils?|Helper|Impl|Manager)\\.java|(utils?|commons?|helpers?|misc)");

  private final Path root;
  private final boolean fix;
  private final ConcurrentLinkedQueue<String> findings = new ConcurrentLinkedQueue<>();

  private Gates(Path root, boolean fix) {
    this.root = root;
    this.fix = fix;
  }

  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 2 || !Set.of("check", "fix").contains(arguments[0])) {
      System.err.println("usage: Gates check|fix ROOT");
      System.exit(2);
    }
    Gates gates = new Gates(Path.of(arguments[1]), arguments[0].equals("fix"));
    gates.run();
    gates.findings.stream().sorted().forEach(System.err::println);
    if (!gates.findings.isEmpty()) {
      System.err.println("format: fix with  mvn -q -pl gates verify -Dgates=fix");
      System.exit(1);
    }
  }

  private void run() throws IOException {
    List<Path> files;
    try (Stream<Path> tree = Files.walk(root)) {
      files = tree.filter(this::isOurs).toList();
    }
    List<Path> sources = files.stream().filter(file -> file.toString().endsWith(".java")).toList();
    sources.parallelStream().forEach(this::check);
    Documents documents = new Documents(root, sources);
    for (Path file : files) {
      if (file.toString().endsWith(".md")) {
        findings.addAll(documents.check(file));
      }
    }
  }

  private boolean isOurs(Path path) {
    for (Path part : root.relativize(path)) {
      if (IGNORED.contains(part.toString())) {
        return false;
      }
    }
    return Files.isRegularFile(path);
  }

  private void check(Path file) {
    Path name = root.relativize(file);
    for (Path part : name) {
      if (EMPTY_NAME.matcher(part.toString()).find()
          && EMPTY_NAME.matcher(part.toString()).results().anyMatch(m -> ends(part, m.group()))) {
        findings.add(name + ": the name " + part + " says nothing; name it by what it does");
      }
    }
    try {
      String text = Files.readString(file);
      long lines = text.lines().count();
      if (lines > LINES) {
        findings.add(
            name + ": " + lines + " lines, over " + LINES + "; split it by what it is about");
      }
      String formatted = format(text);
      if (!formatted.equals(text)) {
        if (fix) {
          Files.writeString(file, formatted);
        } else {
          findings.add(name + ": not formatted");
        }
      }
    } catch (FormatterException broken) {
      findings.add(name + ": " + broken.getMessage());
    } catch (IOException unreadable) {
      findings.add(name + ": " + unreadable);
    }
  }

  private static boolean ends(Path part, String match) {
    return match.endsWith(".java")
        ? part.toString().endsWith(match)
        : part.toString().equals(match);
  }

  private static String format(String text) throws FormatterException {
    String imports = RemoveUnusedImports.removeUnusedImports(text);
    String ordered = ImportOrderer.reorderImports(imports, JavaFormatterOptions.Style.GOOGLE);
    return new Formatter().formatSource(ordered);
  }
}

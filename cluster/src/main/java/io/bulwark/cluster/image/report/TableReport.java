package io.bulwark.cluster.image.report;

import io.bulwark.cluster.image.inventory.Inventory;
import io.bulwark.cluster.image.inventory.Inventory.Located;
import io.bulwark.cluster.image.vulnerability.Finding;
import io.bulwark.cluster.image.vulnerability.Severity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A few lines about the image, then what each layer brings and what is wrong with it. */
final class TableReport {
  private static final int WIDTH = 100;
  private static final int PROBLEMS = 20;

  private TableReport() {}

  static byte[] write(Report report) {
    StringBuilder out = new StringBuilder();
    Inventory inventory = report.inventory();
    List<Finding> findings = Order.findings(report);
    heading(out, inventory);
    Map<Integer, List<Located>> components =
        Order.components(inventory).stream().collect(Collectors.groupingBy(Located::layer));
    Map<Integer, List<Finding>> wrong =
        findings.stream().collect(Collectors.groupingBy(Finding::layer));
    for (int i = 0; i < inventory.layers().size(); i++) {
      Inventory.Layer layer = inventory.layers().get(i);
      line(
          out,
          "\nlayer %d  %s  %s  %s",
          i + 1,
          layer.role().text(),
          count(components.getOrDefault(i, List.of()).size(), "component"),
          shortDigest(layer.digest()));
      if (!layer.createdBy().isEmpty()) {
        line(out, "  %s", layer.createdBy());
      }
      ecosystems(out, components.getOrDefault(i, List.of()));
      table(out, wrong.getOrDefault(i, List.of()));
    }
    summary(out, findings);
    problems(out, inventory.problems());
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void heading(StringBuilder out, Inventory inventory) {
    line(out, "image         %s", inventory.reference());
    if (inventory.digest() != null) {
      line(out, "digest        %s", inventory.digest());
    }
    String name = inventory.distribution().name();
    String system =
        name.isEmpty()
            ? (inventory.distribution().id() + " " + inventory.distribution().version()).strip()
            : name;
    line(out, "distribution  %s", system.isEmpty() ? "unknown" : system);
    if (inventory.base() != null) {
      line(out, "base          %s", inventory.base());
    }
  }

  private static void ecosystems(StringBuilder out, List<Located> components) {
    Map<String, Long> counts =
        components.stream()
            .collect(
                Collectors.groupingBy(
                    located -> located.component().ecosystem(),
                    java.util.TreeMap::new,
                    Collectors.counting()));
    if (!counts.isEmpty()) {
      line(
          out,
          "  %s",
          counts.entrySet().stream()
              .map(entry -> entry.getKey() + " " + entry.getValue())
              .collect(Collectors.joining(", ")));
    }
  }

  private static void table(StringBuilder out, List<Finding> findings) {
    if (findings.isEmpty()) {
      return;
    }
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"SEVERITY", "SCORE", "ID", "COMPONENT", "VERSION", "FIXED IN"});
    for (Finding finding : findings) {
      rows.add(
          new String[] {
            finding.severity().name().toLowerCase(Locale.ROOT),
            finding.score() == null ? "-" : String.format(Locale.ROOT, "%.1f", finding.score()),
            finding.id(),
            finding.component().name(),
            finding.component().version(),
            finding.fixed() == null ? "-" : finding.fixed()
          });
    }
    Columns.write(out, rows, WIDTH);
  }

  private static void summary(StringBuilder out, List<Finding> findings) {
    if (findings.isEmpty()) {
      line(out, "\nno findings");
      return;
    }
    List<String> parts = new ArrayList<>();
    Severity[] all = Severity.values();
    for (int i = all.length - 1; i >= 0; i--) {
      Severity severity = all[i];
      long number = findings.stream().filter(finding -> finding.severity() == severity).count();
      if (number > 0) {
        parts.add(number + " " + severity.name().toLowerCase(Locale.ROOT));
      }
    }
    line(out, "\n%s: %s", count(findings.size(), "finding"), String.join(", ", parts));
  }

  private static void problems(StringBuilder out, List<String> problems) {
    if (problems.isEmpty()) {
      return;
    }
    line(out, "\n%s could not be read:", count(problems.size(), "file"));
    problems.stream().sorted().limit(PROBLEMS).forEach(problem -> line(out, "  %s", problem));
    if (problems.size() > PROBLEMS) {
      line(out, "  and %d more", problems.size() - PROBLEMS);
    }
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private static String shortDigest(String digest) {
    int colon = digest.indexOf(':');
    return digest.length() > colon + 13 ? digest.substring(0, colon + 13) : digest;
  }

  private static void line(StringBuilder out, String format, Object... arguments) {
    boolean gap = format.startsWith("\n");
    String text = Columns.printable(String.format(Locale.ROOT, format.strip(), arguments));
    String indent = format.startsWith("  ") ? "  " : "";
    out.append(gap ? "\n" : "").append(Columns.cut(indent + text, WIDTH)).append('\n');
  }
}

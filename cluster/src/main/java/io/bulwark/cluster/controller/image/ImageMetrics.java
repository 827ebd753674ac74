package io.bulwark.cluster.controller.image;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.Informers;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counts of what is wrong with images and nodes, in the Prometheus text format, from caches.
 * Thread-safe.
 */
final class ImageMetrics {
  private static final List<String> SEVERITIES =
      List.of("critical", "high", "medium", "low", "unknown");

  private final Informers informers;

  ImageMetrics(Informers informers) {
    this.informers = informers;
  }

  String text() {
    SortedMap<String, Long> reports = new TreeMap<>();
    SortedMap<String, Long> findings = new TreeMap<>();
    for (Tree report : informers.of(Resources.VULNERABILITY_REPORTS).list()) {
      String namespace = label("namespace", Meta.namespace(report));
      reports.merge(namespace, 1L, Long::sum);
      count(findings, namespace, report.treeOrEmpty("report", "summary"));
    }
    SortedMap<String, Long> violations = new TreeMap<>();
    for (Resource kind : List.of(Resources.CLUSTER_IMAGE_POLICIES, Resources.IMAGE_POLICIES)) {
      for (Tree policy : informers.of(kind).list()) {
        String labels =
            label("namespace", Meta.namespace(policy)) + "," + label("policy", Meta.name(policy));
        violations.merge(
            labels, (long) policy.treeOrEmpty("status").trees("violations").size(), Long::sum);
      }
    }
    SortedMap<String, Long> nodes = new TreeMap<>();
    for (Tree node : informers.of(Resources.NODE_INVENTORIES).list()) {
      count(nodes, label("node", Meta.name(node)), node.treeOrEmpty("status", "summary"));
    }
    StringBuilder text = new StringBuilder();
    write(text, "bulwark_image_reports", "Images in use that were looked into.", reports);
    write(
        text,
        "bulwark_image_findings",
        "Known vulnerabilities of the images in use, by severity.",
        findings);
    write(
        text,
        "bulwark_image_policy_violations",
        "Images of pods that break a policy, at most 100 for each.",
        violations);
    write(
        text,
        "bulwark_node_findings",
        "Known vulnerabilities of the packages of nodes, by severity.",
        nodes);
    return text.toString();
  }

  private static void count(SortedMap<String, Long> counts, String labels, Tree summary) {
    for (String severity : SEVERITIES) {
      counts.merge(
          labels + "," + label("severity", severity), summary.number(0, severity), Long::sum);
    }
  }

  private static String label(String name, String value) {
    String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return name + "=\"" + escaped + "\"";
  }

  private static void write(
      StringBuilder text, String name, String help, SortedMap<String, Long> counts) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(" gauge\n");
    counts.forEach(
        (labels, count) ->
            text.append(name).append('{').append(labels).append("} ").append(count).append('\n'));
  }
}

package io.bulwark.cluster.controller.image;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.Informer;
import io.bulwark.cluster.controller.loop.Conditions;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.image.inspect.ImageInspector;
import io.bulwark.cluster.image.inspect.SupportEnds;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Component.SourcePackage;
import io.bulwark.cluster.image.inventory.Distribution;
import io.bulwark.cluster.image.inventory.assembly.HostSoftware;
import io.bulwark.cluster.image.vulnerability.Finding;
import io.bulwark.cluster.image.vulnerability.Severity;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Judges what nodes say that they run. Thread-safe. */
final class NodeSoftware {
  private final ControllerContext context;
  private final ImageInspector inspector;
  private final Informer inventories;
  private final String current;

  /**
   * @param current the version of the control plane
   */
  NodeSoftware(ControllerContext context, ImageInspector inspector, String current) {
    this.context = context;
    this.inspector = inspector;
    this.inventories = context.informers().of(Resources.NODE_INVENTORIES);
    this.current = current;
  }

  Informer inventories() {
    return inventories;
  }

  void judge(String node) {
    Tree object = inventories.get(null, node);
    if (object == null) {
      return;
    }
    Tree software = object.treeOrEmpty("inventory");
    Tree before = object.treeOrEmpty("status");
    Tree status = status(node, software, before);
    if (!status.equals(before)) {
      Tree changed = object.copy();
      changed.put("status", status);
      context.client().updateStatus(Resources.NODE_INVENTORIES, changed);
    }
  }

  private Tree status(String node, Tree software, Tree before) {
    Distribution distribution =
        new Distribution(
            software.textOrEmpty("operatingSystem", "id"),
            software.textOrEmpty("operatingSystem", "version"),
            software.textOrEmpty("operatingSystem", "name"));
    List<Component> packages = new ArrayList<>();
    for (Tree entry : software.trees("packages")) {
      try {
        packages.add(component(distribution, entry));
      } catch (IOException nameless) {
        continue;
      }
    }
    HostSoftware host = new HostSoftware(distribution, packages);
    List<Finding> findings = inspector.judge(host.inventory(node));
    TreeList conditions = new TreeList();
    for (Tree old : before.trees("conditions")) {
      conditions.add(old.copy());
    }
    supported(conditions, distribution);
    version(conditions, software.textOrEmpty("bulwark"));
    vulnerable(conditions, findings);
    return Tree.of(
        "conditions", conditions,
        "dataVersion", inspector.dataVersion(),
        "findings", ReportContent.findings(findings, host.inventory(node)),
        "summary", ReportContent.summary(findings));
  }

  private static Component component(Distribution distribution, Tree entry) throws IOException {
    String name = entry.textOrEmpty("name");
    String version = entry.textOrEmpty("version");
    String source = entry.textOrEmpty("source");
    String sourceVersion = entry.textOrEmpty("sourceVersion");
    return HostSoftware.component(
        distribution,
        name,
        version,
        new SourcePackage(
            source.isEmpty() ? name : source, sourceVersion.isEmpty() ? version : sourceVersion));
  }

  private void supported(TreeList conditions, Distribution distribution) {
    LocalDate end = SupportEnds.of(distribution);
    LocalDate today = LocalDate.ofInstant(context.clock().instant(), ZoneOffset.UTC);
    if (end == null) {
      put(
          conditions,
          "Supported",
          "Unknown",
          "EndUnknown",
          "nothing says how long " + distribution.name() + " is supported");
    } else if (today.isAfter(end)) {
      put(
          conditions,
          "Supported",
          "False",
          "EndOfLife",
          distribution.name() + " is without support since " + end);
    } else {
      put(
          conditions,
          "Supported",
          "True",
          "Maintained",
          distribution.name() + " is supported until " + end);
    }
  }

  private void version(TreeList conditions, String version) {
    boolean same = version.equals(current);
    put(
        conditions,
        "Current",
        same ? "True" : "False",
        same ? "SameVersion" : "VersionSkew",
        same ? "" : "the node runs " + version + ", the control plane " + current);
  }

  private void vulnerable(TreeList conditions, List<Finding> findings) {
    if (inspector.dataVersion().isEmpty()) {
      put(conditions, "Vulnerable", "Unknown", "NoData", "no vulnerability data were imported");
      return;
    }
    List<Finding> bad =
        findings.stream().filter(f -> f.severity().compareTo(Severity.HIGH) >= 0).toList();
    long mended = bad.stream().filter(finding -> finding.fixed() != null).count();
    put(
        conditions,
        "Vulnerable",
        bad.isEmpty() ? "False" : "True",
        bad.isEmpty() ? "NothingSerious" : "KnownVulnerabilities",
        bad.isEmpty()
            ? ""
            : bad.size() + " high or critical; an upgrade of packages would mend " + mended);
  }

  private void put(TreeList conditions, String type, String status, String reason, String message) {
    Conditions.set(conditions, type, status, reason, message, context.clock().instant());
  }

  /** The names of all nodes that reported. */
  List<String> nodes() {
    return inventories.list().stream().map(Meta::name).toList();
  }
}

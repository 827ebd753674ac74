package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kinds of image.bulwark.io/v1alpha1. */
final class ImageRows {
  private final Ages ages;

  ImageRows(Ages ages) {
    this.ages = ages;
  }

  List<Kind> rows() {
    return List.of(
        policy(Row.of(Resources.CLUSTER_IMAGE_POLICIES).shortNames("cimgpol")),
        policy(Row.of(Resources.IMAGE_POLICIES).shortNames("imgpol")),
        Row.of(Resources.NODE_INVENTORIES)
            .shortNames("ninv")
            .status()
            .columns(
                Columns.name(),
                Columns.text(
                    "OS",
                    "The distribution.",
                    o -> text(o, "inventory", "operatingSystem", "name")),
                Columns.text(
                    "Kernel", "The kernel's release.", o -> text(o, "inventory", "kernel")),
                Columns.text(
                    "Runtime",
                    "The container runtime.",
                    o -> text(o, "inventory", "containerRuntime")),
                Columns.text(
                    "Bulwark",
                    "The node's version of Bulwark.",
                    o -> text(o, "inventory", "bulwark")),
                count("Critical", "status", "summary", "critical"),
                count("High", "status", "summary", "high"),
                ages.column())
            .strategy(SpeclessStrategy.CREATE_ON_UPDATE)
            .kind(),
        Row.of(Resources.VULNERABILITY_REPORTS)
            .shortNames("vuln", "vulns")
            .subresource("cyclonedx", "get")
            .columns(
                Columns.name(),
                Columns.text("Image", "As pods ask for it.", o -> text(o, "report", "image")),
                count("Critical", "report", "summary", "critical"),
                count("High", "report", "summary", "high"),
                count("Medium", "report", "summary", "medium"),
                count("Low", "report", "summary", "low"),
                Columns.wide("Base", "The base image.", o -> text(o, "report", "base")),
                ages.column())
            .strategy(SpeclessStrategy.CREATE_ON_UPDATE)
            .kind());
  }

  private Kind policy(Row row) {
    return row.status()
        .columns(
            Columns.name(),
            Columns.text("Mode", "Enforce, Warn or Audit.", o -> text(o, "spec", "mode")),
            Columns.text(
                "Severity",
                "The highest that is allowed.",
                o -> text(o, "spec", "maximumSeverity")),
            Columns.integer("Pods", "Pods that it covers.", o -> o.at("status", "pods")),
            Columns.integer(
                "Violations",
                "Pods that break it.",
                o -> (long) o.treeOrEmpty("status").trees("violations").size()),
            ages.column())
        .kind();
  }

  private static Column count(String name, String... path) {
    return Columns.integer(name, "How many vulnerabilities.", object -> object.at(path));
  }

  private static @Nullable Object text(Tree object, String... path) {
    return object.textOrEmpty(path);
  }
}

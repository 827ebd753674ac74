package io.bulwark.cluster.image.inventory.assembly;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.image.inventory.Component;
import io.bulwark.cluster.image.inventory.Component.SourcePackage;
import io.bulwark.cluster.image.inventory.Distribution;
import io.bulwark.cluster.image.inventory.assembly.LayerContents.ReadFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The contents of a layer as the cache keeps them. Reading throws unchecked if they are damaged.
 */
final class LayerContentsJson {
  private LayerContentsJson() {}

  static Tree write(LayerContents contents) {
    TreeList files = new TreeList();
    for (ReadFile file : contents.files()) {
      TreeList components = new TreeList();
      file.components().forEach(component -> components.add(write(component)));
      files.add(Tree.of("components", components, "path", file.path()));
    }
    return Tree.of(
        "assumed",
        write(contents.assumed()),
        "contentDigest",
        contents.contentDigest(),
        "covered",
        contents.covered().encoded(),
        "distribution",
        write(contents.distribution()),
        "emptied",
        new TreeList(contents.emptied()),
        "files",
        files,
        "problems",
        new TreeList(contents.problems()),
        "removed",
        new TreeList(contents.removed()));
  }

  static LayerContents read(Tree tree) {
    List<ReadFile> files = new ArrayList<>();
    for (Tree file : tree.trees("files")) {
      List<Component> components = new ArrayList<>();
      for (Tree component : file.trees("components")) {
        components.add(component(component));
      }
      files.add(new ReadFile(text(file, "path"), components));
    }
    return new LayerContents(
        text(tree, "contentDigest"),
        distribution(tree.tree("distribution")),
        distribution(tree.tree("assumed")),
        files,
        tree.texts("removed"),
        tree.texts("emptied"),
        PathSet.decoded(text(tree, "covered")),
        tree.texts("problems"));
  }

  private static Tree write(Component component) {
    Tree tree =
        Tree.of(
            "ecosystem", component.ecosystem(),
            "kind", component.kind().name(),
            "name", component.name(),
            "path", component.path(),
            "purl", component.purl(),
            "version", component.version());
    SourcePackage source = component.source();
    if (source != null) {
      tree.put("source", Tree.of("name", source.name(), "version", source.version()));
    }
    return tree;
  }

  private static Component component(Tree tree) {
    Tree source = tree.tree("source");
    return new Component(
        text(tree, "name"),
        text(tree, "version"),
        text(tree, "ecosystem"),
        text(tree, "purl"),
        text(tree, "path"),
        source == null ? null : new SourcePackage(text(source, "name"), text(source, "version")),
        Component.Kind.valueOf(text(tree, "kind")));
  }

  private static @Nullable Tree write(@Nullable Distribution distribution) {
    return distribution == null
        ? null
        : Tree.of(
            "id", distribution.id(),
            "name", distribution.name(),
            "version", distribution.version());
  }

  private static @Nullable Distribution distribution(@Nullable Tree tree) {
    return tree == null
        ? null
        : new Distribution(text(tree, "id"), text(tree, "version"), text(tree, "name"));
  }

  private static String text(Tree tree, String name) {
    return Objects.requireNonNull(tree.text(name), name);
  }
}

package io.bulwark.cluster.apiserver.discovery;

import io.bulwark.api.meta.GroupVersion;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.kind.Kinds;
import io.bulwark.cluster.apiserver.kind.Subresource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;

/** The document of one group and version, and the index of all. */
record OpenApiV3(Kinds.Table table, GroupVersion group, String version) {
  /** Which documents there are, with URLs that change when a document does. */
  static Tree index(Kinds.Table table, String version) {
    Tree paths = new Tree();
    for (GroupVersion served : table.versions()) {
      String hash = new OpenApiV3(table, served, version).hash();
      paths.put(
          served.path().substring(1),
          Tree.of("serverRelativeURL", "/openapi/v3" + served.path() + "?hash=" + hash));
    }
    return Tree.of("paths", paths);
  }

  /** Of all that the document is made from, so that the index needs no document. */
  String hash() {
    StringBuilder text = new StringBuilder(version);
    for (Kind kind : table.of(group)) {
      text.append('\n')
          .append(kind.resource())
          .append(kind.schema())
          .append(new TreeSet<>(kind.verbs()));
      for (Subresource subresource : kind.subresources()) {
        text.append(subresource.name())
            .append(subresource.kind())
            .append(new TreeSet<>(subresource.verbs()));
      }
    }
    return Document.hash(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  Tree tree() {
    Tree paths = new Tree();
    Definitions definitions = new Definitions(Dialect.V3, List.of(group));
    Operations operations = new Operations(Dialect.V3, definitions, paths);
    for (Kind kind : table.of(group)) {
      if (definitions.knows(kind.schema())) {
        definitions.reference(kind.schema());
        operations.add(kind);
      }
    }
    definitions.reference(Definitions.META + "WatchEvent");
    return Tree.of(
        "components",
            Tree.of(
                "schemas", definitions.tree(),
                "securitySchemes",
                    Tree.of(
                        "BearerToken",
                        Tree.of(
                            "description", "Bearer Token authentication",
                            "in", "header",
                            "name", "authorization",
                            "type", "apiKey"))),
        "info", Tree.of("title", "Kubernetes", "version", version),
        "openapi", "3.0.0",
        "paths", paths,
        "security", TreeList.of(Tree.of("BearerToken", new TreeList())));
  }
}

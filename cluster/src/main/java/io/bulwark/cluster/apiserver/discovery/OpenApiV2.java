package io.bulwark.cluster.apiserver.discovery;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.kind.Kinds;

/** One document for everything that is served. */
record OpenApiV2(Kinds.Table table, String version) {
  static final String PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

  Tree tree() {
    Tree paths = new Tree();
    Definitions definitions = new Definitions(Dialect.V2, table.versions());
    Operations operations = new Operations(Dialect.V2, definitions, paths);
    for (Kind kind : table.rows()) {
      if (definitions.knows(kind.schema())) {
        definitions.reference(kind.schema());
        operations.add(kind);
      }
    }
    definitions.reference(Definitions.META + "WatchEvent");
    return Tree.of(
        "definitions", definitions.tree(),
        "info", Tree.of("title", "Kubernetes", "version", version),
        "paths", paths,
        "security", TreeList.of(Tree.of("BearerToken", new TreeList())),
        "securityDefinitions",
            Tree.of(
                "BearerToken",
                Tree.of(
                    "description", "Bearer Token authentication",
                    "in", "header",
                    "name", "authorization",
                    "type", "apiKey")),
        "swagger", "2.0");
  }
}

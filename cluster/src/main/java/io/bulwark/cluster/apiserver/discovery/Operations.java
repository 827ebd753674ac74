package io.bulwark.cluster.apiserver.discovery;

import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.api.schema.Schema;
import io.bulwark.api.schema.Schemas;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.kind.Subresource;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The paths of a kind with their operations. For one thread. */
final class Operations {
  private static final List<String> JSON_AND_MORE =
      List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");
  private static final List<String> PATCHES =
      List.of(
          "application/json-patch+json",
          "application/merge-patch+json",
          "application/strategic-merge-patch+json",
          "application/apply-patch+yaml");

  private final Dialect dialect;
  private final Definitions definitions;
  private final Tree paths;

  Operations(Dialect dialect, Definitions definitions, Tree paths) {
    this.dialect = dialect;
    this.definitions = definitions;
    this.paths = paths;
  }

  /** What one operation is about. */
  private record About(
      String path, GroupVersionKind kind, String body, String tag, String id, boolean namespaced) {}

  void add(Kind kind) {
    boolean namespaced = kind.resource().namespaced();
    String root = kind.resource().groupVersion().path();
    String collection =
        root + (namespaced ? "/namespaces/{namespace}/" : "/") + kind.resource().resource();
    String tag = tag(kind);
    String name = kind.resource().kind();
    GroupVersionKind own = kind.resource().groupVersionKind();
    About all = new About(collection, own, kind.schema(), tag, name, namespaced);
    Set<String> verbs = kind.verbs();
    if (verbs.contains("list")) {
      operation(all, "get", "list");
      if (namespaced) {
        About everywhere =
            new About(
                root + "/" + kind.resource().resource(),
                own,
                kind.schema(),
                tag,
                name + "ForAllNamespaces",
                false);
        operation(everywhere, "get", "list");
      }
    }
    if (verbs.contains("create")) {
      operation(all, "post", "post");
    }
    if (verbs.contains("deletecollection")) {
      operation(all, "delete", "deletecollection");
    }
    item(new About(collection + "/{name}", own, kind.schema(), tag, name, namespaced), verbs);
    for (Subresource subresource : kind.subresources()) {
      subresource(kind, subresource, collection, tag);
    }
  }

  private void subresource(Kind kind, Subresource subresource, String collection, String tag) {
    String schema = schemaName(subresource.kind(), kind);
    About about =
        new About(
            collection + "/{name}/" + subresource.name(),
            subresource.kind(),
            schema,
            tag,
            kind.resource().kind() + capital(subresource.name()),
            kind.resource().namespaced());
    boolean connects = !definitions.knows(schema);
    if (connects) {
      for (String verb : subresource.verbs()) {
        operation(about, verb.equals("create") ? "post" : "get", "connect");
      }
      return;
    }
    item(about, subresource.verbs());
    if (subresource.verbs().contains("create")) {
      operation(about, "post", "post");
    }
  }

  private void item(About about, Set<String> verbs) {
    if (verbs.contains("get")) {
      operation(about, "get", "get");
    }
    if (verbs.contains("update")) {
      operation(about, "put", "put");
    }
    if (verbs.contains("patch")) {
      operation(about, "patch", "patch");
    }
    if (verbs.contains("delete")) {
      operation(about, "delete", "delete");
    }
  }

  private static String schemaName(GroupVersionKind body, Kind kind) {
    Schema schema = Schemas.find(body);
    return schema == null ? kind.schema() : schema.name();
  }

  private void operation(About about, String method, String action) {
    Tree operation =
        Tree.of(
            "description", describe(about, action),
            "operationId", id(about, action),
            "tags", TreeList.of(about.tag),
            "x-kubernetes-action", action);
    Definitions.mark(operation, about.kind);
    parameters(operation, action);
    String sent =
        switch (action) {
          case "post", "put" -> about.body;
          case "delete", "deletecollection" -> Definitions.META + "DeleteOptions";
          case "patch" -> Definitions.META + "Patch";
          default -> null;
        };
    if (sent != null) {
      body(operation, sent, action);
    }
    operation.put("responses", responses(about, action));
    if (dialect == Dialect.V2) {
      operation.put("produces", new TreeList(JSON_AND_MORE));
      operation.put(
          "consumes", action.equals("patch") ? new TreeList(PATCHES) : TreeList.of("*/*"));
      operation.put("schemes", TreeList.of("https"));
    }
    Tree path = paths.child(about.path);
    if (!path.containsKey("parameters")) {
      path.put("parameters", pathParameters(about));
    }
    path.put(method, operation);
  }

  private void body(Tree operation, String schema, String action) {
    Tree reference =
        schema.endsWith(".Patch") ? Tree.of("type", "object") : definitions.reference(schema);
    boolean required = !action.startsWith("delete");
    if (dialect == Dialect.V2) {
      Tree body = Tree.of("in", "body", "name", "body", "schema", reference);
      if (required) {
        body.put("required", true);
      }
      operation.childList("parameters").add(body);
      return;
    }
    Tree content = new Tree();
    for (String type : action.equals("patch") ? PATCHES : List.of("*/*")) {
      content.set(reference.copy(), type, "schema");
    }
    Tree body = Tree.of("content", content);
    if (required) {
      body.put("required", true);
    }
    operation.put("requestBody", body);
  }

  private Tree responses(About about, String action) {
    String returned =
        switch (action) {
          case "list" -> about.body + "List";
          case "delete", "deletecollection" -> Definitions.META + "Status";
          default -> about.body;
        };
    Tree ok = Tree.of("description", "OK");
    if (action.equals("connect")) {
      schema(ok, Tree.of("type", "string"));
    } else if (definitions.knows(returned)) {
      schema(ok, definitions.reference(returned));
    }
    Tree responses = Tree.of("200", ok, "401", Tree.of("description", "Unauthorized"));
    if (action.equals("post") || action.equals("put") || action.equals("patch")) {
      Tree created = ok.copy();
      created.put("description", "Created");
      responses.put("201", created);
    }
    return responses;
  }

  private void schema(Tree response, Tree schema) {
    if (dialect == Dialect.V2) {
      response.put("schema", schema);
      return;
    }
    for (String type : JSON_AND_MORE) {
      response.set(schema.copy(), "content", type, "schema");
    }
  }

  private void parameters(Tree operation, String action) {
    TreeList parameters = new TreeList();
    switch (action) {
      case "list", "deletecollection" -> {
        QueryParameters.LIST.forEach(p -> parameters.add(p.tree(dialect)));
        if (action.equals("deletecollection")) {
          QueryParameters.DELETE.forEach(p -> parameters.add(p.tree(dialect)));
        }
      }
      case "post", "put" -> QueryParameters.WRITE.forEach(p -> parameters.add(p.tree(dialect)));
      case "patch" -> {
        QueryParameters.WRITE.forEach(p -> parameters.add(p.tree(dialect)));
        parameters.add(QueryParameters.FORCE.tree(dialect));
      }
      case "delete" -> QueryParameters.DELETE.forEach(p -> parameters.add(p.tree(dialect)));
      default -> {}
    }
    if (!parameters.isEmpty()) {
      operation.put("parameters", parameters);
    }
  }

  private TreeList pathParameters(About about) {
    TreeList parameters = new TreeList();
    if (about.path.contains("{name}")) {
      parameters.add(pathParameter("name", "name of the " + about.kind.kind()));
    }
    if (about.path.contains("{namespace}")) {
      parameters.add(pathParameter("namespace", "the namespace of the object"));
    }
    parameters.add(QueryParameters.PRETTY.tree(dialect));
    return parameters;
  }

  private Tree pathParameter(String name, String description) {
    Tree tree = Tree.of("description", description, "in", "path", "name", name, "required", true);
    QueryParameters.type(tree, dialect, "string");
    return tree;
  }

  private static String describe(About about, String action) {
    String kind = about.kind.kind();
    return switch (action) {
      case "list" -> "list or watch objects of kind " + kind;
      case "post" -> "create a " + kind;
      case "deletecollection" -> "delete collection of " + kind;
      case "put" -> "replace the " + kind;
      case "patch" -> "partially update the " + kind;
      case "delete" -> "delete a " + kind;
      case "connect" -> "connect to " + kind;
      default -> "read the " + kind;
    };
  }

  private static String id(About about, String action) {
    String verb =
        switch (action) {
          case "get" -> "read";
          case "post" -> "create";
          case "put" -> "replace";
          case "deletecollection" -> "deleteCollection";
          default -> action;
        };
    return verb + capital(about.tag) + (about.namespaced ? "Namespaced" : "") + about.id;
  }

  private static String tag(Kind kind) {
    String group = kind.resource().group();
    int dot = group.indexOf('.');
    String part = group.isEmpty() ? "core" : dot < 0 ? group : group.substring(0, dot);
    return part + "_" + kind.resource().version();
  }

  private static String capital(String text) {
    StringBuilder out = new StringBuilder();
    for (String part : text.split("_", -1)) {
      if (!part.isEmpty()) {
        out.append(part.substring(0, 1).toUpperCase(Locale.ROOT)).append(part.substring(1));
      }
    }
    return out.toString();
  }
}

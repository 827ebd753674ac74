package io.bulwark.cluster.apiserver.discovery;

import io.bulwark.api.codec.Json;
import io.bulwark.api.codec.ReverseBuffer;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An OpenAPI 2 document as protobuf. Everything is written from the end to the start, so that each
 * field's content comes before its length.
 *
 * <p>Source: openapiv2/OpenAPIv2.proto of github.com/google/gnostic-models.
 */
final class Gnostic {
  private static final Map<String, Integer> METHODS =
      Map.of("get", 2, "put", 3, "post", 4, "delete", 5, "patch", 8);

  private final ReverseBuffer out = new ReverseBuffer(1 << 20);

  private Gnostic() {}

  static byte[] document(Tree document) {
    Gnostic gnostic = new Gnostic();
    gnostic.write(document);
    return gnostic.out.bytes();
  }

  private void write(Tree document) {
    named(13, document.treeOrEmpty("securityDefinitions"), 1, this::securityDefinition);
    each(document.list("security"), this::securityRequirement);
    named(9, document.treeOrEmpty("definitions"), 1, definition -> schema((Tree) definition));
    named(8, document.treeOrEmpty("paths"), 2, path -> path((Tree) path));
    message(
        2,
        () -> {
          text(2, document.text("info", "version"));
          text(1, document.text("info", "title"));
        });
    text(1, document.text("swagger"));
  }

  private void securityDefinition(@Nullable Object value) {
    Tree definition = (Tree) value;
    message(
        2,
        () -> {
          text(4, definition == null ? null : definition.text("description"));
          text(3, definition == null ? null : definition.text("in"));
          text(2, definition == null ? null : definition.text("name"));
          text(1, definition == null ? null : definition.text("type"));
        });
  }

  private void securityRequirement(@Nullable Object value) {
    message(12, () -> names(1, (Tree) value, _ -> {}));
  }

  private void path(Tree path) {
    parameters(9, path.list("parameters"));
    for (String method : List.of("patch", "delete", "post", "put", "get")) {
      Integer number = METHODS.get(method);
      if (path.get(method) instanceof Tree operation && number != null) {
        message(number, () -> operation(operation));
      }
    }
  }

  private void operation(Tree operation) {
    extensions(13, operation);
    texts(10, operation.texts("schemes"));
    message(
        9,
        () ->
            names(
                1,
                operation.treeOrEmpty("responses"),
                response -> message(1, () -> response((Tree) response))));
    parameters(8, operation.list("parameters"));
    texts(7, operation.texts("consumes"));
    texts(6, operation.texts("produces"));
    text(5, operation.text("operationId"));
    text(3, operation.text("description"));
    texts(1, operation.texts("tags"));
  }

  private void response(@Nullable Tree response) {
    if (response != null && response.get("schema") instanceof Tree schema) {
      message(2, () -> message(1, () -> schema(schema)));
    }
    text(1, response == null ? null : response.text("description"));
  }

  private void parameters(int number, TreeList parameters) {
    each(
        parameters,
        value -> {
          Tree parameter = (Tree) value;
          if (parameter != null) {
            message(number, () -> message(1, () -> parameter(parameter)));
          }
        });
  }

  private void parameter(Tree parameter) {
    switch (parameter.textOrEmpty("in")) {
      case "body" ->
          message(
              1,
              () -> {
                message(5, () -> schema(parameter.treeOrEmpty("schema")));
                flag(4, parameter.flag("required"));
                text(3, "body");
                text(2, parameter.text("name"));
              });
      case "path" -> message(2, () -> message(4, () -> simple(parameter, 5, 19)));
      default -> message(2, () -> message(3, () -> simple(parameter, 6, 20)));
    }
  }

  private void simple(Tree parameter, int type, int uniqueItems) {
    flag(uniqueItems, parameter.flag("uniqueItems"));
    text(type, parameter.text("type"));
    text(4, parameter.text("name"));
    text(3, parameter.text("description"));
    text(2, parameter.text("in"));
    flag(1, parameter.flag("required"));
  }

  private void schema(Tree schema) {
    extensions(31, schema);
    if (schema.get("properties") instanceof Tree properties) {
      named(25, properties, 1, property -> schema((Tree) property));
    }
    if (schema.get("items") instanceof Tree items) {
      message(23, () -> message(1, () -> schema(items)));
    }
    if (schema.text("type") != null) {
      message(22, () -> text(1, schema.text("type")));
    }
    if (schema.get("additionalProperties") instanceof Tree values) {
      message(21, () -> message(1, () -> schema(values)));
    }
    each(schema.list("enum"), value -> any(20, value));
    texts(19, schema.texts("required"));
    if (schema.containsKey("default")) {
      any(5, schema.get("default"));
    }
    text(4, schema.text("description"));
    text(2, schema.text("format"));
    text(1, schema.text("$ref"));
  }

  private void extensions(int number, Tree tree) {
    for (int i = tree.size() - 1; i >= 0; i--) {
      if (tree.keyAt(i).startsWith("x-")) {
        Object value = tree.valueAt(i);
        String name = tree.keyAt(i);
        message(
            number,
            () -> {
              any(2, value);
              text(1, name);
            });
      }
    }
  }

  /** A value of any type; JSON is YAML too. */
  private void any(int number, @Nullable Object value) {
    message(number, () -> text(2, Json.text(value) + "\n"));
  }

  /** A message that consists of named values. */
  private void named(int number, Tree tree, int inner, Consumer<@Nullable Object> content) {
    message(number, () -> names(inner, tree, content));
  }

  private void names(int number, @Nullable Tree tree, Consumer<@Nullable Object> content) {
    if (tree == null) {
      return;
    }
    List<Entry<String, @Nullable Object>> entries = List.copyOf(tree.entrySet());
    for (Entry<String, @Nullable Object> entry : entries.reversed()) {
      message(
          number,
          () -> {
            message(2, () -> content.accept(entry.getValue()));
            text(1, entry.getKey());
          });
    }
  }

  private static void each(TreeList list, Consumer<@Nullable Object> content) {
    for (int i = list.size() - 1; i >= 0; i--) {
      content.accept(list.get(i));
    }
  }

  private void message(int number, Runnable content) {
    int end = out.size();
    content.run();
    out.lengthAndTag(number, end);
  }

  private void texts(int number, List<String> texts) {
    for (String text : texts.reversed()) {
      out.text(number, text);
    }
  }

  private void text(int number, @Nullable String text) {
    if (text != null && !text.isEmpty()) {
      out.text(number, text);
    }
  }

  private void flag(int number, boolean flag) {
    if (flag) {
      out.number(number, 1);
    }
  }
}

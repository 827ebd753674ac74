package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.codec.Json;
import io.bulwark.api.codec.MalformedBody;
import io.bulwark.api.codec.Protobuf;
import io.bulwark.api.codec.Yaml;
import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.Rejected;
import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.platform.http.Incoming;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of requests: JSON, YAML and protobuf. Thread-safe. */
public final class Bodies {
  private static final int SUMMARY = 30;

  private final Shapes shapes;

  public Bodies(Shapes shapes) {
    this.shapes = shapes;
  }

  /** Reads an object of a kind. */
  public Decoded read(Incoming incoming, Kind kind) {
    return read(incoming, kind.resource().groupVersionKind(), kind.schema());
  }

  /**
   * Reads an object of any kind, such as the body of a subresource.
   *
   * @throws Rejected 415 for an unknown content type, 400 for what is no object of the kind
   */
  public Decoded read(Incoming incoming, GroupVersionKind expected, String schema) {
    String mediaType = MediaTypes.ofBody(incoming);
    FieldValidation validation = FieldValidation.of(incoming);
    List<String> duplicates = new ArrayList<>();
    Tree tree = parse(incoming.body(), mediaType, expected, duplicates);
    identify(tree, expected);
    Conform conform = new Conform();
    try {
      conform.object(tree, shapes.of(schema));
    } catch (Unmarshal wrong) {
      throw cannot(expected, String.valueOf(wrong.getMessage()));
    }
    if (incoming.body().length > Json.DEPTH && Json.tooDeep(tree)) {
      throw cannot(expected, "exceeded max depth");
    }
    List<String> strict = new ArrayList<>();
    conform.unknown().forEach(path -> strict.add("unknown field \"" + path + "\""));
    duplicates.forEach(
        path -> strict.add(path.contains("\"") ? path : "duplicate field \"" + path + "\""));
    if (validation == FieldValidation.STRICT && !strict.isEmpty()) {
      throw cannot(expected, "strict decoding error: " + String.join(", ", strict));
    }
    return new DecodedBody(
        tree, validation == FieldValidation.WARN ? List.copyOf(strict) : List.of());
  }

  private static Tree parse(
      byte[] body, String mediaType, GroupVersionKind expected, List<String> duplicates) {
    try {
      return switch (mediaType) {
        case MediaTypes.YAML -> object(Yaml.readAny(body, duplicates));
        case MediaTypes.PROTOBUF -> Protobuf.read(body);
        default -> object(Json.readAny(body, duplicates));
      };
    } catch (MalformedBody malformed) {
      String opening =
          switch (mediaType) {
            case MediaTypes.YAML, MediaTypes.PROTOBUF -> "";
            default -> "couldn't get version/kind; json parse error: ";
          };
      throw new Failure.BadRequest(
              "the object provided is unrecognized (must be of type "
                  + expected.kind()
                  + "): "
                  + opening
                  + malformed.getMessage()
                  + " ("
                  + summary(body)
                  + ")")
          .rejected();
    }
  }

  private static Tree object(@Nullable Object value) {
    return switch (value) {
      case Tree tree -> tree;
      case null -> new Tree();
      default ->
          throw new MalformedBody(
              "json: cannot unmarshal %s into Go value of type struct { APIVersion string"
                      .formatted(Json.nameOf(value))
                  + " \"json:\\\"apiVersion,omitempty\\\"\"; Kind string"
                  + " \"json:\\\"kind,omitempty\\\"\" }");
    };
  }

  /** Source: the words of upstream's scheme for a type that it does not have. */
  static String unregistered(String kind, String version) {
    return "no kind \""
        + kind
        + "\" is registered for version \""
        + version
        + "\" in scheme \"pkg/runtime/scheme.go:111\"";
  }

  /** Checks apiVersion and kind; absent ones are those that the URL names. */
  private static void identify(Tree tree, GroupVersionKind expected) {
    String kind = typeName(tree, "kind", expected.kind(), expected);
    String version = typeName(tree, "apiVersion", expected.apiVersion(), expected);
    if (!kind.equals(expected.kind())) {
      throw new Failure.BadRequest(
              kind
                  + " in version \""
                  + version.substring(version.indexOf('/') + 1)
                  + "\" cannot be handled as a "
                  + expected.kind()
                  + ": "
                  + unregistered(kind, version))
          .rejected();
    }
    if (!version.equals(expected.apiVersion())) {
      throw new Failure.BadRequest(
              "the API version in the data ("
                  + version
                  + ") does not match the expected API version ("
                  + expected.apiVersion()
                  + ")")
          .rejected();
    }
    tree.put("apiVersion", version);
    tree.put("kind", kind);
  }

  private static String typeName(
      Tree tree, String field, String fallback, GroupVersionKind expected) {
    Object value = tree.get(field);
    if (value == null || value.equals("")) {
      return fallback;
    }
    if (value instanceof String text) {
      return text;
    }
    throw new Failure.BadRequest(
            "the object provided is unrecognized (must be of type "
                + expected.kind()
                + "): couldn't get version/kind; json parse error: json: cannot unmarshal "
                + Json.nameOf(value)
                + " into Go struct field ."
                + field
                + " of type string")
        .rejected();
  }

  private static Rejected cannot(GroupVersionKind expected, String why) {
    return new Failure.BadRequest(
            expected.kind()
                + " in version \""
                + expected.version()
                + "\" cannot be handled as a "
                + expected.kind()
                + ": "
                + why)
        .rejected();
  }

  /** The first bytes of a body: as text if it looks like JSON, else in hexadecimal. */
  private static String summary(byte[] body) {
    if (body.length == 0) {
      return "<empty>";
    }
    int length = Math.min(body.length, SUMMARY);
    String start =
        body[0] == '{'
            ? new String(body, 0, length, StandardCharsets.UTF_8)
            : HexFormat.of().formatHex(body, 0, length);
    return body.length > SUMMARY ? start + " ..." : start;
  }
}

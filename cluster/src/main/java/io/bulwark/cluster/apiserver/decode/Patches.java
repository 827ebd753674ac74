package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.codec.Json;
import io.bulwark.api.codec.MalformedBody;
import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.FieldError;
import io.bulwark.api.failure.Rejected;
import io.bulwark.api.meta.GroupKind;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.PatchType;
import io.bulwark.cluster.apiserver.kind.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Applies JSON patches, merge patches and strategic merge patches. Thread-safe. */
public final class Patches {
  private static final String TOO_DEEP = "invalid character '{' exceeded max depth";

  private final Shapes shapes;

  public Patches(Shapes shapes) {
    this.shapes = shapes;
  }

  /** As {@link #apply(PatchRequest, Tree, String)}, for the objects of a kind. */
  public Decoded apply(PatchRequest patch, Tree current, Kind kind) {
    return apply(patch, current, kind.schema());
  }

  /**
   * The patched object, without defaults for what the patch removed.
   *
   * @param current never changed
   * @param schema of the object, which for a subresource may be another one than that of its kind
   * @throws Rejected 400 for a malformed patch, 413 for too many operations, 422 for one that does
   *     not apply or whose result is no object of the kind
   */
  public Decoded apply(PatchRequest patch, Tree current, String schema) {
    List<String> strict = new ArrayList<>();
    Shape shape = shapes.of(schema);
    String opening = patch.type() == PatchType.STRATEGIC ? "" : "error decoding patch: ";
    Object body = parse(patch.body(), opening, strict);
    Object result =
        switch (patch.type()) {
          case JSON -> json(body, current);
          case MERGE -> {
            Tree target = current.copy();
            MergePatch.apply(target, object(body, opening));
            yield target;
          }
          case STRATEGIC -> strategic(object(body, opening), current, shape);
          case APPLY -> throw new IllegalArgumentException("an apply is no patch");
        };
    if (!(result instanceof Tree tree)) {
      throw unacceptable(
          Json.text(result),
          "json: cannot unmarshal "
              + Json.nameOf(result)
              + " into Go value of type map[string]interface {}");
    }
    if (Json.tooDeep(tree)) {
      throw new Failure.BadRequest(opening + TOO_DEEP).rejected();
    }
    if (patch.type() == PatchType.STRATEGIC) {
      retype(tree, current);
    }
    String printed = patch.type() == PatchType.STRATEGIC ? GoText.of(body) : Json.text(tree);
    if (!sameType(tree, current)) {
      throw unacceptable(
          printed, Bodies.unregistered(tree.textOrEmpty("kind"), tree.textOrEmpty("apiVersion")));
    }
    Conform conform = new Conform();
    try {
      conform.object(tree, shape);
    } catch (Unmarshal wrong) {
      throw unacceptable(printed, String.valueOf(wrong.getMessage()));
    }
    conform.unknown().forEach(path -> strict.add("unknown field \"" + path + "\""));
    if (patch.validation() == FieldValidation.STRICT && !strict.isEmpty()) {
      throw unacceptable(printed, "strict decoding error: " + String.join(", ", strict));
    }
    return new DecodedBody(
        tree, patch.validation() == FieldValidation.WARN ? List.copyOf(strict) : List.of());
  }

  private static boolean sameType(Tree tree, Tree current) {
    return java.util.Objects.equals(tree.get("kind"), current.get("kind"))
        && java.util.Objects.equals(tree.get("apiVersion"), current.get("apiVersion"));
  }

  private static void retype(Tree tree, Tree current) {
    for (String field : List.of("apiVersion", "kind")) {
      Object value = current.get(field);
      if (value != null) {
        tree.put(field, value);
      }
    }
  }

  private static @Nullable Object parse(byte[] body, String opening, List<String> strict) {
    List<String> duplicates = new ArrayList<>();
    try {
      Object parsed = Json.readAny(body, duplicates);
      duplicates.forEach(path -> strict.add("duplicate field \"" + path + "\""));
      if (Json.tooDeep(parsed)) {
        throw new MalformedBody(TOO_DEEP);
      }
      return parsed;
    } catch (MalformedBody malformed) {
      throw new Failure.BadRequest(opening + malformed.getMessage()).rejected();
    }
  }

  private static Tree object(@Nullable Object body, String opening) {
    if (body instanceof Tree tree) {
      return tree;
    }
    throw new Failure.BadRequest(
            opening
                + "json: cannot unmarshal "
                + Json.nameOf(body)
                + " into Go value of type map[string]interface {}")
        .rejected();
  }

  private static Object json(@Nullable Object body, Tree current) {
    if (!(body instanceof TreeList operations)) {
      throw operation(body, "[]handlers.jsonPatchOp");
    }
    for (Object operation : operations) {
      if (!(operation instanceof Tree)) {
        throw operation(operation, "handlers.jsonPatchOp");
      }
    }
    if (operations.size() > JsonPatch.OPERATIONS) {
      throw new Failure.RequestEntityTooLarge(
              "The allowed maximum operations in a JSON patch is "
                  + JsonPatch.OPERATIONS
                  + ", got "
                  + operations.size())
          .rejected();
    }
    try {
      return JsonPatch.parse(operations).apply(current.copy());
    } catch (PatchRefused inapplicable) {
      throw new Failure.Ready(
              422,
              Tree.of(
                  "apiVersion", "v1",
                  "kind", "Status",
                  "metadata", new Tree(),
                  "status", "Failure",
                  "reason", "Invalid",
                  "details", new Tree(),
                  "message", "the server rejected our request due to an error in our request"))
          .rejected();
    }
  }

  private static Rejected operation(@Nullable Object found, String wanted) {
    return new Failure.BadRequest(
            "error decoding patch: json: cannot unmarshal "
                + Json.nameOf(found)
                + " into Go value of type "
                + wanted)
        .rejected();
  }

  private static Tree strategic(Tree patch, Tree current, Shape shape) {
    try {
      return StrategicMerge.apply(current.copy(), patch, shape);
    } catch (PatchRefused malformed) {
      throw new Failure.BadRequest(String.valueOf(malformed.getMessage())).rejected();
    }
  }

  private static Rejected unacceptable(@Nullable Object result, String why) {
    return new Failure.Invalid(
            new GroupKind("", ""), "", List.of(FieldError.invalid("patch", result, why)))
        .rejected();
  }
}

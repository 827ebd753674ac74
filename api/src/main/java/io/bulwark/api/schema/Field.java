package io.bulwark.api.schema;

import java.util.List;

/**
 * A field of a type. Texts are empty and lists are empty where the field has no such property.
 *
 * @param name in JSON
 * @param text index of the description, see {@link #description}
 * @param patchStrategies of strategic merge patch: {@code merge}, {@code retainKeys}, {@code
 *     replace}
 * @param mergeKey of strategic merge patch
 * @param listType of server-side apply: {@code atomic}, {@code set} or {@code map}
 * @param listMapKeys the keys of a list of type {@code map}
 * @param mapType of server-side apply: {@code atomic} or {@code granular}
 * @param defaultValue JSON text
 * @param enumeration the allowed strings, sorted, as OpenAPI lists them
 * @param protobufParents numbers of the messages that hold the field, outermost first; none where
 *     it stands directly in the message of its type
 * @param protobufNumber 0 where the field is not in the protobuf form
 * @param keepsZero whether zero, false and the empty string differ from absence; other fields that
 *     are read from protobuf with such a value are left out
 */
public record Field(
    String name,
    Type type,
    boolean required,
    int text,
    List<String> patchStrategies,
    String mergeKey,
    String listType,
    List<String> listMapKeys,
    String mapType,
    String defaultValue,
    List<String> enumeration,
    List<Integer> protobufParents,
    int protobufNumber,
    boolean keepsZero) {
  public Field {
    patchStrategies = List.copyOf(patchStrategies);
    listMapKeys = List.copyOf(listMapKeys);
    enumeration = List.copyOf(enumeration);
    protobufParents = List.copyOf(protobufParents);
  }

  /** What the field is for; looked up on each call. */
  public String description() {
    return Schemas.description(text);
  }

  /** Whether strategic merge patch merges the elements of this list or the keys of this map. */
  public boolean merges() {
    return patchStrategies.contains("merge");
  }
}

package io.bulwark.cluster.apiserver.decode;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What decoding, patching and merging need to know about one type of the schema. Thread-safe.
 *
 * <p>Source: the {@code x-kubernetes-*} extensions of upstream's OpenAPI document.
 */
public interface Shape {
  /** What a value of the type looks like in JSON. */
  enum Form {
    /** Has named fields. */
    STRUCT,
    /** Has free keys and values of one type. */
    MAP,
    LIST,
    STRING,
    BYTES,
    /** A time to the second. */
    TIME,
    /** A time to the microsecond. */
    MICRO_TIME,
    INTEGER,
    NUMBER,
    BOOLEAN,
    INT_OR_STRING,
    QUANTITY,
    /** Any JSON value: raw extensions, and what no schema describes. */
    ANY
  }

  /** How a list is merged by server-side apply. */
  enum ListType {
    ATOMIC,
    SET,
    MAP
  }

  Form form();

  /** The type as messages name it, such as {@code v1.PodSpec}, {@code int32}, {@code []string}. */
  String typeName();

  /** The type of a field; null where a struct has no such field. */
  @Nullable Shape field(String name);

  /** Names of the fields of a struct; empty for everything else. */
  Set<String> fields();

  /** The type of list elements and map values; {@link #ANYTHING} for everything else. */
  Shape element();

  /** How server-side apply merges a list. */
  ListType listType();

  /** Keys of the elements of a list of type MAP. */
  List<String> listKeys();

  /** Whether a struct or map is owned as a whole. */
  boolean atomic();

  /** Whether strategic merge merges the list in this field; else it replaces it. */
  boolean patchMerges();

  /** Whether strategic merge drops fields that {@code $retainKeys} does not name. */
  boolean patchRetainsKeys();

  /** Key by which strategic merge finds elements; empty for lists of scalars. */
  String patchMergeKey();

  /** Value of the field where it is absent; null where it has none. */
  @Nullable Object defaultValue();

  /** What stands in those fields of a struct that are always written; empty for everything else. */
  default Map<String, @Nullable Object> zeros() {
    return Map.of();
  }

  /** Whether zero, false, the empty string and the empty list differ from absence. */
  default boolean keepsZero() {
    return true;
  }

  /** Names of the fields of a struct that must be present. */
  List<String> required();

  /** Allowed values of a string; empty where any may stand. */
  List<String> enumeration();

  /** The shape of what has no schema. */
  Shape ANYTHING = new AnyShape();
}

package io.bulwark.api.schema;

/** The type of a field, or of what is in a list or map. */
public sealed interface Type {
  /** An object with a schema of its own. */
  record ObjectOf(String name) implements Type {
    /** Resolved on each call, because schemas may refer to themselves. */
    public Schema schema() {
      return Schemas.type(name);
    }
  }

  /**
   * An array.
   *
   * @param wrapped whether protobuf puts the elements into a message of their own
   */
  record ListOf(Type element, boolean wrapped) implements Type {}

  /** An object with any keys. */
  record MapOf(Type value) implements Type {}

  /** Everything that has no schema to look into. */
  enum Scalar implements Type {
    STRING,
    INT32,
    INT64,
    DOUBLE,
    BOOLEAN,
    /** Base64 in JSON. */
    BYTES,
    /** A whole number or a string. */
    INT_OR_STRING,
    /** A string; numbers are read too. */
    QUANTITY,
    /** RFC 3339 with seconds. */
    TIME,
    /** RFC 3339 with microseconds. */
    MICRO_TIME,
    /** As Go writes durations. */
    DURATION,
    /** An object of any kind. */
    RAW_EXTENSION,
    /** The set of fields that a manager owns. */
    FIELDS_V1,
    /** Any JSON value. */
    JSON,
    /** A JSON schema, or an array of them. */
    SCHEMA_OR_ARRAY,
    /** A JSON schema, or a boolean. */
    SCHEMA_OR_BOOL,
    /** A JSON schema, or an array of strings. */
    SCHEMA_OR_STRINGS,
    /** An object without fields. */
    EMPTY_OBJECT
  }
}

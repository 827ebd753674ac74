package io.bulwark.api.selector;

/**
 * One term of a field selector.
 *
 * @param equal whether the field must have the value; false where it must not
 */
public record FieldRequirement(String field, boolean equal, String value) {
  /** The textual form, escaped. */
  @Override
  public String toString() {
    return field
        + (equal ? "=" : "!=")
        + value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=");
  }
}

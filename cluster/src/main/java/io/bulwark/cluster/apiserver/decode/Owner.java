package io.bulwark.cluster.apiserver.decode;

/**
 * Who owns fields: one entry of managedFields without its fields and time.
 *
 * @param apiVersion in which the fields are named
 */
record Owner(String name, boolean applies, String apiVersion, String subresource) {
  String operation() {
    return applies ? "Apply" : "Update";
  }

  /** Whether two entries are one owner's; an applier stays the same when it changes version. */
  boolean is(Owner other) {
    return name.equals(other.name)
        && applies == other.applies
        && subresource.equals(other.subresource)
        && (applies || apiVersion.equals(other.apiVersion));
  }

  /** As conflicts name it. */
  String readable() {
    String text = "\"" + name + "\"";
    if (!subresource.isEmpty()) {
      text += " with subresource \"" + subresource + "\"";
    }
    return applies ? text : text + " using " + apiVersion;
  }
}

package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.tree.Tree;
import java.util.List;

/**
 * Kinds whose rules are that some fields must be there and that some may never change.
 *
 * @param required top-level fields, or fields of the spec written {@code spec.name}
 * @param fixed likewise
 */
record FixedFields(List<String> required, List<String> fixed) implements Rules {
  @Override
  public void check(Tree object, Checks checks) {
    for (String path : required) {
      Object value = object.at(path.split("\\."));
      if (value == null || value.equals("")) {
        checks.required(path, "");
      }
    }
  }

  @Override
  public void checkUpdate(Tree object, Tree live, Checks checks) {
    for (String path : fixed) {
      checks.immutable(object, live, path, path.split("\\."));
    }
  }
}

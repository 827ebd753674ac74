package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import java.util.List;

/**
 * An object that was read from a request or a patch; only {@link Bodies} and {@link Patches} make
 * one.
 */
public sealed interface Decoded permits DecodedBody {
  /** Has only fields of its type, no nulls, no defaults yet. May be changed. */
  Tree tree();

  /** For {@code Warning} headers of code 299, such as {@code unknown field "spec.x"}. */
  List<String> warnings();
}

package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Prints values as upstream's messages have them: {@code map[a:1 b:[x y]]}. */
final class GoText {
  private GoText() {}

  static String of(@Nullable Object value) {
    return switch (value) {
      case null -> "<nil>";
      case Tree tree -> {
        StringJoiner text = new StringJoiner(" ", "map[", "]");
        for (int i = 0; i < tree.size(); i++) {
          text.add(tree.keyAt(i) + ":" + of(tree.valueAt(i)));
        }
        yield text.toString();
      }
      case TreeList list -> {
        StringJoiner text = new StringJoiner(" ", "[", "]");
        list.forEach(element -> text.add(of(element)));
        yield text.toString();
      }
      case Object scalar -> scalar.toString();
    };
  }
}

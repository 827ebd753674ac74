package io.bulwark.cluster.apiserver.registry;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.meta.Meta;
import io.bulwark.api.selector.FieldRequirement;
import io.bulwark.api.selector.FieldSelector;
import io.bulwark.api.selector.LabelSelector;
import io.bulwark.api.selector.MalformedSelector;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.platform.http.Incoming;
import java.util.function.Function;
import java.util.function.Predicate;

/** The selectors of a request, over stored objects. */
final class Selection {
  private Selection() {}

  static Predicate<Tree> of(Incoming incoming, Kind kind) {
    try {
      LabelSelector labels = LabelSelector.parse(incoming.parameter("labelSelector"));
      Predicate<Tree> selected = labels::matchesObject;
      for (FieldRequirement wanted :
          FieldSelector.parse(incoming.parameter("fieldSelector")).requirements()) {
        Function<Tree, String> field = field(kind, wanted.field());
        selected =
            selected.and(object -> field.apply(object).equals(wanted.value()) == wanted.equal());
      }
      return selected;
    } catch (MalformedSelector malformed) {
      throw new Failure.BadRequest(String.valueOf(malformed.getMessage())).rejected();
    }
  }

  private static Function<Tree, String> field(Kind kind, String name) {
    Function<Tree, String> field =
        switch (name) {
          case "metadata.name" -> Meta::name;
          case "metadata.namespace" -> Meta::namespace;
          default -> kind.selectableFields().get(name);
        };
    if (field == null) {
      throw new Failure.BadRequest("field label not supported: " + name).rejected();
    }
    return field;
  }
}

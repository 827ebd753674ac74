package io.bulwark.cluster.apiserver.read;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.selector.FieldRequirement;
import io.bulwark.api.selector.FieldSelector;
import io.bulwark.api.selector.LabelSelector;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.store.Entry;
import org.jspecify.annotations.Nullable;

/** Which objects of a kind a client wants. Thread-safe. */
public record Selection(Kind kind, LabelSelector labels, FieldSelector fields) {
  private static final String NAME = "metadata.name";
  private static final String NAMESPACE = "metadata.namespace";

  /**
   * @throws io.bulwark.api.selector.MalformedSelector if a selector cannot be understood
   * @throws io.bulwark.api.failure.Rejected with 400 if a field is none that the kind offers
   */
  public static Selection parse(Kind kind, @Nullable String labels, @Nullable String fields) {
    Selection selection =
        new Selection(kind, LabelSelector.parse(labels), FieldSelector.parse(fields));
    for (FieldRequirement requirement : selection.fields.requirements()) {
      if (!offered(kind, requirement.field())) {
        throw new Failure.BadRequest(unknown(kind, requirement.field())).rejected();
      }
    }
    return selection;
  }

  private static boolean offered(Kind kind, String field) {
    boolean plain = kind.selectableFields().isEmpty();
    return field.equals(NAME)
        || (field.equals(NAMESPACE) && (plain || kind.resource().namespaced()))
        || kind.selectableFields().containsKey(field);
  }

  private static String unknown(Kind kind, String field) {
    return kind.selectableFields().isEmpty()
        ? "\""
            + field
            + "\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
        : "field label not supported: " + field;
  }

  public boolean everything() {
    return labels.matchesEverything() && fields.matchesEverything();
  }

  /** The only name that can match, or null where several can. */
  public @Nullable String onlyName() {
    return fields.requiredValue(NAME);
  }

  public boolean matches(Entry entry) {
    if (!labels.matchesEverything() && !labels.matchesLabels(ObjectView.of(entry).labels())) {
      return false;
    }
    return fields.matchesEverything() || fields.matches(field -> value(entry, field));
  }

  private String value(Entry entry, String field) {
    return switch (field) {
      case NAME -> entry.key().substring(entry.key().lastIndexOf('/') + 1);
      case NAMESPACE -> namespace(entry.key());
      default -> ObjectView.of(entry).field(kind, field);
    };
  }

  private String namespace(String key) {
    return kind.resource().namespaced()
        ? key.substring(kind.storagePrefix().length(), key.lastIndexOf('/'))
        : "";
  }
}

package io.bulwark.cluster.apiserver.validate;

import io.bulwark.api.failure.FieldError;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.decode.Shape;
import io.bulwark.cluster.apiserver.decode.Shapes;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.kind.QualityOfService;
import java.util.List;

/**
 * Checks objects against their schema, the rules of metadata and those of their kind. Thread-safe.
 */
public final class Validator {
  private final Shapes shapes;

  public Validator(Shapes shapes) {
    this.shapes = shapes;
  }

  /** All broken rules of a new object with its defaults; empty for none. */
  public List<FieldError> validate(Kind kind, Tree object) {
    Checks checks = new Checks();
    MetadataRules.check(kind, object, checks);
    schema(kind, object, checks);
    Rules rules = KindRules.of(kind);
    rules.check(object, checks);
    rules.checkCreate(object, checks);
    checks.addAll(kind.strategy().validate(object));
    return checks.errors();
  }

  /** All broken rules of a changed object, those that forbid the change included. */
  public List<FieldError> validateUpdate(Kind kind, Tree object, Tree live) {
    Checks checks = new Checks();
    MetadataRules.check(kind, object, checks);
    MetadataRules.checkUpdate(object, live, checks);
    schema(kind, object, checks);
    Rules rules = KindRules.of(kind);
    rules.check(object, checks);
    rules.checkUpdate(object, live, checks);
    checks.addAll(kind.strategy().validateUpdate(object, live));
    return checks.errors();
  }

  /** As {@link #validateUpdate}, for a change through a subresource such as {@code status}. */
  public List<FieldError> validateUpdate(Kind kind, String subresource, Tree object, Tree live) {
    Checks checks = new Checks();
    MetadataRules.check(kind, object, checks);
    MetadataRules.checkUpdate(object, live, checks);
    if (subresource.equals("ephemeralcontainers")) {
      schema(kind, object, checks);
      KindRules.of(kind).check(object, checks);
      EphemeralContainerRules.checkUpdate(object, live, checks);
    }
    if (subresource.equals("resize")) {
      String quality = live.textOrEmpty("status", "qosClass");
      if (!quality.isEmpty() && !quality.equals(QualityOfService.of(object))) {
        checks.invalid("spec", quality, "Pod QOS Class may not change as a result of resizing");
      }
    }
    checks.addAll(kind.strategy().validateStatusUpdate(object, live));
    return checks.errors();
  }

  private void schema(Kind kind, Tree object, Checks checks) {
    Shape shape = shapes.of(kind.schema());
    boolean required = KindRules.requiresBySchema(kind);
    object.forEach(
        (part, value) -> {
          Shape field = shape.field(part);
          if (field != null && !part.equals("status") && !part.equals("metadata")) {
            new SchemaRules(checks, required && value instanceof Tree).check(value, field, part);
          }
        });
  }
}

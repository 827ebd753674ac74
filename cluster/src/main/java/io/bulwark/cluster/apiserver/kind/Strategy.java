package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.failure.FieldError;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is special about a kind. Every method has a default that suits a plain kind with spec and
 * status; a kind overrides as few as it can. Trees handed in may be changed where the name says
 * "prepare", never otherwise.
 *
 * <p>Stateless and thread-safe.
 */
public interface Strategy {
  /** Nothing special. */
  Strategy PLAIN = new Strategy() {};

  /** Before an object is created; status is already removed where the kind has that subresource. */
  default void prepareForCreate(Tree object) {}

  /** Before an object is replaced through its main endpoint; status is already the live one. */
  default void prepareForUpdate(Tree object, Tree live) {}

  /** Before a status is replaced; all but status and metadata is already the live one. */
  default void prepareForStatusUpdate(Tree object, Tree live) {}

  /** Rules beyond the schema for a new object; all broken ones at once. */
  default List<FieldError> validate(Tree object) {
    return List.of();
  }

  /** Rules beyond the schema for a changed object; all broken ones at once. */
  default List<FieldError> validateUpdate(Tree object, Tree live) {
    return validate(object);
  }

  default List<FieldError> validateStatusUpdate(Tree object, Tree live) {
    return List.of();
  }

  /** Whether PUT without resourceVersion overwrites. */
  default boolean unconditionalUpdate() {
    return true;
  }

  /** Whether PUT of a missing object creates it. */
  default boolean createOnUpdate() {
    return false;
  }

  /** Seconds for which deletion lets an object live on unless asked otherwise; -1 for never. */
  default long graceSeconds(Tree object) {
    return -1;
  }

  /** Whether deletion skips the grace period: nothing is left that could use it. */
  default boolean deletesAtOnce(Tree object) {
    return false;
  }

  /** Whether a new object keeps the status that its creator sent. */
  default boolean statusOnCreate() {
    return false;
  }

  /** Whether the kind has {@code metadata.generation}. */
  default boolean generation() {
    return true;
  }

  /** Whether a change through the main endpoint makes a new generation. */
  default boolean changesGeneration(Tree object, Tree live) {
    return !Objects.equals(object.get("spec"), live.get("spec"));
  }

  /** Whether more than metadata.finalizers keeps a deleted object alive. */
  default boolean held(Tree object) {
    return false;
  }

  /** Whether an object without a deletion policy leaves its dependents behind. */
  default boolean orphansDependents() {
    return false;
  }

  /** Whether deletion answers with the object rather than with a Status. */
  default boolean returnsDeleted() {
    return false;
  }

  /** How long an object is kept; null for ever. */
  default @Nullable Duration lifetime() {
    return null;
  }

  /** Whether objects are stored in the form in which they are served. */
  default boolean storedAsServed() {
    return true;
  }

  /** The form in which an object is stored; may return its argument. */
  default Tree toStored(Tree served) {
    return served;
  }

  /** The form in which a stored object is served; may return its argument. */
  default Tree toServed(Tree stored) {
    return stored;
  }

  /** What a row of a table says about the object beside its cells; mostly nothing. */
  default TreeList rowConditions(Tree object) {
    return new TreeList();
  }

  /** Warnings for the client about deprecated or doubtful content of a changed object. */
  default List<String> updateWarnings(Tree object) {
    return List.of();
  }

  /** Warnings for the client about deprecated or doubtful content of a new object. */
  default List<String> warnings(Tree object) {
    return List.of();
  }
}

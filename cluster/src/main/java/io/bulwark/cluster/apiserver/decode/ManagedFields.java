package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.kind.Kind;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@code metadata.managedFields}, and merges applied objects. Thread-safe.
 *
 * <p>Source: "Server-Side Apply" in upstream's documentation.
 */
public final class ManagedFields {
  private final Shapes shapes;
  private final InstantSource clock;

  public ManagedFields(Shapes shapes, InstantSource clock) {
    this.shapes = shapes;
    this.clock = clock;
  }

  /**
   * Records a create, an update or a patch that is no apply: the manager now owns what changed.
   *
   * @param live the stored object; null for a create; never changed
   * @param next the object as it will be stored, defaults included; its managedFields are replaced
   * @param subresource empty for the main endpoint
   * @return {@code next}
   */
  public Tree update(
      @Nullable Tree live, Tree next, Kind kind, String subresource, String manager) {
    throw new UnsupportedOperationException(shapes.toString() + clock);
  }

  /**
   * Merges an applied configuration into the live object.
   *
   * @param live the stored object; null for a create; never changed
   * @param patch body of the request, YAML or JSON
   * @param force takes over what others own
   * @return the merged object, before defaults and admission
   * @throws io.bulwark.api.failure.Rejected 400 for a malformed configuration, 409 for conflicts
   */
  public Decoded apply(
      @Nullable Tree live,
      byte[] patch,
      FieldValidation validation,
      Kind kind,
      String subresource,
      String manager,
      boolean force) {
    throw new UnsupportedOperationException(shapes.toString());
  }

  /**
   * Puts the live managedFields into an object that differs from the live one in nothing but their
   * timestamps, so that storing it changes nothing. Call it last, before the object is stored.
   */
  public static void settle(Tree live, Tree next) {
    throw new UnsupportedOperationException(live.toString() + next);
  }
}

package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.tree.Tree;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * Persistent volumes and claims: pending when made; without generation.
 *
 * <p>Source: kubernetes pkg/registry/core/persistentvolume and persistentvolumeclaim.
 *
 * @param clock for the time of the last change of phase; that of a claim is not kept
 * @param timed whether that time is kept
 */
record VolumePhase(InstantSource clock, boolean timed) implements Strategy {
  private static final String TRANSITION = "lastPhaseTransitionTime";

  @Override
  public void prepareForCreate(Tree object) {
    object.put("status", Tree.of("phase", "Pending"));
    if (timed) {
      object.child("status").put(TRANSITION, now());
    }
  }

  @Override
  public void prepareForStatusUpdate(Tree object, Tree live) {
    if (!timed) {
      return;
    }
    Tree status = object.child("status");
    Tree before = live.treeOrEmpty("status");
    boolean samePhase = status.textOrEmpty("phase").equals(before.textOrEmpty("phase"));
    boolean untouched = Objects.equals(status.get(TRANSITION), before.get(TRANSITION));
    if (samePhase && !status.has(TRANSITION) && before.has(TRANSITION)) {
      status.put(TRANSITION, before.get(TRANSITION));
    } else if (!samePhase && (!status.has(TRANSITION) || untouched)) {
      status.put(TRANSITION, now());
    }
  }

  @Override
  public boolean generation() {
    return false;
  }

  @Override
  public boolean returnsDeleted() {
    return true;
  }

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}

package io.bulwark.cluster.scheduler.model;

import io.bulwark.api.tree.Tree;

/** Keeps pods away from a node unless they tolerate it. */
public record Taint(String key, String value, String effect) {
  public static final String NO_SCHEDULE = "NoSchedule";
  public static final String PREFER_NO_SCHEDULE = "PreferNoSchedule";
  public static final String NO_EXECUTE = "NoExecute";

  public static Taint of(Tree taint) {
    return new Taint(
        taint.textOrEmpty("key"), taint.textOrEmpty("value"), taint.textOrEmpty("effect"));
  }

  /** As messages have it: {@code {key: value}}. */
  @Override
  public String toString() {
    return "{" + key + ": " + value + "}";
  }
}

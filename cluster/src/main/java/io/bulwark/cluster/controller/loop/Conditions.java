package io.bulwark.cluster.controller.loop;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.Timestamps;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads and changes single conditions, and never touches those of others. */
public final class Conditions {
  private Conditions() {}

  /** The condition of a type in an object's status, or null. */
  public static @Nullable Tree find(Tree object, String type) {
    return in(object.list("status", "conditions"), type);
  }

  /** The condition of a type, or null. */
  public static @Nullable Tree in(TreeList conditions, String type) {
    for (int i = 0; i < conditions.size(); i++) {
      if (conditions.get(i) instanceof Tree condition && type.equals(condition.text("type"))) {
        return condition;
      }
    }
    return null;
  }

  /** The status of a condition: {@code True}, {@code False}, {@code Unknown}, or empty. */
  public static String status(Tree object, String type) {
    Tree condition = find(object, type);
    return condition == null ? "" : condition.textOrEmpty("status");
  }

  /** Puts the condition in the place of the one with its type, or at the end. */
  public static void put(TreeList conditions, Tree condition) {
    for (int i = 0; i < conditions.size(); i++) {
      if (conditions.get(i) instanceof Tree old
          && condition.textOrEmpty("type").equals(old.text("type"))) {
        conditions.set(i, condition);
        return;
      }
    }
    conditions.add(condition);
  }

  /** Puts the condition at the end, instead of the one with its type. */
  public static void last(TreeList conditions, Tree condition) {
    remove(conditions, condition.textOrEmpty("type"));
    conditions.add(condition);
  }

  /**
   * Sets a condition unless it stands there like that. Its time moves only with its status.
   *
   * @param status {@code True}, {@code False} or {@code Unknown}
   */
  public static void set(
      TreeList conditions, String type, String status, String reason, String message, Instant now) {
    Tree old = in(conditions, type);
    boolean same = old != null && status.equals(old.text("status"));
    if (old != null
        && same
        && reason.equals(old.text("reason"))
        && message.equals(old.text("message"))) {
      return;
    }
    Tree condition =
        Tree.of(
            "type", type,
            "status", status,
            "reason", reason,
            "message", message,
            "lastTransitionTime", Timestamps.seconds(now));
    if (old != null && same) {
      condition.put("lastTransitionTime", old.get("lastTransitionTime"));
    }
    put(conditions, condition);
  }

  /** Removes the condition of a type; says whether there was one. */
  public static boolean remove(TreeList conditions, String type) {
    for (int i = 0; i < conditions.size(); i++) {
      if (conditions.get(i) instanceof Tree old && type.equals(old.text("type"))) {
        conditions.remove(i);
        return true;
      }
    }
    return false;
  }
}

package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.codec.Json;
import io.bulwark.api.codec.MalformedBody;
import io.bulwark.api.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of places in an object, as a tree of steps.
 *
 * <p>Steps are those of FieldsV1: {@code f:name} for a field, <code>k:{"name":"x"}</code> for the
 * list element with these keys, {@code v:"x"} for a list element by value, {@code i:3} by index.
 * For example <code>{"f:spec":{"f:replicas":{}}}</code> holds one place. Not thread-safe while it
 * changes.
 */
final class FieldSet {
  private boolean member;
  private final TreeMap<String, FieldSet> children = new TreeMap<>();

  /**
   * @throws MalformedBody if a step is none that FieldsV1 knows
   */
  static FieldSet decode(Tree fields) {
    FieldSet set = new FieldSet();
    for (int i = 0; i < fields.size(); i++) {
      String step = fields.keyAt(i);
      if (step.equals(".")) {
        set.member = true;
        continue;
      }
      if (!(fields.valueAt(i) instanceof Tree below)) {
        throw new MalformedBody("a step of FieldsV1 must lead to an object: " + step);
      }
      FieldSet child = decode(below);
      if (below.isEmpty()) {
        child.member = true;
      }
      set.children.put(canonical(step), child);
    }
    return set;
  }

  private static String canonical(String step) {
    String rest = step.length() > 2 ? step.substring(2) : "";
    return switch (step.length() < 2 ? "" : step.substring(0, 2)) {
      case "f:" -> step;
      case "k:" -> key(Json.read(rest.getBytes(StandardCharsets.UTF_8)));
      case "v:" -> value(Json.readAny(rest.getBytes(StandardCharsets.UTF_8), null));
      case "i:" -> {
        if (!rest.matches("[0-9]{1,9}")) {
          throw new MalformedBody("no index: " + step);
        }
        yield step;
      }
      default -> throw new MalformedBody("unknown step: " + step);
    };
  }

  static String field(String name) {
    return "f:" + name;
  }

  static String key(Tree keys) {
    return "k:" + Json.text(keys);
  }

  static String value(@Nullable Object value) {
    return "v:" + Json.text(value);
  }

  static String index(int index) {
    return "i:" + index;
  }

  Tree encode() {
    Tree fields = new Tree();
    if (member && !children.isEmpty()) {
      fields.put(".", new Tree());
    }
    children.forEach((step, child) -> fields.put(step, child.encode()));
    return fields;
  }

  boolean member() {
    return member;
  }

  boolean isEmpty() {
    return !member && children.isEmpty();
  }

  Map<String, FieldSet> children() {
    return children;
  }

  @Nullable FieldSet child(String step) {
    return children.get(step);
  }

  /** The set below a step, made where it is missing. */
  FieldSet below(String step) {
    return children.computeIfAbsent(step, _ -> new FieldSet());
  }

  FieldSet insert() {
    member = true;
    return this;
  }

  /** Forgets places that hold nothing. Returns this set. */
  FieldSet trim() {
    children.values().removeIf(child -> child.trim().isEmpty());
    return this;
  }

  FieldSet copy() {
    return new FieldSet().add(this);
  }

  /** Adds all places of another set to this one. Returns this set. */
  FieldSet add(FieldSet other) {
    member |= other.member;
    other.children.forEach((step, child) -> below(step).add(child));
    return this;
  }

  /** Removes all places of another set from this one. Returns this set. */
  FieldSet subtract(FieldSet other) {
    member &= !other.member;
    other.children.forEach(
        (step, theirs) -> {
          FieldSet mine = children.get(step);
          if (mine != null && mine.subtract(theirs).isEmpty()) {
            children.remove(step);
          }
        });
    return this;
  }

  /** Removes a place and all below it. Returns this set. */
  FieldSet prune(String... steps) {
    FieldSet at = this;
    for (int i = 0; i < steps.length - 1; i++) {
      FieldSet next = at.children.get(steps[i]);
      if (next == null) {
        return this;
      }
      at = next;
    }
    at.children.remove(steps[steps.length - 1]);
    return trim();
  }

  /** The places that both sets hold, as a new set. */
  FieldSet intersection(FieldSet other) {
    FieldSet both = new FieldSet();
    both.member = member && other.member;
    children.forEach(
        (step, mine) -> {
          FieldSet theirs = other.children.get(step);
          FieldSet shared = theirs == null ? null : mine.intersection(theirs);
          if (shared != null && !shared.isEmpty()) {
            both.children.put(step, shared);
          }
        });
    return both;
  }

  /** The places in order, as messages name them: {@code .spec.containers[name="x"].image}. */
  List<String> paths() {
    List<String> paths = new ArrayList<>();
    collect("", paths);
    return paths;
  }

  private void collect(String path, List<String> into) {
    if (member) {
      into.add(path);
    }
    children.forEach((step, child) -> child.collect(path + readable(step), into));
  }

  /** A step as messages name it. */
  static String readable(String step) {
    String rest = step.substring(2);
    return switch (step.charAt(0)) {
      case 'f' -> "." + rest;
      case 'k' -> {
        List<String> parts = new ArrayList<>();
        Tree keys = Json.read(rest.getBytes(StandardCharsets.UTF_8));
        keys.forEach((name, value) -> parts.add(name + "=" + Json.text(value)));
        yield "[" + String.join(",", parts) + "]";
      }
      case 'v' -> "[=" + rest + "]";
      default -> "[" + rest + "]";
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FieldSet set && member == set.member && children.equals(set.children);
  }

  @Override
  public int hashCode() {
    return 31 * Boolean.hashCode(member) + children.hashCode();
  }

  @Override
  public String toString() {
    return Json.text(encode());
  }
}

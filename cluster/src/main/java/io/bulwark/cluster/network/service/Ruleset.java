package io.bulwark.cluster.network.service;

import java.util.Map;
import java.util.SortedMap;

/**
 * An nftables table as a value.
 *
 * @param table its name; the family is {@code ip}
 * @param maps by name: the type, such as {@code ipv4_addr . inet_proto . inet_service : verdict}
 * @param elements by map name: key to verdict
 * @param sets by name: the definition of a set whose content the kernel itself keeps
 * @param chains by name: rules, one a line; for a base chain the first line is its hook
 */
public record Ruleset(
    String table,
    SortedMap<String, String> maps,
    SortedMap<String, SortedMap<String, String>> elements,
    SortedMap<String, String> sets,
    SortedMap<String, String> chains) {
  /** The script that makes the table from nothing, replacing one of the same name. */
  public String create() {
    StringBuilder script = new StringBuilder();
    script.append("add table ip ").append(table).append('\n');
    script.append("delete table ip ").append(table).append('\n');
    script.append("add table ip ").append(table).append('\n');
    maps.forEach((name, type) -> addMap(script, name, type));
    sets.forEach((name, definition) -> addSet(script, name, definition));
    chains.forEach((name, rules) -> declare(script, name, rules));
    chains.forEach((name, rules) -> fill(script, name, rules));
    elements.forEach((map, entries) -> elements(script, "add", map, entries, true));
    return script.toString();
  }

  /** The script that turns an older version of the same table into this one; empty if equal. */
  public String changeFrom(Ruleset old) {
    if (equals(old)) {
      return "";
    }
    StringBuilder script = new StringBuilder();
    sets.forEach(
        (name, definition) -> {
          if (!old.sets.containsKey(name)) {
            addSet(script, name, definition);
          }
        });
    chains.forEach(
        (name, rules) -> {
          if (!old.chains.containsKey(name)) {
            declare(script, name, rules);
          }
        });
    chains.forEach(
        (name, rules) -> {
          String before = old.chains.get(name);
          if (!rules.equals(before)) {
            if (before != null) {
              script.append("flush chain ip ").append(table).append(' ').append(name).append('\n');
            }
            fill(script, name, rules);
          }
        });
    elements.forEach(
        (map, entries) -> {
          Map<String, String> before = old.elements.getOrDefault(map, entries);
          elements(script, "delete", map, minus(before, entries), false);
          elements(script, "add", map, minus(entries, before), true);
        });
    old.chains.forEach(
        (name, rules) -> {
          if (!chains.containsKey(name)) {
            script.append("flush chain ip ").append(table).append(' ').append(name).append('\n');
          }
        });
    old.chains.forEach(
        (name, rules) -> {
          if (!chains.containsKey(name)) {
            script.append("delete chain ip ").append(table).append(' ').append(name).append('\n');
          }
        });
    old.sets.forEach(
        (name, definition) -> {
          if (!sets.containsKey(name)) {
            script.append("delete set ip ").append(table).append(' ').append(name).append('\n');
          }
        });
    return script.toString();
  }

  private static SortedMap<String, String> minus(
      Map<String, String> all, Map<String, String> known) {
    SortedMap<String, String> rest = new java.util.TreeMap<>();
    all.forEach(
        (key, value) -> {
          if (!value.equals(known.get(key))) {
            rest.put(key, value);
          }
        });
    return rest;
  }

  private void addMap(StringBuilder script, String name, String type) {
    script.append("add map ip ").append(table).append(' ').append(name);
    script.append(" { type ").append(type).append(" ; }\n");
  }

  private void addSet(StringBuilder script, String name, String definition) {
    script.append("add set ip ").append(table).append(' ').append(name);
    script.append(" { ").append(definition).append(" }\n");
  }

  private void declare(StringBuilder script, String name, String rules) {
    script.append("add chain ip ").append(table).append(' ').append(name);
    if (rules.startsWith("type ")) {
      script.append(" { ").append(rules, 0, rules.indexOf('\n')).append(" }");
    }
    script.append('\n');
  }

  private void fill(StringBuilder script, String name, String rules) {
    String body = rules.startsWith("type ") ? rules.substring(rules.indexOf('\n') + 1) : rules;
    body.lines()
        .forEach(
            rule ->
                script
                    .append("add rule ip ")
                    .append(table)
                    .append(' ')
                    .append(name)
                    .append(' ')
                    .append(rule)
                    .append('\n'));
  }

  private void elements(
      StringBuilder script,
      String verb,
      String map,
      SortedMap<String, String> entries,
      boolean withVerdict) {
    if (entries.isEmpty()) {
      return;
    }
    script.append(verb).append(" element ip ").append(table).append(' ').append(map).append(" { ");
    boolean first = true;
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      script.append(first ? "" : ", ").append(entry.getKey());
      if (withVerdict) {
        script.append(" : ").append(entry.getValue());
      }
      first = false;
    }
    script.append(" }\n");
  }
}

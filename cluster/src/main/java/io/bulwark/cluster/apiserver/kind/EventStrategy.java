package io.bulwark.cluster.apiserver.kind;

import io.bulwark.api.tree.Tree;
import java.time.Duration;
import java.util.Map;

/**
 * Events live for an hour. Both groups share objects, stored as core/v1.
 *
 * @param grouped whether the served form is that of events.k8s.io/v1
 */
record EventStrategy(boolean grouped) implements Strategy {
  /** Source: upstream's default of --event-ttl. */
  private static final Duration LIFETIME = Duration.ofHours(1);

  private static final Map<String, String> CORE_NAMES =
      Map.of(
          "regarding", "involvedObject",
          "note", "message",
          "reportingController", "reportingComponent",
          "deprecatedSource", "source",
          "deprecatedFirstTimestamp", "firstTimestamp",
          "deprecatedLastTimestamp", "lastTimestamp",
          "deprecatedCount", "count");

  @Override
  public Duration lifetime() {
    return LIFETIME;
  }

  @Override
  public boolean generation() {
    return false;
  }

  @Override
  public boolean createOnUpdate() {
    return true;
  }

  @Override
  public boolean storedAsServed() {
    return !grouped;
  }

  @Override
  public Tree toStored(Tree served) {
    if (!grouped) {
      return served;
    }
    Tree stored = new Tree();
    served.forEach((name, value) -> stored.put(CORE_NAMES.getOrDefault(name, name), value));
    stored.put("apiVersion", "v1");
    return stored;
  }

  @Override
  public Tree toServed(Tree stored) {
    if (!grouped) {
      return stored;
    }
    Tree served = stored.copy();
    CORE_NAMES.forEach(
        (ours, core) -> {
          if (served.containsKey(core)) {
            served.put(ours, served.remove(core));
          }
        });
    for (String name : new String[] {"reportingController", "reportingInstance"}) {
      if ("".equals(served.get(name))) {
        served.remove(name);
      }
    }
    served.put("apiVersion", "events.k8s.io/v1");
    return served;
  }
}

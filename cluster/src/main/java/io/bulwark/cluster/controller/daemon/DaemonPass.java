package io.bulwark.cluster.controller.daemon;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.controller.pod.PodState;
import io.bulwark.cluster.controller.revision.Revisions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One look at a DaemonSet: which pods shall come and go, and what its status says.
 *
 * <p>Source: kubernetes pkg/controller/daemon, manage, rollingUpdate and updateDaemonSetStatus.
 */
final class DaemonPass {
  private final Tree set;
  private final String hash;
  private final Instant now;
  private final long minReady;
  private final Map<String, List<Tree>> pods = new TreeMap<>();
  private final List<Tree> nodes;
  private final Map<String, DaemonNodes.Verdict> verdicts = new HashMap<>();
  private final long desired;
  final List<Tree> doomed = new ArrayList<>();
  final List<Tree> failed = new ArrayList<>();
  final List<String> wanted = new ArrayList<>();

  /**
   * @param hash of the current revision, as pods carry it
   */
  DaemonPass(Tree set, List<Tree> nodes, List<Tree> owned, String hash, Instant now) {
    this.set = set;
    this.hash = hash;
    this.now = now;
    this.nodes = nodes;
    Tree podSpec = set.treeOrEmpty("spec", "template", "spec");
    nodes.forEach(node -> verdicts.put(Meta.name(node), DaemonNodes.of(node, podSpec)));
    this.desired = verdicts.values().stream().filter(DaemonNodes.Verdict::run).count();
    this.minReady = set.number(0, "spec", "minReadySeconds");
    for (Tree pod : owned) {
      pods.computeIfAbsent(DaemonNodes.of(pod), _ -> new ArrayList<>()).add(pod);
    }
  }

  private DaemonNodes.Verdict verdict(Tree node) {
    return Objects.requireNonNull(verdicts.get(Meta.name(node)));
  }

  private boolean available(Tree pod) {
    return PodState.available(pod, minReady, now);
  }

  private boolean updated(Tree pod) {
    return hash.equals(Meta.label(pod, Revisions.HASH));
  }

  private List<Tree> on(String node) {
    return pods.getOrDefault(node, List.of());
  }

  /** What is not being deleted; an ended pod too, for it is replaced like one that is not ready. */
  private List<Tree> staying(String node) {
    return on(node).stream().filter(pod -> !Meta.terminating(pod)).toList();
  }

  /** Makes what is missing and ends what should not be there. */
  void manage() {
    for (Tree node : nodes) {
      place(node);
    }
    pods.forEach(
        (node, there) -> {
          if (!verdicts.containsKey(node)) {
            there.stream()
                .filter(pod -> PodState.node(pod).isEmpty() && !Meta.terminating(pod))
                .forEach(doomed::add);
          }
        });
  }

  private void place(Tree node) {
    DaemonNodes.Verdict verdict = verdict(node);
    List<Tree> there = on(Meta.name(node));
    if (!verdict.stay()) {
      there.stream().filter(pod -> !Meta.terminating(pod)).forEach(doomed::add);
      return;
    }
    List<Tree> running = new ArrayList<>();
    boolean leaving = false;
    for (Tree pod : there) {
      if (Meta.terminating(pod)) {
        leaving = true;
      } else if (PodState.terminal(pod)) {
        failed.add(pod);
        leaving = true;
      } else {
        running.add(pod);
      }
    }
    if (running.isEmpty()) {
      if (verdict.run() && (!leaving || surge() > 0)) {
        wanted.add(Meta.name(node));
      }
      return;
    }
    if (surge() > 0) {
      running.removeIf(pod -> running.size() == 2 && pair(running));
    }
    running.stream()
        .sorted(
            Comparator.comparing((Tree pod) -> pod.textOrEmpty("metadata", "creationTimestamp")))
        .skip(1)
        .forEach(doomed::add);
  }

  /** One of the old and one of the new template, as a surge has for a while. */
  private boolean pair(List<Tree> running) {
    return running.size() == 2 && updated(running.get(0)) != updated(running.get(1));
  }

  private long share(String field, long fallback) {
    Object value = set.at("spec", "updateStrategy", "rollingUpdate", field);
    return switch (value) {
      case Long number -> number;
      case String text when text.endsWith("%") ->
          (long)
              Math.ceil(Integer.parseInt(text.substring(0, text.length() - 1)) * desired / 100.0);
      case null, default -> fallback;
    };
  }

  private long surge() {
    return set.textOrEmpty("spec", "updateStrategy", "type").equals("RollingUpdate")
        ? share("maxSurge", 0)
        : 0;
  }

  /** Replaces pods of earlier templates, as many at a time as the strategy allows. */
  void roll() {
    if (!set.textOrEmpty("spec", "updateStrategy", "type").equals("RollingUpdate")) {
      return;
    }
    if (surge() > 0) {
      rollBySurge();
      return;
    }
    long unavailable = 0;
    List<Tree> replaceable = new ArrayList<>();
    List<Tree> candidates = new ArrayList<>();
    for (Tree node : nodes) {
      if (!verdict(node).run()) {
        continue;
      }
      List<Tree> running = staying(Meta.name(node));
      Tree old = first(running, false);
      Tree fresh = first(running, true);
      if ((old == null) == (fresh == null)) {
        unavailable++;
      } else if (fresh != null) {
        unavailable += available(fresh) ? 0 : 1;
      } else if (old != null && !available(old)) {
        replaceable.add(old);
        unavailable++;
      } else if (old != null) {
        candidates.add(old);
      }
    }
    long left = Math.max(0, Math.max(share("maxUnavailable", 1), 1) - unavailable);
    doomed.addAll(replaceable);
    doomed.addAll(candidates.subList(0, (int) Math.min(left, candidates.size())));
  }

  private void rollBySurge() {
    long surging = 0;
    List<String> candidates = new ArrayList<>();
    for (Tree node : nodes) {
      List<Tree> running = staying(Meta.name(node));
      Tree old = first(running, false);
      Tree fresh = first(running, true);
      if (old == null || !verdict(node).run()) {
        continue;
      }
      if (fresh == null) {
        if (available(old)) {
          candidates.add(Meta.name(node));
        } else {
          wanted.add(Meta.name(node));
        }
      } else if (available(fresh)) {
        doomed.add(old);
      } else {
        surging++;
      }
    }
    long left = Math.max(0, surge() - surging);
    wanted.addAll(candidates.subList(0, (int) Math.min(left, candidates.size())));
  }

  private @Nullable Tree first(List<Tree> running, boolean fresh) {
    return running.stream().filter(pod -> updated(pod) == fresh).findFirst().orElse(null);
  }

  Tree status() {
    long current = 0;
    long misplaced = 0;
    long ready = 0;
    long fresh = 0;
    long availables = 0;
    for (Tree node : nodes) {
      List<Tree> there = on(Meta.name(node));
      if (!verdict(node).run()) {
        misplaced += there.isEmpty() ? 0 : 1;
        continue;
      }
      if (there.isEmpty()) {
        continue;
      }
      current++;
      Tree oldest =
          there.stream()
              .min(
                  Comparator.<Tree, Boolean>comparing(pod -> !PodState.active(pod))
                      .thenComparing(pod -> !PodState.ready(pod))
                      .thenComparing(pod -> pod.textOrEmpty("metadata", "creationTimestamp")))
              .orElseThrow();
      ready += PodState.ready(oldest) ? 1 : 0;
      availables += available(oldest) ? 1 : 0;
      fresh += updated(oldest) ? 1 : 0;
    }
    Tree status = set.treeOrEmpty("status").copy();
    status.put("currentNumberScheduled", current);
    status.put("desiredNumberScheduled", desired);
    status.put("numberMisscheduled", misplaced);
    status.put("numberReady", ready);
    status.put("observedGeneration", Meta.generation(set));
    count(status, "updatedNumberScheduled", fresh);
    count(status, "numberAvailable", availables);
    count(status, "numberUnavailable", desired - availables);
    return status;
  }

  private static void count(Tree status, String field, long count) {
    if (count == 0) {
      status.remove(field);
    } else {
      status.put(field, count);
    }
  }
}

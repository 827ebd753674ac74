package io.bulwark.cluster.node.agent;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.client.PatchType;
import io.bulwark.client.Query;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes pod statuses, each pod's in order and only the newest, without making its worker wait.
 * Conditions that others set are left alone. Thread-safe.
 */
public final class StatusPublisher implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(StatusPublisher.class.getName());
  private static final List<String> OURS =
      List.of(
          "phase",
          "reason",
          "message",
          "hostIP",
          "hostIPs",
          "podIP",
          "podIPs",
          "startTime",
          "qosClass",
          "resources",
          "allocatedResources",
          "observedGeneration",
          "initContainerStatuses",
          "containerStatuses",
          "ephemeralContainerStatuses");

  /** Conditions that are there only while they hold. */
  private static final List<String> PASSING = List.of("PodResizePending", "PodResizeInProgress");

  private static final Duration RETRY = Duration.ofSeconds(2);

  private final ApiClient client;
  private final Map<String, Slot> slots = new HashMap<>();
  private boolean closed;

  private static final class Slot {
    private @Nullable Tree pod;
    private @Nullable Tree next;
    private @Nullable Tree written;
    private @Nullable Thread writer;
  }

  public StatusPublisher(ApiClient client) {
    this.client = client;
  }

  /** Has a status written soon, unless the API has it already. */
  public synchronized void publish(Tree pod, Tree status) {
    if (closed) {
      return;
    }
    Slot slot = slots.computeIfAbsent(Meta.uid(pod), uid -> new Slot());
    Tree known = slot.next != null ? slot.next : slot.written;
    boolean same = known != null ? known.equals(status) : reported(pod, status);
    if (same) {
      return;
    }
    slot.pod = pod;
    slot.next = status;
    if (slot.writer == null) {
      slot.writer = Thread.ofVirtual().name("status-" + Meta.name(pod)).start(() -> work(slot));
    }
  }

  /** Waits until a pod's newest status is written or refused for good. */
  public void await(String uid) throws InterruptedException {
    Thread writer;
    synchronized (this) {
      Slot slot = slots.get(uid);
      writer = slot == null ? null : slot.writer;
    }
    if (writer != null) {
      writer.join();
    }
  }

  /** Forgets a pod that is gone. */
  public synchronized void forget(String uid) {
    slots.remove(uid);
  }

  private void work(Slot slot) {
    try {
      while (true) {
        Tree pod;
        Tree status;
        Tree before;
        synchronized (this) {
          pod = slot.pod;
          status = slot.next;
          before = slot.written;
          if (pod == null || status == null) {
            slot.writer = null;
            return;
          }
        }
        boolean settled = write(pod, status, before == null ? pod.treeOrEmpty("status") : before);
        synchronized (this) {
          if (settled) {
            slot.written = status;
          }
          if (settled && slot.next == status) {
            slot.next = null;
          }
        }
        if (!settled) {
          Thread.sleep(RETRY); // backs off from a server that refused
        }
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean write(Tree pod, Tree status, Tree before) {
    Tree patch =
        Tree.of("metadata", Tree.of("uid", Meta.uid(pod)), "status", difference(before, status));
    try {
      client.patch(
          Resources.PODS,
          Meta.namespace(pod),
          Meta.name(pod),
          "status",
          PatchType.STRATEGIC,
          patch,
          Query.none());
      return true;
    } catch (ApiException refused) {
      if (refused.notFound() || (refused.code() == 409 && !refused.conflict())) {
        return true;
      }
      LOG.log(
          System.Logger.Level.WARNING,
          "status of {0}: {1} {2}",
          Meta.key(pod),
          refused.code(),
          refused.getMessage());
      return refused.code() == 409 || refused.code() == 422;
    }
  }

  private static Tree difference(Tree before, Tree after) {
    Tree difference = new Tree();
    for (String field : OURS) {
      Object wanted = after.get(field);
      if (wanted == null) {
        if (before.has(field)) {
          difference.put(field, null);
        }
      } else if (!wanted.equals(before.get(field))) {
        boolean merged = field.equals("podIPs") || field.equals("hostIPs");
        difference.put(
            field, merged && before.has(field) ? replaced((TreeList) wanted) : copied(wanted));
      }
    }
    TreeList conditions = after.list("conditions").copy();
    conditions.trees().forEach(condition -> forget(condition, before));
    for (String type : PASSING) {
      if (hasCondition(before, type) && !hasCondition(after, type)) {
        conditions.add(Tree.of("$patch", "delete", "type", type));
      }
    }
    difference.put("conditions", conditions);
    return difference;
  }

  /** Takes away what a condition said before and does not say any more. */
  private static void forget(Tree condition, Tree before) {
    for (Tree old : before.trees("conditions")) {
      if (old.textOrEmpty("type").equals(condition.textOrEmpty("type"))) {
        for (String field : List.of("reason", "message")) {
          if (old.has(field) && !condition.has(field)) {
            condition.put(field, null);
          }
        }
      }
    }
  }

  private static boolean hasCondition(Tree status, String type) {
    return status.trees("conditions").stream()
        .anyMatch(condition -> condition.textOrEmpty("type").equals(type));
  }

  private static Object copied(Object value) {
    return value instanceof TreeList list ? list.copy() : value;
  }

  private static TreeList replaced(TreeList wanted) {
    TreeList list = wanted.copy();
    list.add(Tree.of("$patch", "replace"));
    return list;
  }

  private static boolean reported(Tree pod, Tree status) {
    Tree known = pod.treeOrEmpty("status");
    for (String field : OURS) {
      if (!java.util.Objects.equals(known.get(field), status.get(field))) {
        return false;
      }
    }
    return known.trees("conditions").containsAll(status.trees("conditions"))
        && PASSING.stream().noneMatch(t -> hasCondition(known, t) && !hasCondition(status, t));
  }

  @Override
  public void close() {
    List<Thread> writers;
    synchronized (this) {
      closed = true;
      writers =
          slots.values().stream()
              .map(slot -> slot.writer)
              .filter(java.util.Objects::nonNull)
              .toList();
    }
    for (Thread writer : writers) {
      try {
        if (!writer.join(Duration.ofSeconds(2))) {
          writer.interrupt();
        }
      } catch (InterruptedException hurried) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

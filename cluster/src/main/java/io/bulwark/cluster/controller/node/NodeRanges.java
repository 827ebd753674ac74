package io.bulwark.cluster.controller.node;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.client.PatchType;
import io.bulwark.client.Query;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives every node its part of the pod range.
 *
 * <p>Source: kubernetes pkg/controller/nodeipam, range allocator.
 */
public final class NodeRanges implements Component {
  /** The source of events; the service account is that of the node controller. */
  public static final String EVENT_SOURCE = "cidrAllocator";

  private final ControllerContext context;
  private final AddressRange range;
  private final int prefix;
  private final Informer nodes;
  private final Map<String, String> given = new HashMap<>();
  private final ControllerLoop<String> loop;

  /**
   * @param range such as {@code 10.244.0.0/16}
   * @param prefix the length of one node's part
   */
  public NodeRanges(ControllerContext context, String range, int prefix) {
    this.context = context;
    this.range = AddressRange.parse(range);
    this.prefix = prefix;
    this.nodes = context.informers().of(Resources.NODES);
    this.loop = new ControllerLoop<>(EVENT_SOURCE, 1, this::reconcile);
  }

  @Override
  public void start() {
    nodes.onChange(
        (before, after) -> {
          if (after != null && after.text("spec", "podCIDR") == null) {
            loop.add(Meta.name(after));
          }
        });
    loop.start();
  }

  @Override
  public void close() {
    loop.close();
    context.events().close();
  }

  private @Nullable Duration reconcile(String name) {
    if (!nodes.synced()) {
      return Duration.ofMillis(5);
    }
    Tree node = nodes.get(name);
    if (node == null || Meta.terminating(node) || node.text("spec", "podCIDR") != null) {
      return null;
    }
    String free = free(name);
    if (free == null) {
      context
          .events()
          .normal(node, "CIDRNotAvailable", "Node " + name + " status is now: CIDRNotAvailable");
      return Duration.ofSeconds(30);
    }
    given.put(name, free);
    Tree patch = Tree.of("spec", Tree.of("podCIDR", free, "podCIDRs", TreeList.of(free)));
    context
        .client()
        .patch(Resources.NODES, null, name, null, PatchType.STRATEGIC, patch, Query.none());
    return null;
  }

  /** The lowest part that no node has; one given a moment ago counts until the cache shows it. */
  private @Nullable String free(String name) {
    Set<String> used = new HashSet<>();
    for (Tree node : nodes.list()) {
      String has = node.text("spec", "podCIDR");
      if (has != null) {
        used.add(has);
      }
    }
    given.keySet().removeIf(owner -> nodes.get(owner) == null);
    given.forEach(
        (owner, part) -> {
          if (!owner.equals(name)) {
            used.add(part);
          }
        });
    for (long i = 0; i < range.count(prefix); i++) {
      AddressRange part = range.part(i, prefix);
      if (part != null && !used.contains(part.toString())) {
        return part.toString();
      }
    }
    return null;
  }
}

package io.bulwark.cluster.controller.endpoint;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.client.Informer;
import io.bulwark.cluster.controller.loop.Refusals;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Carries out slice plans. Remembers what it wrote, since the cache shows new slices a moment later
 * and planning without them would make them twice.
 */
final class SliceWriter {
  static final String SERVICE = "kubernetes.io/service-name";
  static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";

  private static final String INDEX = "service";

  private final ApiClient client;
  private final Informer slices;
  private final String manager;
  private final Map<String, Set<String>> unseen = new ConcurrentHashMap<>();

  SliceWriter(ApiClient client, Informer slices, String manager) {
    this.client = client;
    this.slices = slices;
    this.manager = manager;
    slices.addIndex(
        INDEX,
        slice -> {
          String service = Meta.label(slice, SERVICE);
          return service == null ? List.of() : List.of(Meta.namespace(slice) + "/" + service);
        });
  }

  boolean mine(Tree slice) {
    return manager.equals(Meta.label(slice, MANAGED_BY));
  }

  /** The slices of a Service that this manager made. */
  List<Tree> existing(String key) {
    List<Tree> mine = new ArrayList<>();
    for (Tree slice : slices.byIndex(INDEX, key)) {
      if (mine(slice) && !Meta.terminating(slice)) {
        mine.add(slice);
      }
    }
    return mine;
  }

  /** Whether the cache shows all slices that were made; until then planning must wait. */
  boolean current(String key) {
    Set<String> made = unseen.get(key);
    if (made == null) {
      return true;
    }
    Set<String> seen = new HashSet<>();
    slices.byIndex(INDEX, key).forEach(slice -> seen.add(Meta.uid(slice)));
    made.removeAll(seen);
    if (made.isEmpty()) {
      unseen.remove(key);
      return true;
    }
    return false;
  }

  void forget(String key) {
    unseen.remove(key);
  }

  void write(String key, String namespace, SlicePlan plan) {
    for (Tree slice : plan.create) {
      try {
        Tree made = client.create(Resources.ENDPOINT_SLICES, namespace, slice);
        unseen.computeIfAbsent(key, none -> ConcurrentHashMap.newKeySet()).add(Meta.uid(made));
      } catch (ApiException refused) {
        if (!Refusals.namespaceTerminating(refused)) {
          throw refused;
        }
      }
    }
    for (Tree slice : plan.update) {
      client.update(Resources.ENDPOINT_SLICES, slice);
    }
    for (Tree slice : plan.delete) {
      delete(slice);
    }
  }

  void delete(Tree slice) {
    try {
      client.delete(Resources.ENDPOINT_SLICES, Meta.namespace(slice), Meta.name(slice), null);
    } catch (ApiException refused) {
      if (!refused.notFound()) {
        throw refused;
      }
    }
  }
}

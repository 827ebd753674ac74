package io.bulwark.cluster.controller.namespace;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.client.Discovery;
import io.bulwark.client.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Deletes all that is in a namespace and finds out what stays. */
final class Contents {
  /** How long finalizers are given before the next look, in seconds. */
  private static final long FINALIZER_SECONDS = 15;

  private final ApiClient client;

  Contents(ApiClient client) {
    this.client = client;
  }

  /**
   * What is left after one round.
   *
   * @param resources how many objects of each resource are left, by {@code pods.} or {@code
   *     deployments.apps}
   * @param finalizers how many objects wait for each finalizer
   * @param seconds how long the rest is likely to take
   * @param failures what could not be deleted, in words
   * @param discoveryFailure why the resources could not all be found, or null
   */
  record Remains(
      Map<String, Integer> resources,
      Map<String, Integer> finalizers,
      long seconds,
      List<String> failures,
      @Nullable String discoveryFailure) {
    boolean nothing() {
      return resources.isEmpty() && failures.isEmpty() && discoveryFailure == null;
    }
  }

  /** Pods go first, and the rest only when they are gone: their objects may be needed to end. */
  Remains delete(String namespace) {
    Remains remains = new Remains(new TreeMap<>(), new TreeMap<>(), 0, new ArrayList<>(), null);
    remains = delete(namespace, Resources.PODS, true, remains);
    if (!remains.nothing()) {
      return remains;
    }
    List<Discovery.Served> served;
    try {
      served = new Discovery(client).resources();
    } catch (ApiException refused) {
      return new Remains(
          remains.resources,
          remains.finalizers,
          remains.seconds,
          remains.failures,
          refused.getMessage());
    }
    for (Discovery.Served found : served) {
      if (found.resource().namespaced()
          && found.verbs().contains("delete")
          && found.verbs().contains("list")
          && !found.resource().equals(Resources.PODS)
          && !found.resource().equals(Resources.EVENTS_V1)) {
        boolean collection = found.verbs().contains("deletecollection");
        remains = delete(namespace, found.resource(), collection, remains);
      }
    }
    return remains;
  }

  private Remains delete(String namespace, Resource resource, boolean collection, Remains so) {
    List<Tree> left;
    try {
      left = list(namespace, resource);
      if (left.isEmpty()) {
        return so;
      }
      if (collection) {
        client.deleteCollection(
            resource, namespace, Query.none().with("propagationPolicy", "Background"));
      } else {
        each(namespace, resource, left);
      }
      left = list(namespace, resource);
    } catch (ApiException refused) {
      if (refused.code() == 404 || refused.code() == 405) {
        return so;
      }
      so.failures.add(resource.groupResource() + ": " + refused.getMessage());
      return so;
    }
    if (left.isEmpty()) {
      return so;
    }
    so.resources.put(resource.resource() + "." + resource.group(), left.size());
    long seconds = so.seconds;
    for (Tree object : left) {
      for (String finalizer : Meta.finalizers(object)) {
        so.finalizers.merge(finalizer, 1, Integer::sum);
        seconds = Math.max(seconds, FINALIZER_SECONDS);
      }
      if (resource.equals(Resources.PODS)) {
        seconds = Math.max(seconds, object.number(0, "spec", "terminationGracePeriodSeconds"));
      }
    }
    return new Remains(so.resources, so.finalizers, Math.max(1, seconds), so.failures, null);
  }

  private List<Tree> list(String namespace, Resource resource) {
    return client.list(resource, namespace, Query.none()).trees("items");
  }

  private void each(String namespace, Resource resource, List<Tree> objects) {
    for (Tree object : objects) {
      try {
        client.delete(resource, namespace, Meta.name(object), null);
      } catch (ApiException refused) {
        if (!refused.notFound()) {
          throw refused;
        }
      }
    }
  }
}

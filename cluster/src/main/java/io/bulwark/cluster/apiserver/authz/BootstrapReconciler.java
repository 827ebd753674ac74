package io.bulwark.cluster.apiserver.authz;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resource;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.client.Query;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Makes the bootstrap roles and bindings exist and adds what they lack, except where an
 * administrator set {@code rbac.authorization.kubernetes.io/autoupdate} to {@code false}. Never
 * takes a rule or a subject away.
 */
public final class BootstrapReconciler {
  private static final String AUTO_UPDATE = "rbac.authorization.kubernetes.io/autoupdate";

  private final ApiClient client;

  /**
   * @param client of a member of {@code system:masters}
   */
  public BootstrapReconciler(ApiClient client) {
    this.client = client;
  }

  /**
   * Returns when all is in place; writes run side by side, so that the store can commit them in
   * groups. The namespaces kube-system and kube-public must exist.
   *
   * @throws ApiException if the server refuses
   */
  public void reconcile(BootstrapPolicy policy) throws InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      Map<Resource, List<Tree>> wanted =
          Map.of(
              Resources.CLUSTER_ROLES, policy.clusterRoles(),
              Resources.CLUSTER_ROLE_BINDINGS, policy.clusterRoleBindings(),
              Resources.ROLES, policy.roles(),
              Resources.ROLE_BINDINGS, policy.roleBindings());
      wanted.forEach(
          (resource, objects) -> {
            Map<String, Tree> existing = existing(resource);
            for (Tree object : objects) {
              Tree found = existing.get(Meta.key(object));
              running.add(threads.submit(() -> ensure(resource, object, found)));
            }
          });
      for (Future<?> one : running) {
        one.get();
      }
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(failed);
    }
  }

  private Map<String, Tree> existing(Resource resource) {
    Map<String, Tree> found = new HashMap<>();
    for (Tree item : client.list(resource, null, Query.none()).trees("items")) {
      found.put(Meta.key(item), item);
    }
    return found;
  }

  private void ensure(
      Resource resource, Tree wanted, @org.jspecify.annotations.Nullable Tree found) {
    Tree existing = found;
    while (true) {
      try {
        if (existing == null) {
          client.create(resource, Meta.namespace(wanted), wanted.copy());
        } else if (roleRefDiffers(wanted, existing)) {
          client.delete(resource, Meta.namespace(wanted), Meta.name(wanted), null);
          client.create(resource, Meta.namespace(wanted), wanted.copy());
        } else if (!"false".equals(Meta.annotation(existing, AUTO_UPDATE))
            && extend(existing, wanted)) {
          client.update(resource, existing);
        }
        return;
      } catch (ApiException raced) {
        if (!raced.conflict() && !raced.alreadyExists()) {
          throw raced;
        }
        existing = client.find(resource, Meta.namespace(wanted), Meta.name(wanted));
      }
    }
  }

  private static boolean roleRefDiffers(Tree wanted, Tree existing) {
    return wanted.has("roleRef") && !wanted.treeOrEmpty("roleRef").equals(existing.get("roleRef"));
  }

  private static boolean extend(Tree existing, Tree wanted) {
    boolean changed = union(existing, wanted, "subjects");
    if (!wanted.has("aggregationRule")) {
      changed |= union(existing, wanted, "rules");
    }
    for (var label : Meta.labels(wanted).entrySet()) {
      if (Meta.label(existing, label.getKey()) == null) {
        existing.set(label.getValue(), "metadata", "labels", label.getKey());
        changed = true;
      }
    }
    return changed;
  }

  private static boolean union(Tree existing, Tree wanted, String field) {
    Set<Tree> all = new LinkedHashSet<>(existing.trees(field));
    boolean changed = all.addAll(wanted.copy().trees(field));
    if (changed) {
      existing.put(field, new TreeList(all));
    }
    return changed;
  }
}

package io.bulwark.cluster.controller.rbac;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.selector.LabelSelector;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives every ClusterRole with an aggregation rule the rules of the cluster roles that it selects.
 *
 * <p>Source: kubernetes.io/docs/reference/access-authn-authz/rbac, "Aggregated ClusterRoles".
 */
public final class RoleAggregation implements Component {
  /** The service account that this controller acts as. */
  public static final String NAME = "clusterrole-aggregation-controller";

  private final ControllerContext context;
  private final Informer roles;
  private final ControllerLoop<String> loop;

  public RoleAggregation(ControllerContext context) {
    this.context = context;
    this.roles = context.informers().of(Resources.CLUSTER_ROLES);
    this.loop = new ControllerLoop<>(NAME, 1, this::reconcile);
  }

  @Override
  public void start() {
    // A change of any role may concern every aggregate, and there are few of those.
    roles.onChange(
        (before, after) ->
            roles.list().stream()
                .filter(role -> !selectors(role).isEmpty())
                .forEach(role -> loop.add(Meta.name(role))));
    loop.start();
  }

  @Override
  public void close() {
    loop.close();
    context.events().close();
  }

  private @Nullable Duration reconcile(String name) {
    if (!roles.synced()) {
      return Duration.ofMillis(5);
    }
    Tree aggregate = roles.get(null, name);
    if (aggregate == null || selectors(aggregate).isEmpty()) {
      return null;
    }
    TreeList gathered = gathered(aggregate);
    if (!gathered.equals(aggregate.list("rules"))) {
      Tree wanted = aggregate.copy();
      wanted.put("rules", gathered);
      context.client().update(Resources.CLUSTER_ROLES, wanted);
    }
    return null;
  }

  private TreeList gathered(Tree aggregate) {
    Set<Tree> rules = new LinkedHashSet<>();
    for (Tree selector : selectors(aggregate)) {
      LabelSelector selected = LabelSelector.of(selector);
      roles.list().stream()
          .filter(role -> !Meta.name(role).equals(Meta.name(aggregate)))
          .filter(selected::matchesObject)
          .sorted(Comparator.comparing(Meta::name))
          .forEach(role -> role.trees("rules").forEach(rule -> rules.add(rule.copy())));
    }
    return new TreeList(rules);
  }

  private static List<Tree> selectors(Tree role) {
    return role.trees("aggregationRule", "clusterRoleSelectors");
  }
}

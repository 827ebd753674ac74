package io.bulwark.cluster.controller.serviceaccount;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiException;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.controller.loop.Refusals;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Gives every namespace the ServiceAccount {@code default}, and gives it back when it is deleted.
 *
 * <p>Source: kubernetes pkg/controller/serviceaccount.
 */
public final class DefaultServiceAccount implements Component {
  /** The service account that this controller acts as. */
  public static final String NAME = "service-account-controller";

  private final ControllerContext context;
  private final Informer namespaces;
  private final Informer accounts;
  private final ControllerLoop<String> loop;

  public DefaultServiceAccount(ControllerContext context) {
    this.context = context;
    this.namespaces = context.informers().of(Resources.NAMESPACES);
    this.accounts = context.informers().of(Resources.SERVICE_ACCOUNTS);
    this.loop = new ControllerLoop<>(NAME, 2, this::reconcile);
  }

  @Override
  public void start() {
    namespaces.onChange(
        (before, after) -> {
          if (after != null) {
            loop.add(Meta.name(after));
          }
        });
    accounts.onChange(
        (before, after) -> {
          if (before != null && after == null && Meta.name(before).equals("default")) {
            loop.add(Meta.namespace(before));
          }
        });
    loop.start();
  }

  @Override
  public void close() {
    loop.close();
    context.events().close();
  }

  private @Nullable Duration reconcile(String name) throws InterruptedException {
    if (!accounts.synced()) {
      return Duration.ofMillis(5);
    }
    Tree namespace = namespaces.get(name);
    if (namespace == null || Meta.terminating(namespace) || accounts.get(name, "default") != null) {
      return null;
    }
    Tree account =
        Tree.of(
            "apiVersion", "v1",
            "kind", "ServiceAccount",
            "metadata", Tree.of("name", "default", "namespace", name));
    try {
      context.client().create(Resources.SERVICE_ACCOUNTS, name, account);
    } catch (ApiException refused) {
      if (!refused.alreadyExists()
          && !refused.notFound()
          && !Refusals.namespaceTerminating(refused)) {
        throw refused;
      }
    }
    return null;
  }
}

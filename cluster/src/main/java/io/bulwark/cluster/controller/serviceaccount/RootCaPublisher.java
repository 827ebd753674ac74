package io.bulwark.cluster.controller.serviceaccount;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.ApiException;
import io.bulwark.client.ControllerLoop;
import io.bulwark.client.Informer;
import io.bulwark.client.Query;
import io.bulwark.cluster.controller.loop.ControllerContext;
import io.bulwark.cluster.controller.loop.Refusals;
import io.bulwark.cluster.platform.Component;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the cluster's CA certificate in the ConfigMap {@code kube-root-ca.crt} of every namespace,
 * so that pods can trust the API server.
 *
 * <p>Source: kubernetes pkg/controller/certificates/rootcacertpublisher.
 */
public final class RootCaPublisher implements Component {
  /** The service account that this controller acts as. */
  public static final String NAME = "root-ca-cert-publisher";

  private static final String MAP = "kube-root-ca.crt";
  private static final Duration LOOK = Duration.ofHours(1); // at a certificate that was renewed
  private static final String DESCRIPTION = "kubernetes.io/description";

  private final ControllerContext context;
  private final Supplier<String> certificate;
  private final Informer namespaces;
  private final Informer maps;
  private final ControllerLoop<String> loop;

  /**
   * @param certificate gives the present CA certificates as PEM; asked again at least hourly
   */
  public RootCaPublisher(ControllerContext context, Supplier<String> certificate) {
    this.context = context;
    this.certificate = certificate;
    this.namespaces = context.informers().of(Resources.NAMESPACES);
    this.maps = context.informers().of(Resources.CONFIG_MAPS, Query.fields("metadata.name=" + MAP));
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
    maps.onChange(
        (before, after) -> {
          Tree map = after == null ? before : after;
          if (map != null) {
            loop.add(Meta.namespace(map));
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
    if (!maps.synced() || !namespaces.synced()) {
      return Duration.ofMillis(5);
    }
    Tree namespace = namespaces.get(name);
    if (namespace == null || Meta.terminating(namespace)) {
      return null;
    }
    Tree map = maps.get(name, MAP);
    try {
      if (map == null) {
        context.client().create(Resources.CONFIG_MAPS, name, wanted(name));
      } else if (!map.treeOrEmpty("data").equals(data())
          || Meta.annotation(map, DESCRIPTION) == null) {
        Tree changed = map.copy();
        changed.put("data", data());
        changed.set(description(), "metadata", "annotations", DESCRIPTION);
        context.client().update(Resources.CONFIG_MAPS, changed);
      }
    } catch (ApiException refused) {
      if (!refused.alreadyExists()
          && !refused.notFound()
          && !Refusals.namespaceTerminating(refused)) {
        throw refused;
      }
    }
    return LOOK;
  }

  private Tree wanted(String namespace) {
    return Tree.of(
        "apiVersion",
        "v1",
        "kind",
        "ConfigMap",
        "metadata",
        Tree.of(
            "name", MAP,
            "namespace", namespace,
            "annotations", Tree.of(DESCRIPTION, description())),
        "data",
        data());
  }

  private Tree data() {
    return Tree.of("ca.crt", certificate.get());
  }

  private static String description() {
    return "Contains a CA bundle that can be used to verify the kube-apiserver when using internal"
        + " endpoints such as the internal service IP or kubernetes.default.svc. No other usage is"
        + " guaranteed across distributions of Kubernetes clusters.";
  }
}

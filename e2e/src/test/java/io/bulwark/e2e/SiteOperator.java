package io.bulwark.e2e;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A small operator: every ConfigMap that is labelled as a site has a Deployment of its name. */
final class SiteOperator implements AutoCloseable {
  static final Map<String, String> SITES = Map.of("example.org/kind", "site");

  private final KubernetesClient client;
  private final String namespace;
  private @Nullable SharedIndexInformer<ConfigMap> sites;
  private @Nullable SharedIndexInformer<Deployment> deployments;

  SiteOperator(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  void start() {
    SharedIndexInformer<ConfigMap> owners =
        client
            .configMaps()
            .inNamespace(namespace)
            .withLabels(SITES)
            .inform(new Changes<>(this::reconcile));
    sites = owners;
    deployments =
        client
            .apps()
            .deployments()
            .inNamespace(namespace)
            .inform(
                new Changes<>(
                    changed -> {
                      ConfigMap owner =
                          owners
                              .getIndexer()
                              .getByKey(namespace + "/" + changed.getMetadata().getName());
                      if (owner != null) {
                        reconcile(owner);
                      }
                    }));
  }

  private void reconcile(ConfigMap site) {
    try {
      client
          .apps()
          .deployments()
          .resource(wanted(site))
          .fieldManager("site-operator")
          .forceConflicts()
          .serverSideApply();
    } catch (KubernetesClientException ended) {
      // The namespace or the cluster is going; the next change is another attempt.
      System.getLogger("operator").log(System.Logger.Level.DEBUG, "not applied", ended);
    }
  }

  static Deployment wanted(ConfigMap site) {
    String name = site.getMetadata().getName();
    return new DeploymentBuilder()
        .withNewMetadata()
        .withNamespace(site.getMetadata().getNamespace())
        .withName(name)
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion("v1")
                .withKind("ConfigMap")
                .withName(name)
                .withUid(site.getMetadata().getUid())
                .withController(true)
                .build())
        .endMetadata()
        .withNewSpec()
        .withReplicas(Integer.valueOf(site.getData().get("replicas")))
        .withNewSelector()
        .addToMatchLabels("site", name)
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .addToLabels("site", name)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("web")
        .withImage("example.org/web:1")
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  @Override
  public void close() {
    if (sites != null) {
      sites.close();
    }
    if (deployments != null) {
      deployments.close();
    }
  }

  /** Hands on what is new and what changed. */
  private record Changes<T>(java.util.function.Consumer<T> next)
      implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T added) {
      next.accept(added);
    }

    @Override
    public void onUpdate(T before, T now) {
      next.accept(now);
    }

    @Override
    public void onDelete(T deleted, boolean unseen) {
      // What it owned goes with it.
    }
  }
}

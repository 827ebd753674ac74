package io.bulwark.junit;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Objects;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts the cluster of a class that has {@link WithCluster}, and hands it to the tests. */
public final class ClusterExtension implements BeforeAllCallback, ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(ClusterExtension.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    int nodes =
        context.getRequiredTestClass().getAnnotation(WithCluster.class)
                instanceof WithCluster annotation
            ? annotation.nodes()
            : 1;
    context.getStore(NAMESPACE).put(Cluster.class, Cluster.start(nodes));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Cluster.class || type == KubernetesClient.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Cluster cluster =
        Objects.requireNonNull(context.getStore(NAMESPACE).get(Cluster.class, Cluster.class));
    return parameter.getParameter().getType() == Cluster.class ? cluster : cluster.client();
  }
}

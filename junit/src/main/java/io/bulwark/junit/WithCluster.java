package io.bulwark.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class a cluster: API server, controllers, scheduler and simulated nodes. It
 * starts before the first test of the class and ends after the last one.
 *
 * <p>Tests and life-cycle methods may have parameters of type {@link Cluster} and {@code
 * io.fabric8.kubernetes.client.KubernetesClient}.
 *
 * <pre>{@code
 * @WithCluster(nodes = 3)
 * class OperatorTest {
 *   @Test
 *   void createsAConfigMap(KubernetesClient client) { ... }
 * }
 * }</pre>
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(ClusterExtension.class)
public @interface WithCluster {
  /** How many nodes there are; their pods get a life cycle without containers. */
  int nodes() default 1;
}

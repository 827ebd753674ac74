package io.bulwark.cluster.apiserver.admission;

import io.bulwark.cluster.apiserver.authz.Authorization;
import io.bulwark.cluster.apiserver.authz.Escalation;
import io.bulwark.cluster.apiserver.live.LiveObjects;
import java.time.InstantSource;
import java.util.List;

/** The plug-ins, in order. Thread-safe. */
public final class Admission {
  private final List<Plugin> plugins;

  public Admission(List<Plugin> plugins) {
    this.plugins = List.copyOf(plugins);
  }

  /** The plug-ins of every cluster. */
  public static Admission standard(
      LiveObjects objects, Authorization authorization, InstantSource clock) {
    Escalation escalation = new Escalation(authorization);
    return new Admission(
        List.of(
            new NamespaceLifecycle(objects),
            new NodeRestriction(objects),
            new ServiceAccountInjection(objects),
            new NewNodeTaint(),
            new LimitRanger(objects),
            new PodPriority(objects),
            new DefaultTolerations(),
            new RuntimeClassAdmission(objects),
            new PodSecurity(objects, escalation),
            new ImageAdmission(objects, clock),
            new CertificateSigners(authorization),
            new RoleEscalation(escalation)));
  }

  /**
   * Runs before validation, inside the update retry.
   *
   * @throws io.bulwark.api.failure.Rejected if a plug-in refuses
   */
  public void mutate(AdmissionRequest request) {
    for (Plugin plugin : plugins) {
      plugin.mutate(request);
    }
  }

  /**
   * Runs after validation, right before the store is asked; also for DELETE and CONNECT.
   *
   * @throws io.bulwark.api.failure.Rejected if a plug-in refuses
   */
  public void validate(AdmissionRequest request) {
    for (Plugin plugin : plugins) {
      plugin.validate(request);
    }
  }
}

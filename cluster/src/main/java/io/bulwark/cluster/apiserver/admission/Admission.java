package io.bulwark.cluster.apiserver.admission;

import java.util.List;

/** The plug-ins, in order. Thread-safe. */
public final class Admission {
  private final List<Plugin> plugins;

  public Admission(List<Plugin> plugins) {
    this.plugins = List.copyOf(plugins);
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

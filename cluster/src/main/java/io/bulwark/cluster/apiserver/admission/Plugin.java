package io.bulwark.cluster.apiserver.admission;

/**
 * One rule of admission. Refuses by throwing {@link io.bulwark.api.failure.Rejected}. Stateless or
 * thread-safe.
 */
public interface Plugin {
  /** Changes the object of the request; may run several times for one request. */
  default void mutate(AdmissionRequest request) {}

  /** Looks at the object as it will be stored; must not change it. */
  default void validate(AdmissionRequest request) {}
}

package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.meta.GroupVersionKind;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.platform.http.Incoming;

/** Reads the bodies of requests: JSON, YAML and protobuf. Thread-safe. */
public final class Bodies {
  private final Shapes shapes;

  public Bodies(Shapes shapes) {
    this.shapes = shapes;
  }

  /** Reads an object of a kind. */
  public Decoded read(Incoming incoming, Kind kind) {
    return read(incoming, kind.resource().groupVersionKind(), kind.schema());
  }

  /**
   * Reads an object of any kind, such as the body of a subresource.
   *
   * @throws io.bulwark.api.failure.Rejected 415 for an unknown content type, 400 for what is no
   *     object of the kind
   */
  public Decoded read(Incoming incoming, GroupVersionKind expected, String schema) {
    throw new UnsupportedOperationException(shapes.toString());
  }
}

package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.codec.Protobuf;
import io.bulwark.api.failure.Failure;
import io.bulwark.client.PatchType;
import io.bulwark.cluster.platform.http.Incoming;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What bodies may be encoded in. */
public final class MediaTypes {
  static final String JSON = "application/json";
  static final String YAML = "application/yaml";
  static final String PROTOBUF = Protobuf.MEDIA_TYPE;

  private static final List<String> BODIES = List.of(JSON, YAML, PROTOBUF);

  private MediaTypes() {}

  /** The media type of a body, without parameters; JSON where the request names none. */
  static String ofBody(Incoming incoming) {
    String type = plain(incoming);
    if (type.isEmpty()) {
      return JSON;
    }
    if (!BODIES.contains(type)) {
      throw new Failure.UnsupportedMediaType(BODIES).rejected();
    }
    return type;
  }

  /**
   * The kind of patch that a request carries.
   *
   * @param strategic whether the resource supports strategic merge; custom resources don't
   * @throws io.bulwark.api.failure.Rejected 415 naming the accepted types
   */
  public static PatchType ofPatch(Incoming incoming, boolean strategic) {
    String type = plain(incoming);
    List<String> accepted = new ArrayList<>();
    for (PatchType candidate : PatchType.values()) {
      if (candidate == PatchType.STRATEGIC && !strategic) {
        continue;
      }
      if (candidate.mediaType().equals(type)) {
        return candidate;
      }
      accepted.add(candidate.mediaType());
    }
    throw new Failure.UnsupportedMediaType(accepted).rejected();
  }

  private static String plain(Incoming incoming) {
    String header = incoming.header("content-type");
    return header == null ? "" : header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }
}

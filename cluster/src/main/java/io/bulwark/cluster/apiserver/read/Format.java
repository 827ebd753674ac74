package io.bulwark.cluster.apiserver.read;

import java.util.Arrays;
import java.util.List;

/** A media type that responses come in, in the order of preference. */
public enum Format {
  JSON("application/json"),
  YAML("application/yaml"),
  PROTOBUF("application/vnd.kubernetes.protobuf");

  private final String mediaType;

  Format(String mediaType) {
    this.mediaType = mediaType;
  }

  public String mediaType() {
    return mediaType;
  }

  /** Whether a watch can be in this format. */
  public boolean streams() {
    return this != YAML;
  }

  static List<String> mediaTypes() {
    return Arrays.stream(values()).map(Format::mediaType).toList();
  }
}

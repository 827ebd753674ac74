package io.bulwark.cluster.apiserver.decode;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.FieldError;
import io.bulwark.api.meta.GroupKind;
import io.bulwark.cluster.platform.http.Incoming;
import java.util.List;
import java.util.Locale;

/** What happens to unknown and duplicate fields: the query parameter of the same name. */
public enum FieldValidation {
  STRICT,
  WARN,
  IGNORE;

  /** What a request asks for; {@code WARN} where it asks for nothing. */
  public static FieldValidation of(Incoming incoming) {
    String value = incoming.parameter("fieldValidation");
    return switch (value == null ? "" : value) {
      case "Strict" -> STRICT;
      case "", "Warn" -> WARN;
      case "Ignore" -> IGNORE;
      default ->
          throw new Failure.Invalid(
                  new GroupKind("meta.k8s.io", options(incoming)),
                  "",
                  List.of(
                      FieldError.notSupported(
                          "fieldValidation", value, List.of("", "Ignore", "Strict", "Warn"))))
              .rejected();
    };
  }

  private static String options(Incoming incoming) {
    return switch (incoming.method().toUpperCase(Locale.ROOT)) {
      case "POST" -> "CreateOptions";
      case "PATCH" -> "PatchOptions";
      default -> "UpdateOptions";
    };
  }
}

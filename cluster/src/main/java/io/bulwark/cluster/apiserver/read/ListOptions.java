package io.bulwark.cluster.apiserver.read;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.FieldError;
import io.bulwark.api.meta.GroupKind;
import io.bulwark.api.selector.MalformedSelector;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.platform.http.Incoming;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters of a list or a watch, checked as upstream checks them.
 *
 * <p>Source: ListOptions of meta/v1 and its validation and defaults in apimachinery.
 *
 * @param revision the resourceVersion; 0 where it is absent or 0
 * @param anyVersion whether resourceVersion is given as 0
 * @param limit 0 for none
 * @param next the continue parameter; empty where absent
 * @param initialEvents whether a watch starts with the state as it is
 * @param timeoutSeconds 0 where absent
 */
public record ListOptions(
    long revision,
    boolean anyVersion,
    Match match,
    long limit,
    String next,
    Selection selection,
    boolean bookmarks,
    boolean initialEvents,
    long timeoutSeconds) {
  private static final GroupKind KIND = new GroupKind("meta.k8s.io", "ListOptions");
  private static final String EXACT = "Exact";
  private static final String NOT_OLDER_THAN = "NotOlderThan";

  /** The parameter {@code resourceVersionMatch}. */
  public enum Match {
    UNSET,
    EXACT,
    NOT_OLDER_THAN
  }

  /**
   * @throws io.bulwark.api.failure.Rejected with 400 or 422, in upstream's words
   */
  public static ListOptions parse(Incoming incoming, Kind kind, boolean watch) {
    Selection selection;
    long limit = number(incoming, "limit");
    long timeout = number(incoming, "timeoutSeconds");
    try {
      selection =
          Selection.parse(
              kind, incoming.parameter("labelSelector"), incoming.parameter("fieldSelector"));
    } catch (MalformedSelector malformed) {
      throw new Failure.BadRequest(String.valueOf(malformed.getMessage())).rejected();
    }
    String version = text(incoming, "resourceVersion");
    String match = text(incoming, "resourceVersionMatch");
    String next = text(incoming, "continue");
    Boolean initial =
        incoming.parameter("sendInitialEvents") == null ? null : incoming.flag("sendInitialEvents");
    if (watch && initial == null && match.isEmpty() && (version.isEmpty() || version.equals("0"))) {
      initial = true;
      match = NOT_OLDER_THAN;
    }
    List<FieldError> errors =
        watch ? watchErrors(match, initial, next) : listErrors(match, initial, next, version);
    if (!errors.isEmpty()) {
      throw new Failure.Invalid(KIND, "", errors).rejected();
    }
    return new ListOptions(
        revision(version),
        version.equals("0"),
        switch (match) {
          case EXACT -> Match.EXACT;
          case NOT_OLDER_THAN -> Match.NOT_OLDER_THAN;
          default -> Match.UNSET;
        },
        limit,
        next,
        selection,
        incoming.flag("allowWatchBookmarks"),
        initial != null && initial,
        timeout);
  }

  private static List<FieldError> watchErrors(
      String match, @Nullable Boolean initialEvents, String next) {
    List<FieldError> errors = new ArrayList<>();
    if (initialEvents != null && !match.equals(NOT_OLDER_THAN)) {
      errors.add(
          forbiddenMatch(
              "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
    }
    if (!match.isEmpty()) {
      if (initialEvents == null) {
        errors.add(
            forbiddenMatch(
                "resourceVersionMatch is forbidden for watch unless sendInitialEvents is"
                    + " provided"));
      }
      if (!match.equals(NOT_OLDER_THAN)) {
        errors.add(FieldError.notSupported("resourceVersionMatch", match, List.of(NOT_OLDER_THAN)));
      }
      if (!next.isEmpty()) {
        errors.add(forbiddenMatch("resourceVersionMatch is forbidden when continue is provided"));
      }
    }
    return errors;
  }

  private static List<FieldError> listErrors(
      String match, @Nullable Boolean initialEvents, String next, String version) {
    List<FieldError> errors = new ArrayList<>();
    if (!match.isEmpty()) {
      if (version.isEmpty()) {
        errors.add(
            forbiddenMatch("resourceVersionMatch is forbidden unless resourceVersion is provided"));
      }
      if (!next.isEmpty()) {
        errors.add(forbiddenMatch("resourceVersionMatch is forbidden when continue is provided"));
      }
      if (!match.equals(EXACT) && !match.equals(NOT_OLDER_THAN)) {
        errors.add(
            FieldError.notSupported(
                "resourceVersionMatch", match, List.of(EXACT, NOT_OLDER_THAN, "")));
      }
      if (match.equals(EXACT) && version.equals("0")) {
        errors.add(
            forbiddenMatch(
                "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
      }
    }
    if (initialEvents != null) {
      errors.add(
          FieldError.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
    }
    return errors;
  }

  private static FieldError forbiddenMatch(String detail) {
    return FieldError.forbidden("resourceVersionMatch", detail);
  }

  private static String text(Incoming incoming, String name) {
    String value = incoming.parameter(name);
    return value == null ? "" : value;
  }

  private static long number(Incoming incoming, String name) {
    String value = text(incoming, name);
    if (value.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException malformed) {
      throw new Failure.BadRequest(unparsable("ParseInt", value)).rejected();
    }
  }

  /** The revision that a {@code resourceVersion} parameter means; 0 where it is absent or 0. */
  static long revision(String version) {
    if (version.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseUnsignedLong(version) & Long.MAX_VALUE;
    } catch (NumberFormatException malformed) {
      throw new Failure.BadRequest(
              "invalid resource version: resourceVersion: Invalid value: \""
                  + version
                  + "\": "
                  + unparsable("ParseUint", version))
          .rejected();
    }
  }

  private static String unparsable(String function, String value) {
    boolean digits = value.chars().skip(value.startsWith("-") ? 1 : 0).allMatch(Character::isDigit);
    String why = digits && value.length() > 18 ? "value out of range" : "invalid syntax";
    return "strconv." + function + ": parsing \"" + value + "\": " + why;
  }
}

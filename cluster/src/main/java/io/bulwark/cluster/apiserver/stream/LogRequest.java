package io.bulwark.cluster.apiserver.stream;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.FieldError;
import io.bulwark.api.meta.GroupKind;
import io.bulwark.client.Query;
import io.bulwark.cluster.platform.http.Incoming;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the options of a log request and says them again for the node. */
final class LogRequest {
  private static final List<String> FLAGS = List.of("follow", "previous", "timestamps");
  private static final List<String> STREAMS = List.of("All", "Stderr", "Stdout");

  private LogRequest() {}

  /** Source: the rules and words of ValidatePodLogOptions in k8s.io/kubernetes. */
  static Query query(Incoming incoming, String pod) {
    Long tailLines = number(incoming, "tailLines");
    Long limitBytes = number(incoming, "limitBytes");
    Long sinceSeconds = number(incoming, "sinceSeconds");
    String sinceTime = given(incoming, "sinceTime");
    String stream = given(incoming, "stream");
    List<FieldError> errors = new ArrayList<>();
    if (tailLines != null && tailLines < 0) {
      errors.add(FieldError.invalid("tailLines", tailLines, "must be greater than or equal to 0"));
    }
    if (limitBytes != null && limitBytes < 1) {
      errors.add(FieldError.invalid("limitBytes", limitBytes, "must be greater than 0"));
    }
    if (sinceSeconds != null && sinceTime != null) {
      errors.add(
          FieldError.forbidden(
              "", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
    } else if (sinceSeconds != null && sinceSeconds < 1) {
      errors.add(FieldError.invalid("sinceSeconds", sinceSeconds, "must be greater than 0"));
    }
    if (stream != null && !STREAMS.contains(stream)) {
      errors.add(FieldError.notSupported("stream", stream, STREAMS));
    }
    if (stream != null && !stream.equals("All") && tailLines != null) {
      errors.add(
          FieldError.forbidden(
              "", "`tailLines` and specific `stream` are mutually exclusive for now"));
    }
    if (!errors.isEmpty()) {
      throw new Failure.Invalid(new GroupKind("", "PodLogOptions"), pod, errors).rejected();
    }
    Query query = Query.none();
    for (String flag : FLAGS) {
      if (incoming.flag(flag)) {
        query = query.with(flag, "true");
      }
    }
    query = with(query, "tailLines", tailLines);
    query = with(query, "limitBytes", limitBytes);
    query = with(query, "sinceSeconds", sinceSeconds);
    query = with(query, "stream", stream);
    return with(query, "sinceTime", time(sinceTime));
  }

  private static Query with(Query query, String name, @Nullable Object value) {
    return value == null ? query : query.with(name, value.toString());
  }

  private static @Nullable String given(Incoming incoming, String name) {
    String text = incoming.parameter(name);
    return text == null || text.isEmpty() ? null : text;
  }

  private static @Nullable Long number(Incoming incoming, String name) {
    String text = given(incoming, name);
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException malformed) {
      throw new Failure.BadRequest("strconv.ParseInt: parsing \"" + text + "\": invalid syntax")
          .rejected();
    }
  }

  private static @Nullable String time(@Nullable String text) {
    try {
      return text == null ? null : OffsetDateTime.parse(text).toString();
    } catch (DateTimeParseException malformed) {
      throw new Failure.BadRequest("parsing time \"" + text + "\": not in RFC 3339 form")
          .rejected();
    }
  }
}

package io.bulwark.cluster.platform.http;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** Builds the heads of responses. */
final class ResponseHead {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static volatile Dated dated = new Dated(0, "");

  private record Dated(long second, String text) {}

  private ResponseHead() {}

  static HttpResponse of(int status, Map<String, String> headers) {
    HttpHeaders all = new DefaultHttpHeaders();
    headers.forEach(all::set);
    if (status != HttpResponseStatus.SWITCHING_PROTOCOLS.code()
        && !all.contains(HttpHeaderNames.DATE)) {
      all.set(HttpHeaderNames.DATE, date());
    }
    return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), all);
  }

  static void close(HttpResponse head) {
    head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
  }

  private static String date() {
    Instant now = Instant.now();
    Dated last = dated;
    if (last.second() != now.getEpochSecond()) {
      last = new Dated(now.getEpochSecond(), DATE.format(now));
      dated = last;
    }
    return last.text();
  }
}

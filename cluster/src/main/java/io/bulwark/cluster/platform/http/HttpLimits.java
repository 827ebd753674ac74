package io.bulwark.cluster.platform.http;

import java.time.Duration;

/**
 * What one server puts up with.
 *
 * @param connections open at the same time; more are closed at once
 * @param requests being handled at the same time; more get 429. Streams count only until they start
 * @param bodyBytes of all request bodies in memory at the same time; more get 429
 * @param streams of one HTTP/2 connection at the same time
 * @param headerBytes of one request, request line and header each
 * @param handshake time for the TLS handshake
 * @param idle time between two requests of a connection, sending the header included
 * @param body time for sending a whole request body, and for taking in any part of a response
 * @param drain time that running requests get when the server is closed
 */
public record HttpLimits(
    int connections,
    int requests,
    long bodyBytes,
    int streams,
    int headerBytes,
    Duration handshake,
    Duration idle,
    Duration body,
    Duration drain) {
  public static final HttpLimits DEFAULT =
      new HttpLimits(
          20_000,
          4_000,
          Math.max(32L << 20, Runtime.getRuntime().maxMemory() / 4),
          250,
          64 * 1024,
          Duration.ofSeconds(10),
          Duration.ofSeconds(90),
          Duration.ofSeconds(60),
          Duration.ofSeconds(5));

  public HttpLimits {
    if (connections < 1 || requests < 1 || bodyBytes < 1 || streams < 1 || headerBytes < 1024) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }

  public HttpLimits withIdle(Duration time) {
    return new HttpLimits(
        connections, requests, bodyBytes, streams, headerBytes, handshake, time, body, drain);
  }

  public HttpLimits withBody(Duration time) {
    return new HttpLimits(
        connections, requests, bodyBytes, streams, headerBytes, handshake, idle, time, drain);
  }

  public HttpLimits withRequests(int most) {
    return new HttpLimits(
        connections, most, bodyBytes, streams, headerBytes, handshake, idle, body, drain);
  }
}

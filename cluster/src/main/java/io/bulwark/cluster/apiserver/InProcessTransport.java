package io.bulwark.cluster.apiserver;

import io.bulwark.client.Transport;
import io.bulwark.cluster.apiserver.request.Target;
import io.bulwark.cluster.platform.http.Credentials;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.http.Outgoing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * Carries the requests of a component into the request path of the same process, with an identity
 * and with every check that a request from the network meets.
 *
 * <p>Thread-safe. A watch holds no thread; its events wait in memory until they are read, and the
 * server drops a reader that falls too far behind.
 */
public final class InProcessTransport implements Transport {
  private final Function<Incoming, Outgoing> requestPath;
  private final Credentials.Component sender;

  public InProcessTransport(
      Function<Incoming, Outgoing> requestPath, Credentials.Component sender) {
    this.requestPath = requestPath;
    this.sender = sender;
  }

  @Override
  public Response exchange(Request request) throws IOException {
    Target target = Target.parse(request.target());
    Outgoing outgoing =
        requestPath.apply(
            new Incoming(
                request.method(),
                target.path(),
                target.query(),
                request.headers(),
                request.body(),
                sender,
                "@"));
    return switch (outgoing) {
      case Outgoing.Complete complete ->
          new Response(complete.status(), complete.headers(), content(complete.body()));
      case Outgoing.Streaming streaming -> {
        Pipe pipe = new Pipe();
        pipe.from(streaming.start().start(pipe));
        yield new Response(streaming.status(), streaming.headers(), pipe);
      }
      case Outgoing.Upgraded upgraded ->
          throw new IOException("a component cannot upgrade its connection: " + request.target());
    };
  }

  private static InputStream content(List<Outgoing.Slice> body) {
    List<InputStream> parts =
        body.stream()
            .<InputStream>map(
                slice -> new ByteArrayInputStream(slice.bytes(), slice.offset(), slice.length()))
            .toList();
    return parts.size() == 1
        ? parts.getFirst()
        : new java.io.SequenceInputStream(Collections.enumeration(parts));
  }
}

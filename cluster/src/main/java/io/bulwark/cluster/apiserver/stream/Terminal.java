package io.bulwark.cluster.apiserver.stream;

import io.bulwark.api.codec.Json;
import io.bulwark.api.codec.MalformedBody;
import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.Statuses;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.platform.http.Outgoing;
import io.bulwark.cluster.platform.http.SpdyConnection;
import io.bulwark.cluster.platform.http.SpdyStream;
import io.bulwark.cluster.platform.http.WebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Translates an exec or attach session between the WebSocket of a client and the SPDY connection of
 * the container runtime.
 *
 * <p>Source: KEP-4006 and the protocols v1, v4 and v5 of remote commands.
 */
final class Terminal implements WebSocket.Session {
  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int ERROR = 3;
  private static final int RESIZE = 4;

  private final ChannelProtocol protocol;
  private final Wanted wanted;
  private final Outgoing.Duplex runtime;

  /** The streams that the client wants. */
  record Wanted(boolean stdin, boolean stdout, boolean stderr, boolean terminal) {}

  Terminal(ChannelProtocol protocol, Wanted wanted, Outgoing.Duplex runtime) {
    this.protocol = protocol;
    this.wanted = wanted;
    this.runtime = runtime;
  }

  @Override
  public void run(WebSocket socket) throws Exception {
    try (SpdyConnection spdy = new SpdyConnection(runtime, true, SpdyStream::reset)) {
      Thread.ofVirtual().name("spdy").start(() -> read(spdy));
      SpdyStream error = open(spdy, "error");
      error.output().close();
      SpdyStream stdin = wanted.stdin() ? open(spdy, "stdin") : null;
      List<Thread> pumps = new ArrayList<>();
      int first = wanted.stdout() ? STDOUT : wanted.stderr() ? STDERR : ERROR;
      protocol.send(socket, first, new byte[0], 0);
      if (wanted.stdout()) {
        pumps.add(pump(open(spdy, "stdout").input(), socket, STDOUT));
      }
      if (wanted.stderr() && !wanted.terminal()) {
        pumps.add(pump(open(spdy, "stderr").input(), socket, STDERR));
      }
      SpdyStream resize = wanted.terminal() ? open(spdy, "resize") : null;
      Thread.ofVirtual().name("stdin").start(() -> take(socket, spdy, stdin, resize));
      byte[] status = error.input().readAllBytes();
      for (Thread pump : pumps) {
        pump.join();
      }
      finish(socket, status);
    }
  }

  private static void read(SpdyConnection spdy) {
    try {
      spdy.run();
    } catch (IOException gone) {
      spdy.close();
    }
  }

  private static SpdyStream open(SpdyConnection spdy, String type) throws IOException {
    return spdy.open(Map.of("streamtype", type));
  }

  private Thread pump(InputStream from, WebSocket socket, int channel) {
    return Thread.ofVirtual()
        .name("output-" + channel)
        .start(
            () -> {
              byte[] buffer = new byte[32 * 1024];
              try {
                for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                  protocol.send(socket, channel, buffer, count);
                }
              } catch (IOException gone) {
                // The client is gone; reading from it ends the session.
              }
            });
  }

  private void take(
      WebSocket socket,
      SpdyConnection spdy,
      @Nullable SpdyStream stdin,
      @Nullable SpdyStream resize) {
    try {
      for (byte[] message = socket.read(); message != null; message = socket.read()) {
        if (message.length == 0) {
          continue;
        }
        ChannelProtocol.Message taken = protocol.parse(message);
        byte[] content = taken.content();
        if (taken.channel() == STDIN && stdin != null) {
          stdin.output().write(content);
        } else if (taken.channel() == RESIZE && resize != null) {
          resize.output().write(content);
        } else if (taken.channel() == ChannelProtocol.CLOSED
            && protocol.version() >= 5
            && content.length == 1
            && content[0] == STDIN
            && stdin != null) {
          stdin.output().close();
        }
      }
    } catch (IOException gone) {
      // Ends the session like a regular close.
    }
    spdy.close();
  }

  private void finish(WebSocket socket, byte[] status) throws IOException {
    if (protocol.version() >= 4) {
      byte[] last =
          status.length > 0
              ? status
              : Json.write(
                  Statuses.of(
                      new Failure.InternalError("the connection to the container was lost")));
      protocol.send(socket, ERROR, last, last.length);
      return;
    }
    String message = failure(status);
    if (!message.isEmpty()) {
      byte[] text = message.getBytes(StandardCharsets.UTF_8);
      protocol.send(socket, ERROR, text, text.length);
    }
  }

  /** The first protocol says nothing about success. */
  private static String failure(byte[] status) {
    try {
      Tree tree = Json.read(status);
      return tree.textOrEmpty("status").equals("Success") ? "" : tree.textOrEmpty("message");
    } catch (MalformedBody text) {
      return new String(status, StandardCharsets.UTF_8);
    }
  }
}

package io.bulwark.cluster.apiserver.stream;

import io.bulwark.cluster.platform.http.Outgoing;
import io.bulwark.cluster.platform.http.SpdyConnection;
import io.bulwark.cluster.platform.http.SpdyStream;
import io.bulwark.cluster.platform.http.WebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Carries port-forwarding over a WebSocket to a SPDY connection of the container runtime. */
final class PortTunnel {
  /** SPDY frames inside the messages of a WebSocket. Source: KEP-4006. */
  static final String TUNNEL = "SPDY/3.1+portforward.k8s.io";

  private PortTunnel() {}

  /** Unwraps the frames; neither end is looked into. */
  static WebSocket.Session tunnel(Outgoing.Duplex runtime) {
    return socket -> {
      Thread.ofVirtual()
          .name("tunnel")
          .start(
              () -> {
                try (runtime) {
                  for (byte[] part = socket.read(); part != null; part = socket.read()) {
                    runtime.output().write(part);
                    runtime.output().flush();
                  }
                } catch (IOException gone) {
                  // Both directions end together.
                }
              });
      try (runtime) {
        byte[] buffer = new byte[32 * 1024];
        InputStream in = runtime.input();
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          socket.writeBinary(java.util.Arrays.copyOf(buffer, count));
        }
      } catch (IOException gone) {
        // The same.
      }
    };
  }

  /**
   * The older form: two channels for each port, data and error, each opened by the port's number in
   * two bytes, the lower one first.
   */
  static WebSocket.Session channels(
      ChannelProtocol protocol, List<Integer> ports, Outgoing.Duplex runtime) {
    return socket -> {
      try (SpdyConnection spdy = new SpdyConnection(runtime, true, SpdyStream::reset)) {
        Thread.ofVirtual()
            .name("spdy")
            .start(
                () -> {
                  try {
                    spdy.run();
                  } catch (IOException gone) {
                    spdy.close();
                  }
                });
        List<SpdyStream> data = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
          SpdyStream error = open(spdy, "error", ports.get(i), i);
          error.output().close();
          SpdyStream stream = open(spdy, "data", ports.get(i), i);
          data.add(stream);
          byte[] port = {(byte) (int) ports.get(i), (byte) (ports.get(i) >> 8)};
          protocol.send(socket, 2 * i, port, 2);
          protocol.send(socket, 2 * i + 1, port, 2);
          pump(protocol, socket, stream.input(), 2 * i);
          pump(protocol, socket, error.input(), 2 * i + 1);
        }
        for (byte[] message = socket.read(); message != null; message = socket.read()) {
          if (message.length > 0) {
            ChannelProtocol.Message taken = protocol.parse(message);
            int index = taken.channel() / 2;
            if (taken.channel() % 2 == 0 && index < data.size()) {
              data.get(index).output().write(taken.content());
            }
          }
        }
      }
    };
  }

  private static SpdyStream open(SpdyConnection spdy, String type, int port, int request)
      throws IOException {
    return spdy.open(
        Map.of(
            "streamtype", type,
            "port", Integer.toString(port),
            "requestid", Integer.toString(request)));
  }

  private static void pump(
      ChannelProtocol protocol, WebSocket socket, InputStream from, int channel) {
    Thread.ofVirtual()
        .name("port-" + channel)
        .start(
            () -> {
              byte[] buffer = new byte[32 * 1024];
              try {
                for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                  protocol.send(socket, channel, buffer, count);
                }
              } catch (IOException gone) {
                // The session's own reading ends it.
              }
            });
  }
}

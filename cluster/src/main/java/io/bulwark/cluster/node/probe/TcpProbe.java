package io.bulwark.cluster.node.probe;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** Opens a connection and closes it. */
final class TcpProbe {
  private TcpProbe() {}

  static ProbeOutcome run(String host, int port, Duration limit) {
    try (Socket socket = new Socket()) {
      socket.setSoLinger(true, 0);
      socket.connect(new InetSocketAddress(host, port), (int) limit.toMillis());
      return new ProbeOutcome.Passed();
    } catch (IOException refused) {
      return new ProbeOutcome.Failed(describe(refused, host, port));
    }
  }

  /** A failed connection in the words of upstream's events. */
  static String describe(IOException failure, String host, int port) {
    String address = host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    return "dial tcp "
        + address
        + ": "
        + switch (failure) {
          case ConnectException refused -> "connect: connection refused";
          case NoRouteToHostException unreachable -> "connect: no route to host";
          case SocketTimeoutException late -> "i/o timeout";
          default -> failure.getMessage();
        };
  }
}

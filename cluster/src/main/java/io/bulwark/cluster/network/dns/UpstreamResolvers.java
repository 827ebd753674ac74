package io.bulwark.cluster.network.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The machine's own name servers, asked for names that are none of the cluster's. Thread-safe. */
final class UpstreamResolvers {
  private static final int TIMEOUT_MILLIS = 2_000;
  private static final int PORT = 53;

  private final List<InetAddress> servers;

  private UpstreamResolvers(List<InetAddress> servers) {
    this.servers = List.copyOf(servers);
  }

  /**
   * Reads the name servers of a resolver configuration; an unreadable one has none.
   *
   * @param own an address that is left out: our own
   */
  static UpstreamResolvers read(Path configuration, String own) {
    return new UpstreamResolvers(
        MachineResolver.servers(configuration).stream()
            .filter(server -> !server.getHostAddress().equals(own))
            .toList());
  }

  /** The answer of the first server that gives one, or null. */
  byte @Nullable [] ask(byte[] query, boolean stream) {
    for (InetAddress server : servers) {
      try {
        return stream ? byStream(server, query) : byDatagram(server, query);
      } catch (IOException next) {
        // The next one may answer.
      }
    }
    return null;
  }

  private static byte[] byDatagram(InetAddress server, byte[] query) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server, PORT); // answers of others are not accepted
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.send(new DatagramPacket(query, query.length));
      DatagramPacket answer = new DatagramPacket(new byte[65_535], 65_535);
      do {
        socket.receive(answer);
      } while (answer.getLength() < 12
          || answer.getData()[0] != query[0]
          || answer.getData()[1] != query[1]);
      return java.util.Arrays.copyOf(answer.getData(), answer.getLength());
    }
  }

  private static byte[] byStream(InetAddress server, byte[] query) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(server, PORT), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeShort(query.length);
      out.write(query);
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] answer = new byte[in.readUnsignedShort()];
      in.readFully(answer);
      return answer;
    }
  }
}

package io.bulwark.cluster.network.dns;

import io.bulwark.client.Informers;
import io.bulwark.cluster.platform.Component;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The name server of a node, by UDP and TCP: cluster names from the informers, all others from the
 * machine's own name servers. It listens on an address that only pods and the node itself reach.
 */
public final class DnsServer implements Component {
  private static final System.Logger LOG = System.getLogger(DnsServer.class.getName());
  private static final int STREAM_LIMIT = 65_535;
  private static final int STREAM_TIMEOUT_MILLIS = 10_000;

  private final InetAddress address;
  private final int port;
  private final ClusterZone zone;
  private final UpstreamResolvers upstream;

  /** Bounds the queries that wait for other servers, and the open streams. */
  private final Semaphore waiting = new Semaphore(512);

  private @Nullable DatagramSocket datagrams;
  private @Nullable ServerSocket streams;

  /**
   * @param port 53, or 0 for any free one
   * @param domain of the cluster, such as {@code cluster.local}
   * @param resolverConfiguration of the machine, such as {@code /etc/resolv.conf}
   */
  public DnsServer(
      InetAddress address,
      int port,
      String domain,
      Path resolverConfiguration,
      Informers informers) {
    this.address = address;
    this.port = port;
    this.zone = new ClusterZone(domain, informers);
    this.upstream = UpstreamResolvers.read(resolverConfiguration, address.getHostAddress());
  }

  @Override
  public void start() throws IOException {
    DatagramSocket udp = new DatagramSocket(new InetSocketAddress(address, port));
    ServerSocket tcp;
    try {
      tcp = new ServerSocket(udp.getLocalPort(), 64, address);
    } catch (IOException taken) {
      udp.close();
      throw taken;
    }
    datagrams = udp;
    streams = tcp;
    Thread.ofVirtual().name("dns-udp").start(() -> receive(udp));
    Thread.ofVirtual().name("dns-tcp").start(() -> accept(tcp));
  }

  /** The port that it listens on, once started. */
  public int port() {
    DatagramSocket socket = datagrams;
    return socket == null ? port : socket.getLocalPort();
  }

  private void receive(DatagramSocket socket) {
    byte[] buffer = new byte[4096];
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
      } catch (SocketException closed) {
        return;
      } catch (IOException broken) {
        continue;
      }
      byte[] query = Arrays.copyOf(packet.getData(), packet.getLength());
      ByteBuffer message = ByteBuffer.wrap(query);
      try {
        DnsQuestion question = DnsQuestion.parse(message);
        DnsAnswer own = own(question);
        if (own != null) {
          send(socket, packet, own.message(message, question, zone.domain(), question.size()));
        } else if (waiting.tryAcquire()) {
          Thread.startVirtualThread(() -> relay(socket, packet, query, message, question));
        }
      } catch (IllegalArgumentException noQuery) {
        LOG.log(System.Logger.Level.DEBUG, "dropped a datagram: " + noQuery.getMessage());
      } catch (RuntimeException bug) { // one query must not end the service for all
        LOG.log(System.Logger.Level.ERROR, "a query was not answered", bug);
      }
    }
  }

  private void relay(
      DatagramSocket socket,
      DatagramPacket packet,
      byte[] query,
      ByteBuffer message,
      DnsQuestion question) {
    try {
      byte[] answer = upstream.ask(query, false);
      send(socket, packet, answer != null ? answer : failure(message, question));
    } finally {
      waiting.release();
    }
  }

  private void accept(ServerSocket server) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        if (waiting.tryAcquire()) {
          Thread.startVirtualThread(() -> serve(socket));
        } else {
          socket.close();
        }
      } catch (SocketException closed) {
        return;
      } catch (IOException broken) {
        LOG.log(System.Logger.Level.DEBUG, "dns: " + broken.getMessage());
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setSoTimeout(STREAM_TIMEOUT_MILLIS);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      while (true) {
        byte[] query = new byte[in.readUnsignedShort()];
        in.readFully(query);
        ByteBuffer message = ByteBuffer.wrap(query);
        DnsQuestion question = DnsQuestion.parse(message);
        DnsAnswer own = own(question);
        byte[] answer =
            own != null
                ? own.message(message, question, zone.domain(), STREAM_LIMIT)
                : upstream.ask(query, true);
        byte[] sent = answer != null ? answer : failure(message, question);
        out.writeShort(sent.length);
        out.write(sent);
        out.flush();
      }
    } catch (IOException | IllegalArgumentException over) {
      LOG.log(System.Logger.Level.DEBUG, "dns: " + over.getMessage());
    } finally {
      waiting.release();
    }
  }

  private @Nullable DnsAnswer own(DnsQuestion question) {
    DnsAnswer answer = zone.answer(question);
    return answer != null && !zone.ready() ? DnsAnswer.empty(DnsAnswer.SERVER_FAILURE) : answer;
  }

  private byte[] failure(ByteBuffer message, DnsQuestion question) {
    return DnsAnswer.empty(DnsAnswer.SERVER_FAILURE)
        .message(message, question, zone.domain(), question.size());
  }

  private static void send(DatagramSocket socket, DatagramPacket to, byte[] answer) {
    try {
      socket.send(new DatagramPacket(answer, answer.length, to.getSocketAddress()));
    } catch (IOException gone) {
      LOG.log(System.Logger.Level.DEBUG, "dns: " + gone.getMessage());
    }
  }

  @Override
  public void close() {
    DatagramSocket udp = datagrams;
    ServerSocket tcp = streams;
    if (udp != null) {
      udp.close();
    }
    if (tcp != null) {
      try {
        tcp.close();
      } catch (IOException alreadyClosed) {
        // It no longer listens either way.
      }
    }
  }
}

package io.bulwark.cluster.platform.http;

import io.bulwark.api.failure.Failure;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of a WebSocket connection. One thread may read while any number of threads
 * write.
 *
 * <p>Source: RFC 6455.
 */
public final class WebSocket {
  /** Longest message that is taken in, in bytes. */
  public static final int MESSAGE_LIMIT = 32 * 1024 * 1024;

  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final Duration LINGER = Duration.ofSeconds(2);
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private final Outgoing.Duplex connection;
  private final DataInputStream in;
  private final OutputStream out;
  private final ReentrantLock reading = new ReentrantLock();
  private boolean over;
  private boolean closeSent;

  private WebSocket(Outgoing.Duplex connection) {
    this.connection = connection;
    in = new DataInputStream(new java.io.BufferedInputStream(connection.input(), 32 * 1024));
    out = connection.output();
  }

  /** What to do with an accepted connection; runs on a virtual thread. */
  public interface Session {
    void run(WebSocket socket) throws Exception;
  }

  /** Whether a request asks for a WebSocket. */
  public static boolean requested(Incoming incoming) {
    String upgrade = incoming.header("upgrade");
    return incoming.upgrade() && upgrade != null && upgrade.equalsIgnoreCase("websocket");
  }

  /**
   * The first protocol of the client's list that the server knows.
   *
   * @return empty where the client names none, null where it names only others
   */
  public static @Nullable String choose(Incoming incoming, List<String> known) {
    String offered = incoming.header("sec-websocket-protocol");
    if (offered == null || offered.isBlank()) {
      return "";
    }
    for (String protocol : offered.split(",", -1)) {
      if (known.contains(protocol.strip())) {
        return protocol.strip();
      }
    }
    return null;
  }

  /**
   * Accepts a WebSocket request.
   *
   * @param protocol to name in the response; empty for none
   * @return the upgrade, or a refusal if the handshake is malformed
   */
  public static Outgoing accept(Incoming incoming, String protocol, Session session) {
    String key = incoming.header("sec-websocket-key");
    String version = incoming.header("sec-websocket-version");
    if (!incoming.method().equals("GET") || key == null || key.isBlank()) {
      return Failures.status(new Failure.BadRequest("malformed WebSocket handshake"));
    }
    if (!"13".equals(version)) {
      return new Outgoing.Complete(426, Map.of("sec-websocket-version", "13"), List.of());
    }
    Map<String, String> headers = new HashMap<>();
    headers.put("upgrade", "websocket");
    headers.put("connection", "Upgrade");
    headers.put("sec-websocket-accept", proof(key.strip()));
    if (!protocol.isEmpty()) {
      headers.put("sec-websocket-protocol", protocol);
    }
    return new Outgoing.Upgraded(
        101,
        headers,
        connection -> {
          WebSocket socket = new WebSocket(connection);
          try {
            session.run(socket);
            socket.finish();
          } finally {
            connection.close();
          }
        });
  }

  /** Waits a moment for the client's own close, so that it can read what was sent last. */
  private void finish() throws IOException {
    close(1000);
    Thread limit =
        Thread.startVirtualThread(
            () -> {
              try {
                Thread.sleep(LINGER); // a time limit: interrupted when the client has closed
                connection.close();
              } catch (InterruptedException finished) {
                Thread.currentThread().interrupt();
              }
            });
    try {
      reading.lock();
      try {
        while (!over && frame() != null) {
          continue;
        }
      } finally {
        reading.unlock();
      }
    } finally {
      limit.interrupt();
    }
  }

  private static String proof(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] digest = sha1.digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * The next whole message, text or binary; null when the client has closed. Answers pings.
   *
   * @throws IOException if the connection breaks or the client breaks the protocol
   */
  public byte @Nullable [] read() throws IOException {
    reading.lock();
    try {
      byte[] message = message();
      over |= message == null;
      return message;
    } catch (IOException broken) {
      over = true;
      throw broken;
    } finally {
      reading.unlock();
    }
  }

  private byte @Nullable [] message() throws IOException {
    byte[] message = {};
    boolean within = false;
    while (true) {
      Frame frame = frame();
      if (frame == null) {
        return null;
      }
      switch (frame.code()) {
        case CLOSE -> {
          close(1000);
          return null;
        }
        case PING -> write(PONG, frame.content());
        case PONG -> {}
        default -> {
          if (within == (frame.code() != 0) || frame.code() > BINARY) {
            throw broken(1002, "unexpected frame");
          }
          if ((long) message.length + frame.content().length > MESSAGE_LIMIT) {
            throw broken(1009, "message too long");
          }
          message = within ? joined(message, frame.content()) : frame.content();
          within = !frame.last();
          if (frame.last()) {
            return message;
          }
        }
      }
    }
  }

  private record Frame(int code, boolean last, byte[] content) {}

  private @Nullable Frame frame() throws IOException {
    int first = in.read();
    if (first < 0) {
      return null;
    }
    int second = in.readUnsignedByte();
    long length = second & 0x7f;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    int code = first & 0x0f;
    if ((first & 0x70) != 0 || (second & 0x80) == 0 || (code >= CLOSE && length > 125)) {
      throw broken(1002, "malformed frame");
    }
    if (length < 0 || length > MESSAGE_LIMIT) {
      throw broken(1009, "message too long");
    }
    byte[] mask = in.readNBytes(4);
    byte[] content = in.readNBytes((int) length);
    if (mask.length < 4 || content.length < length) {
      throw new EOFException("connection closed within a frame");
    }
    for (int i = 0; i < content.length; i++) {
      content[i] ^= mask[i & 3];
    }
    return new Frame(code, (first & 0x80) != 0, content);
  }

  private IOException broken(int code, String reason) throws IOException {
    close(code);
    return new IOException("WebSocket: " + reason);
  }

  private static byte[] joined(byte[] start, byte[] rest) {
    byte[] whole = Arrays.copyOf(start, start.length + rest.length);
    System.arraycopy(rest, 0, whole, start.length, rest.length);
    return whole;
  }

  /** Sends a binary message. */
  public void writeBinary(byte[] message) throws IOException {
    write(BINARY, message);
  }

  /** Sends a text message. */
  public void writeText(String message) throws IOException {
    write(TEXT, message.getBytes(StandardCharsets.UTF_8));
  }

  /** Says that this side is done; later writes are dropped. */
  public void close(int code) throws IOException {
    write(CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
  }

  /** Ends the connection under those who read and write: they fail with {@link IOException}. */
  public void abort() {
    connection.close();
  }

  private synchronized void write(int code, byte[] content) throws IOException {
    if (closeSent) {
      return;
    }
    closeSent = code == CLOSE;
    int head = content.length < 126 ? 2 : content.length < 65_536 ? 4 : 10;
    byte[] frame = new byte[head + content.length];
    frame[0] = (byte) (0x80 | code);
    if (head == 2) {
      frame[1] = (byte) content.length;
    } else {
      frame[1] = (byte) (head == 4 ? 126 : 127);
      long length = content.length;
      for (int i = head - 1; i > 1; i--) {
        frame[i] = (byte) length;
        length >>>= 8;
      }
    }
    System.arraycopy(content, 0, frame, head, content.length);
    out.write(frame);
    out.flush();
  }
}

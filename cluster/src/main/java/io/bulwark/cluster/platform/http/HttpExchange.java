package io.bulwark.cluster.platform.http;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 request on a connection of its own, as a proxy sends it: the response body streams,
 * and a 101 response leaves the raw connection to the caller. Blocking; one thread in each
 * direction.
 */
public final class HttpExchange implements Outgoing.Duplex {
  private static final int HEAD_LIMIT = 256 * 1024;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final boolean headOnly;
  private final String authority;
  private int status;
  private Map<String, String> headers = Map.of();

  private HttpExchange(Socket socket, Address to, boolean headOnly) throws IOException {
    this.socket = socket;
    this.authority = to.authority();
    this.headOnly = headOnly;
    this.in = new BufferedInputStream(socket.getInputStream(), 32 * 1024);
    this.out = socket.getOutputStream();
  }

  /** {@code host:port} of the other side, as the request named it. */
  public String authority() {
    return authority;
  }

  /** Where to connect to: with TLS if there is a context for it. */
  public record Address(String host, int port, @Nullable SSLContext tls, boolean verifyName) {
    public static Address plain(String host, int port) {
      return new Address(host, port, null, false);
    }

    /** TLS; the certificate must be for the host. */
    public static Address verified(String host, int port, SSLContext tls) {
      return new Address(host, port, tls, true);
    }

    /** {@code host:port}, with brackets around an IPv6 address. */
    public String authority() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /**
   * Connects, sends the request and reads the head of the response.
   *
   * @param target escaped path and query
   * @param headers in order; a name may come more than once; host, content-length and connection
   *     (but for upgrades) are added here
   * @param answer longest wait for the head; zero for ever
   * @throws IOException if that fails; nothing is left open
   */
  public static HttpExchange send(
      Address to,
      String method,
      String target,
      List<Map.Entry<String, String>> headers,
      byte[] body,
      Duration answer)
      throws IOException {
    HttpExchange exchange = new HttpExchange(connect(to), to, method.equals("HEAD"));
    try {
      exchange.request(to, method, target, headers, body);
      exchange.socket.setSoTimeout((int) answer.toMillis());
      exchange.head();
      exchange.socket.setSoTimeout(0);
      return exchange;
    } catch (IOException | RuntimeException failed) {
      exchange.close();
      throw failed;
    }
  }

  private static Socket connect(Address to) throws IOException {
    Socket plain = new Socket();
    try {
      plain.setTcpNoDelay(true);
      plain.setKeepAlive(true);
      plain.connect(new InetSocketAddress(to.host(), to.port()), 10_000);
      SSLContext tls = to.tls();
      if (tls == null) {
        return plain;
      }
      SSLSocket secure =
          (SSLSocket) tls.getSocketFactory().createSocket(plain, to.host(), to.port(), true);
      SSLParameters parameters = secure.getSSLParameters();
      if (to.verifyName()) {
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
      }
      parameters.setApplicationProtocols(new String[] {"http/1.1"});
      secure.setSSLParameters(parameters);
      secure.setSoTimeout(10_000);
      secure.startHandshake();
      return secure;
    } catch (IOException | RuntimeException failed) {
      plain.close();
      throw failed;
    }
  }

  private void request(
      Address to,
      String method,
      String target,
      List<Map.Entry<String, String>> headers,
      byte[] body)
      throws IOException {
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    boolean host = false;
    boolean connection = false;
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey();
      String value = header.getValue();
      if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0 || name.indexOf('\n') >= 0) {
        throw new IOException("malformed header " + name);
      }
      host |= name.equalsIgnoreCase("host");
      connection |= name.equalsIgnoreCase("connection");
      head.append(name).append(": ").append(value).append("\r\n");
    }
    if (!host) {
      head.append("Host: ").append(to.authority()).append("\r\n");
    }
    if (!connection) {
      head.append("Connection: close\r\n");
    }
    if (body.length > 0 || method.equals("POST") || method.equals("PUT")) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    head.append("\r\n");
    OutputStream buffered = new BufferedOutputStream(out, 16 * 1024);
    buffered.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    buffered.write(body);
    buffered.flush();
  }

  private void head() throws IOException {
    do {
      readHead();
    } while (status >= 100 && status < 200 && status != 101);
  }

  private void readHead() throws IOException {
    int[] budget = {HEAD_LIMIT};
    String first = line(budget);
    String[] parts = first.split(" ", 3);
    if (!first.startsWith("HTTP/1.") || parts.length < 2 || !parts[1].matches("[1-9]\\d\\d")) {
      throw new IOException("malformed HTTP response");
    }
    status = Integer.parseInt(parts[1]);
    Map<String, String> read = new LinkedHashMap<>();
    for (String line = line(budget); !line.isEmpty(); line = line(budget)) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new IOException("malformed HTTP response header");
      }
      read.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip(),
          (one, more) -> one + "," + more);
    }
    headers = read;
  }

  private String line(int[] budget) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("connection closed before the response");
      }
      if (--budget[0] < 0) {
        throw new IOException("HTTP response header too long");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  /** Whether the request was a HEAD request, whose response has no content. */
  public boolean headOnly() {
    return headOnly;
  }

  public int status() {
    return status;
  }

  /** Lower-case names; values of repeated headers joined by a comma. */
  public Map<String, String> headers() {
    return headers;
  }

  /** The response's content up to its end. Closing it closes the connection. */
  public InputStream body() {
    String encoding = headers.getOrDefault("transfer-encoding", "");
    String length = headers.get("content-length");
    InputStream content;
    if (headOnly || status == 204 || status == 304) {
      content = InputStream.nullInputStream();
    } else if (encoding.toLowerCase(Locale.ROOT).contains("chunked")) {
      content = new ChunkedBody(in);
    } else if (length != null) {
      content = new SizedBody(in, Long.parseLong(length.strip()));
    } else {
      content = in;
    }
    return new FilterInputStream(content) {
      @Override
      public void close() {
        HttpExchange.this.close();
      }
    };
  }

  /** The raw bytes after a 101 response. */
  @Override
  public InputStream input() {
    return in;
  }

  @Override
  public OutputStream output() {
    return out;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException alreadyBroken) {
      // Closed either way.
    }
  }

  /** A body of known length. */
  private static final class SizedBody extends InputStream {
    private final InputStream in;
    private long left;

    SizedBody(InputStream in, long left) {
      this.in = in;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = in.read(into, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new EOFException("connection closed within a response");
      }
      left -= count;
      return count;
    }
  }

  /** A body in chunks; trailers are read and dropped. */
  private static final class ChunkedBody extends InputStream {
    private final InputStream in;
    private long left;
    private boolean first = true;
    private boolean over;

    ChunkedBody(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (!over && left == 0) {
        next();
      }
      if (over) {
        return -1;
      }
      int count = in.read(into, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new EOFException("connection closed within a response");
      }
      left -= count;
      return count;
    }

    private void next() throws IOException {
      if (!first) {
        line();
      }
      first = false;
      String size = line().split(";", 2)[0].strip();
      try {
        left = Long.parseLong(size, 16);
      } catch (NumberFormatException malformed) {
        throw new IOException("malformed chunk");
      }
      if (left == 0) {
        while (!line().isEmpty()) {
          continue;
        }
        over = true;
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0 || line.length() > 4096) {
          throw new EOFException("connection closed within a response");
        }
        if (next != '\r') {
          line.append((char) next);
        }
      }
      return line.toString();
    }
  }
}

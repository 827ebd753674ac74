package io.bulwark.cluster.node.probe;

import io.bulwark.api.tree.Tree;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * One GET request. Certificates are not checked: a probe asks whether something answers, as
 * upstream's does. Redirects to the same host are followed.
 */
final class HttpProbe {
  private static final int REDIRECTS = 10;
  private static final int LONGEST_HEAD = 1 << 20;
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private final Tree get;
  private final String scheme;
  private final String host;
  private final int port;
  private final long end;

  HttpProbe(Tree get, String podAddress, int port, Duration limit) {
    this.get = get;
    String named = get.textOrEmpty("scheme");
    this.scheme = named.isEmpty() ? "http" : named.toLowerCase(Locale.ROOT);
    String own = get.textOrEmpty("host");
    this.host = own.isEmpty() ? podAddress : own;
    this.port = port;
    this.end = System.nanoTime() + limit.toNanos();
  }

  ProbeOutcome run() {
    String path = get.textOrEmpty("path");
    String target = escaped(path.startsWith("/") ? path : "/" + path);
    String address = host.contains(":") ? "[" + host + "]" : host;
    String url = scheme + "://" + address + ":" + port;
    try {
      for (int hop = 0; hop < REDIRECTS; hop++) {
        Answer answer = request(target, address);
        if (answer.status >= 300 && answer.status < 400 && !answer.location.isEmpty()) {
          URI next = URI.create(url + target).resolve(answer.location);
          if (!host.equals(next.getHost()) || next.getPort() != port) {
            return new ProbeOutcome.Passed();
          }
          target = next.getRawPath() + (next.getRawQuery() == null ? "" : "?" + next.getRawQuery());
          continue;
        }
        return answer.status >= 200 && answer.status < 400
            ? new ProbeOutcome.Passed()
            : new ProbeOutcome.Failed("HTTP probe failed with statuscode: " + answer.status);
      }
      return new ProbeOutcome.Failed("Get \"" + url + target + "\": stopped after 10 redirects");
    } catch (SocketTimeoutException late) {
      return new ProbeOutcome.Failed(
          "Get \""
              + url
              + target
              + "\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
    } catch (IOException | IllegalArgumentException broken) {
      String why =
          broken instanceof IOException failure
              ? TcpProbe.describe(failure, host, port)
              : broken.getMessage();
      return new ProbeOutcome.Failed("Get \"" + url + target + "\": " + why);
    }
  }

  private Answer request(String target, String address) throws IOException {
    try (Socket socket = open()) {
      StringBuilder request = new StringBuilder("GET ").append(target).append(" HTTP/1.1\r\n");
      headers(address)
          .forEach((name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
      socket
          .getOutputStream()
          .write(request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(
                  new Head(socket.getInputStream()), StandardCharsets.ISO_8859_1));
      String first = reader.readLine();
      if (first == null) {
        throw new IOException("EOF");
      }
      String[] parts = first.split(" ", 3);
      if (parts.length < 2 || !parts[0].startsWith("HTTP/")) {
        throw new IOException("malformed HTTP response \"" + first + "\"");
      }
      String location = "";
      String line;
      while ((line = reader.readLine()) != null && !line.isEmpty()) {
        if (line.toLowerCase(Locale.ROOT).startsWith("location:")) {
          location = line.substring("location:".length()).strip();
        }
      }
      return new Answer(Integer.parseInt(parts[1]), location);
    } catch (NumberFormatException malformed) {
      throw new IOException("malformed HTTP response", malformed);
    }
  }

  /** A path as one word of ASCII characters: it must not end the line that it stands in. */
  private static String escaped(String path) {
    StringBuilder escaped = new StringBuilder();
    for (byte octet : path.getBytes(StandardCharsets.UTF_8)) {
      if (octet <= ' ' || octet == 0x7f || "\"<>\\^`{|}".indexOf(octet) >= 0) {
        escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
      } else {
        escaped.append((char) octet);
      }
    }
    return escaped.toString();
  }

  private Map<String, String> headers(String address) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Host", address + ":" + port);
    headers.put("User-Agent", "kube-probe/1.36");
    headers.put("Accept", "*/*");
    for (Tree header : get.trees("httpHeaders")) {
      String name = header.textOrEmpty("name");
      String value = header.textOrEmpty("value");
      if (!TOKEN.matcher(name).matches()) {
        throw new IOException("net/http: invalid header field name \"" + name + "\"");
      }
      if (value.chars().anyMatch(letter -> (letter < ' ' && letter != '\t') || letter == 0x7f)) {
        throw new IOException("net/http: invalid header field value for \"" + name + "\"");
      }
      headers.keySet().removeIf(name::equalsIgnoreCase);
      headers.put(name, value);
    }
    headers.put("Connection", "close");
    return headers;
  }

  private Socket open() throws IOException {
    Socket plain = new Timed();
    try {
      plain.connect(new InetSocketAddress(host, port), left());
      if (!scheme.equals("https")) {
        return plain;
      }
      SSLSocket secured =
          (SSLSocket) Unchecked.CONTEXT.getSocketFactory().createSocket(plain, host, port, true);
      secured.startHandshake();
      return secured;
    } catch (IOException failed) {
      plain.close();
      throw failed;
    }
  }

  private int left() throws SocketTimeoutException {
    long left = (end - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      throw new SocketTimeoutException();
    }
    return (int) left;
  }

  private record Answer(int status, String location) {}

  /** Bounds how long a pod may take to answer, however slowly it drips, TLS or not. */
  private final class Timed extends Socket {
    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          setSoTimeout(left());
          return in.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          setSoTimeout(left());
          return in.read(bytes, offset, length);
        }
      };
    }
  }

  /** Bounds how many bytes of headers a pod may answer. */
  private static final class Head extends FilterInputStream {
    private int read;

    Head(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (read >= LONGEST_HEAD) {
        throw new IOException("server response headers exceeded " + LONGEST_HEAD + " bytes");
      }
      int count = in.read(bytes, offset, Math.min(length, LONGEST_HEAD - read));
      read += Math.max(0, count);
      return count;
    }
  }

  /** Accepts every certificate. */
  private static final class Unchecked extends X509ExtendedTrustManager {
    static final SSLContext CONTEXT = context();

    private static SSLContext context() {
      try {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Unchecked()}, null);
        return context;
      } catch (GeneralSecurityException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

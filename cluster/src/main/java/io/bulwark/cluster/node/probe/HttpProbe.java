package io.bulwark.cluster.node.probe;

import io.bulwark.api.tree.Tree;
import java.io.BufferedReader;
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
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
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
    String target = path.startsWith("/") ? path : "/" + path;
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
          .write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(new Head(socket), StandardCharsets.ISO_8859_1));
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

  private Map<String, String> headers(String address) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Host", address + ":" + port);
    headers.put("User-Agent", "kube-probe/1.36");
    headers.put("Accept", "*/*");
    for (Tree header : get.trees("httpHeaders")) {
      String name = header.textOrEmpty("name");
      headers.keySet().removeIf(name::equalsIgnoreCase);
      headers.put(name, header.textOrEmpty("value"));
    }
    headers.put("Connection", "close");
    return headers;
  }

  private Socket open() throws IOException {
    Socket plain = new Socket();
    try {
      plain.connect(new InetSocketAddress(host, port), left());
      plain.setSoTimeout(left());
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

  /** Bounds what a pod may answer, in bytes and, however slowly it drips, in time. */
  private final class Head extends InputStream {
    private final Socket socket;
    private final InputStream in;
    private int read;

    Head(Socket socket) throws IOException {
      this.socket = socket;
      this.in = socket.getInputStream();
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
      socket.setSoTimeout(left());
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

package io.bulwark.cluster.image.registry;

import io.bulwark.cluster.image.registry.RegistryFailure.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Requests that follow redirects without ever leaving TLS or taking a secret to another host.
 * Thread-safe.
 */
final class Exchange implements AutoCloseable {
  private static final int HOPS = 6;

  private final HttpClient client;
  private final Duration patience;
  private final boolean plain;

  /**
   * @param plain whether plain HTTP to loopback addresses is allowed
   */
  Exchange(String host, RegistryConfiguration configuration, boolean plain) throws RegistryFailure {
    this.patience = configuration.patience();
    this.plain = plain;
    this.client =
        HttpClient.newBuilder()
            .sslContext(Authorities.context(host, configuration.authorities()))
            .connectTimeout(patience)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /**
   * The answer after all redirects. The caller closes its body.
   *
   * @param authorization sent to the first host only
   */
  HttpResponse<InputStream> get(
      URI address, Map<String, String> headers, @Nullable String authorization) throws IOException {
    URI at = address;
    for (int hop = 0; hop < HOPS; hop++) {
      check(at);
      HttpRequest.Builder request = HttpRequest.newBuilder(at).timeout(patience).GET();
      headers.forEach(request::header);
      if (authorization != null && sameServer(at, address)) {
        request.header("Authorization", authorization);
      }
      HttpResponse<InputStream> response = send(request.build());
      String location = response.headers().firstValue("Location").orElse(null);
      int status = response.statusCode();
      if (status < 300 || status >= 400 || status == 304 || location == null) {
        return response;
      }
      response.body().close();
      try {
        at = at.resolve(location);
      } catch (IllegalArgumentException malformed) {
        throw new RegistryFailure(Reason.REFUSED, at.getHost() + " redirects to no address");
      }
    }
    throw new RegistryFailure(Reason.REFUSED, address.getHost() + " redirects in circles");
  }

  /** The answer to a form, without following redirects. The caller closes its body. */
  HttpResponse<InputStream> post(URI address, String form) throws IOException {
    check(address);
    return send(
        HttpRequest.newBuilder(address)
            .timeout(patience)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build());
  }

  private static boolean sameServer(URI one, URI other) {
    return one.getScheme().equals(other.getScheme())
        && one.getAuthority().equals(other.getAuthority());
  }

  private void check(URI address) throws RegistryFailure {
    boolean allowed =
        "https".equals(address.getScheme())
            || ("http".equals(address.getScheme())
                && plain
                && Endpoint.loopback(address.getHost()));
    if (address.getHost() == null || !allowed) {
      throw new RegistryFailure(
          Reason.UNTRUSTED, "refusing to go to " + address + ": it is not verified by TLS");
    }
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    String host = request.uri().getAuthority();
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (HttpTimeoutException slow) {
      throw new RegistryFailure(
          Reason.UNREACHABLE, host + " did not answer in " + patience.toSeconds() + " seconds");
    } catch (SSLException untrusted) {
      throw new RegistryFailure(
          Reason.UNTRUSTED, "cannot trust " + host + ": " + innermost(untrusted));
    } catch (IOException broken) {
      throw new RegistryFailure(
          Reason.UNREACHABLE, "cannot reach " + host + ": " + innermost(broken));
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new RegistryFailure(Reason.UNREACHABLE, "interrupted while asking " + host);
    }
  }

  private static String innermost(Throwable thrown) {
    Throwable at = thrown;
    String message =
        thrown instanceof ConnectException ? "no connection" : thrown.getClass().getSimpleName();
    for (int i = 0; at != null && i < 10; i++) {
      if (at.getMessage() != null) {
        message = at.getMessage();
      }
      at = at.getCause();
    }
    return message;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}

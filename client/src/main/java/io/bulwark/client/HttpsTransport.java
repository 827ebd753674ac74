package io.bulwark.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Carries requests over HTTPS, with HTTP/2 where the server speaks it.
 *
 * <p>Thread-safe. A connection attempt may take 10 seconds, the head of a response 70 seconds; a
 * response body has no limit. Closing the body of a response cancels the exchange.
 */
public final class HttpsTransport implements Transport, AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(70);
  private static final int CONNECTIONS = 8;
  private static final Set<String> RESERVED =
      Set.of("connection", "content-length", "expect", "host", "upgrade");

  private final String server;
  private final SSLContext tls;
  private final Supplier<@Nullable String> token;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<HttpClient> clients = new CopyOnWriteArrayList<>();

  /**
   * @param server such as {@code https://10.0.0.1:6443}
   * @param tls says whom to trust and which client certificate to show
   * @param token asked before each request; null for none
   */
  public HttpsTransport(URI server, SSLContext tls, Supplier<@Nullable String> token) {
    String text = server.toString();
    this.server = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    this.tls = tls;
    this.token = token;
    clients.add(connection());
  }

  private HttpClient connection() {
    return HttpClient.newBuilder()
        .sslContext(tls)
        .connectTimeout(CONNECT)
        .followRedirects(HttpClient.Redirect.NEVER)
        .executor(threads)
        .build();
  }

  @Override
  public Response exchange(Request request) throws IOException {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(server + request.target()))
            .timeout(ANSWER)
            .method(
                request.method(),
                request.body().length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(request.body()));
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (!RESERVED.contains(name)) {
                builder.setHeader(name, value);
              }
            });
    String bearer = token.get();
    if (bearer != null) {
      builder.setHeader("authorization", "Bearer " + bearer);
    }
    HttpResponse<InputStream> response = send(builder.build());
    Map<String, String> headers = new HashMap<>();
    response.headers().map().forEach((name, values) -> headers.put(name, String.join(",", values)));
    return new Response(response.statusCode(), headers, response.body());
  }

  /** A connection has a bound of streams, which many watches can use up: then opens another. */
  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    for (int i = 0; ; i++) {
      try {
        return clients.get(i).send(request, HttpResponse.BodyHandlers.ofInputStream());
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        throw (InterruptedIOException) new InterruptedIOException().initCause(stop);
      } catch (IOException refused) {
        if (!full(refused) || i + 1 >= CONNECTIONS) {
          throw refused;
        }
      }
      synchronized (clients) {
        if (clients.size() == i + 1) {
          clients.add(connection());
        }
      }
    }
  }

  private static boolean full(IOException refused) {
    String message = String.valueOf(refused.getMessage());
    return message.contains("too many concurrent streams");
  }

  /** Breaks all exchanges off. */
  @Override
  public void close() {
    clients.forEach(HttpClient::shutdownNow);
    threads.shutdown();
  }
}

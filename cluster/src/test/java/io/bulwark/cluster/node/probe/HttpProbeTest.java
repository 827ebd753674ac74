package io.bulwark.cluster.node.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Pods that answer probes with more, or more slowly, than anyone should wait for. */
class HttpProbeTest {
  private static final byte[] LINE =
      ("x-more: " + "y".repeat(1000) + "\r\n").getBytes(StandardCharsets.US_ASCII);

  private interface Answer {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  private static String failure(Answer answer, Duration limit) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket socket = server.accept()) {
                  OutputStream out = socket.getOutputStream();
                  out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
                  answer.write(out);
                } catch (IOException | InterruptedException hungUp) {
                  Thread.currentThread().interrupt();
                }
              });
      return outcome(server, Tree.of("path", "/"), limit);
    }
  }

  @Test
  void endlessHeadersAreNotRead() throws Exception {
    String why =
        failure(
            out -> {
              for (int i = 0; i < 100_000; i++) {
                out.write(LINE);
              }
            },
            Duration.ofSeconds(30));
    assertTrue(why.endsWith("server response headers exceeded 1048576 bytes"), why);
  }

  @Test
  void aTrickleIsCutOffAtTheTimeout() throws Exception {
    String why =
        failure(
            out -> {
              for (int i = 0; i < 200; i++) {
                out.write('y');
                TimeUnit.MILLISECONDS.sleep(50);
              }
            },
            Duration.ofMillis(500));
    assertTrue(why.contains("context deadline exceeded"), why);
  }

  @Test
  void aTricklingHandshakeIsCutOffAtTheTimeout() throws Exception {
    byte[] record = {0x16, 3, 3, 0x40, 0};
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket socket = server.accept()) {
                  socket.getOutputStream().write(record);
                  for (int i = 0; i < 200; i++) {
                    socket.getOutputStream().write(2);
                    TimeUnit.MILLISECONDS.sleep(50);
                  }
                } catch (IOException | InterruptedException hungUp) {
                  Thread.currentThread().interrupt();
                }
              });
      long begun = System.nanoTime();
      String why = outcome(server, Tree.of("scheme", "HTTPS"), Duration.ofMillis(500));
      assertTrue(why.contains("context deadline exceeded"), why);
      assertTrue(System.nanoTime() - begun < 5_000_000_000L, "not after the whole trickle");
    }
  }

  @Test
  void aPathCannotEndTheRequestLine() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<String> line =
          CompletableFuture.supplyAsync(
              () -> {
                try (Socket socket = server.accept()) {
                  return new BufferedReader(
                          new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                      .readLine();
                } catch (IOException broken) {
                  throw new IllegalStateException(broken);
                }
              });
      outcome(server, Tree.of("path", "a?b=%20 HTTP/1.1\r\nX: \u00e9"), Duration.ofSeconds(5));
      assertEquals(
          "GET /a?b=%20%20HTTP/1.1%0D%0AX:%20%C3%A9 HTTP/1.1", line.get(5, TimeUnit.SECONDS));
    }
  }

  @Test
  void aHeaderCannotEndItsLine() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertTrue(
          outcome(server, header("X-A", "b\r\n\r\nPOST / HTTP/1.1"), Duration.ofSeconds(5))
              .endsWith("net/http: invalid header field value for \"X-A\""));
      assertTrue(
          outcome(server, header("X: 1\r\nX-A", "b"), Duration.ofSeconds(5))
              .contains("net/http: invalid header field name"));
    }
  }

  private static Tree header(String name, String value) {
    return Tree.of("httpHeaders", TreeList.of(Tree.of("name", name, "value", value)));
  }

  private static String outcome(ServerSocket server, Tree get, Duration limit) {
    ProbeOutcome outcome =
        new HttpProbe(get, server.getInetAddress().getHostAddress(), server.getLocalPort(), limit)
            .run();
    return assertInstanceOf(ProbeOutcome.Failed.class, outcome).output();
  }
}

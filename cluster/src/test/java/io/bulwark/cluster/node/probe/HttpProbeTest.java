package io.bulwark.cluster.node.probe;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.tree.Tree;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
      ProbeOutcome outcome =
          new HttpProbe(
                  Tree.of("path", "/"),
                  server.getInetAddress().getHostAddress(),
                  server.getLocalPort(),
                  limit)
              .run();
      return assertInstanceOf(ProbeOutcome.Failed.class, outcome).output();
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
}

package io.bulwark.cluster.apiserver.watch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.cluster.platform.http.Credentials;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.http.Outgoing;
import io.bulwark.cluster.platform.http.WebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WatchSocketTest {
  /** A client that neither sends nor reads. */
  private static final class Stuck implements Outgoing.Duplex {
    private final CountDownLatch writing = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private void stay() throws IOException {
      try {
        closed.await();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
      throw new IOException("connection closed");
    }

    @Override
    public InputStream input() {
      return new InputStream() {
        @Override
        public int read() throws IOException {
          stay();
          return -1;
        }
      };
    }

    @Override
    public OutputStream output() {
      return new OutputStream() {
        @Override
        public void write(int one) throws IOException {
          writing.countDown();
          stay();
        }
      };
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @Test
  void aClientThatDoesNotReadIsCutOffWhenItsWatchEnds() throws Exception {
    CompletableFuture<Outgoing.Sink> opened = new CompletableFuture<>();
    CountDownLatch watchClosed = new CountDownLatch(1);
    Outgoing.Start watch =
        sink -> {
          opened.complete(sink);
          return watchClosed::countDown;
        };
    Map<String, String> headers =
        Map.of("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-version", "13");
    Incoming asked =
        new Incoming("GET", "/", Map.of(), headers, new byte[0], new Credentials.None(), "@");
    Outgoing.Upgraded upgraded =
        (Outgoing.Upgraded)
            WebSocket.accept(
                asked, "", socket -> WatchSocket.run(socket, true, Duration.ofMillis(1), watch));
    Stuck client = new Stuck();
    Thread connection =
        Thread.startVirtualThread(
            () -> {
              try {
                upgraded.takeover().run(client);
              } catch (Exception gone) {
                // How a connection that was cut off ends.
              }
            });
    Outgoing.Sink sink = opened.get(10, TimeUnit.SECONDS);
    sink.write(List.of(Outgoing.Slice.of("{}".getBytes(StandardCharsets.UTF_8))));
    assertTrue(client.writing.await(10, TimeUnit.SECONDS));
    sink.end();
    assertTrue(client.closed.await(10, TimeUnit.SECONDS), "the connection stays open");
    assertTrue(watchClosed.await(10, TimeUnit.SECONDS));
    assertTrue(connection.join(Duration.ofSeconds(10)));
  }
}

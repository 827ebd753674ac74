package io.bulwark.cluster.apiserver.stream;

import io.bulwark.cluster.platform.http.HttpServer;
import io.bulwark.cluster.platform.http.Incoming;
import io.bulwark.cluster.platform.http.Outgoing;
import io.bulwark.cluster.platform.http.SpdyConnection;
import io.bulwark.cluster.platform.http.SpdyStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Speaks SPDY as the streaming server of a container runtime does. Its one command shouts what it
 * reads, warns, and exits with 3; its ports echo.
 */
final class Runtime implements AutoCloseable {
  final BlockingQueue<String> resizes = new LinkedBlockingQueue<>();
  private final HttpServer server;

  Runtime() throws IOException {
    server = new HttpServer("127.0.0.1", 0, null, this::handle);
    server.start();
  }

  URI url(String action, int streams) {
    return URI.create("http://127.0.0.1:" + server.port() + "/" + action + "?streams=" + streams);
  }

  private Outgoing handle(Incoming incoming) {
    int streams = Integer.parseInt(String.valueOf(incoming.parameter("streams")));
    String versions = String.valueOf(incoming.header("x-stream-protocol-version"));
    return new Outgoing.Upgraded(
        101,
        Map.of(
            "connection", "Upgrade",
            "upgrade", "SPDY/3.1",
            "x-stream-protocol-version", versions.split(",", -1)[0]),
        connection -> {
          BlockingQueue<SpdyStream> opened = new LinkedBlockingQueue<>();
          SpdyConnection spdy = new SpdyConnection(connection, false, opened::add);
          Thread work =
              Thread.startVirtualThread(
                  () -> {
                    try {
                      if (incoming.path().equals("/portforward")) {
                        ports(opened);
                      } else {
                        command(spdy, opened, streams);
                      }
                    } catch (Exception gone) {
                      spdy.close();
                    }
                  });
          try {
            spdy.run();
          } finally {
            work.interrupt();
          }
        });
  }

  private static void ports(BlockingQueue<SpdyStream> opened) throws Exception {
    while (true) {
      SpdyStream stream = opened.take();
      if ("data".equals(stream.headers().get("streamtype"))) {
        stream.output().write(bytes("port " + stream.headers().get("port") + ":"));
        Thread.startVirtualThread(
            () -> {
              try {
                stream.input().transferTo(stream.output());
                stream.output().close();
              } catch (IOException gone) {
                stream.reset();
              }
            });
      } else {
        stream.output().close();
      }
    }
  }

  private void command(SpdyConnection spdy, BlockingQueue<SpdyStream> opened, int count)
      throws Exception {
    Map<String, SpdyStream> streams = new java.util.HashMap<>();
    while (streams.size() < count) {
      SpdyStream next = opened.poll(10, TimeUnit.SECONDS);
      if (next == null) {
        throw new IOException("streams missing: " + streams.keySet());
      }
      streams.put(next.headers().get("streamtype"), next);
    }
    SpdyStream resize = streams.get("resize");
    if (resize != null) {
      Thread.startVirtualThread(
          () -> {
            try {
              byte[] size = new byte[100];
              resizes.add(new String(size, 0, resize.input().read(size), StandardCharsets.UTF_8));
            } catch (IOException gone) {
              resize.reset();
            }
          });
    }
    SpdyStream stdin = streams.get("stdin");
    byte[] buffer = new byte[1000];
    if (stdin != null) {
      for (int n = stdin.input().read(buffer); n >= 0; n = stdin.input().read(buffer)) {
        String text = new String(buffer, 0, n, StandardCharsets.UTF_8);
        output(streams, "stdout").write(bytes(text.toUpperCase(Locale.ROOT)));
      }
    }
    if (streams.containsKey("stderr")) {
      output(streams, "stderr").write(bytes("warning"));
    }
    output(streams, "error")
        .write(
            bytes(
                "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"exit 3\",\"reason\":"
                    + "\"NonZeroExitCode\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\","
                    + "\"message\":\"3\"}]}}"));
    for (SpdyStream stream : streams.values()) {
      stream.output().close();
    }
    spdy.close();
  }

  private static OutputStream output(Map<String, SpdyStream> streams, String name) {
    return Objects.requireNonNull(streams.get(name), name).output();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.close();
  }
}

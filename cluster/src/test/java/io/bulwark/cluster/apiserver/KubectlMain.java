package io.bulwark.cluster.apiserver;

import io.bulwark.cluster.platform.http.Credentials;
import io.bulwark.cluster.platform.http.HttpServer;
import io.bulwark.cluster.platform.http.Incoming;
import java.util.List;

/** Serves the test API over plain HTTP on loopback, for a kubectl that somebody runs by hand. */
final class KubectlMain {
  private KubectlMain() {}

  public static void main(String[] arguments) throws Exception {
    TestApi api = TestApi.started();
    HttpServer server =
        new HttpServer(
            "127.0.0.1",
            Integer.parseInt(arguments[0]),
            null,
            incoming ->
                api.server()
                    .handle(
                        new Incoming(
                            incoming.method(),
                            incoming.path(),
                            incoming.query(),
                            incoming.headers(),
                            incoming.body(),
                            new Credentials.Component("admin", List.of("system:masters")),
                            "127.0.0.1")));
    server.start();
    Thread.currentThread().join();
  }
}

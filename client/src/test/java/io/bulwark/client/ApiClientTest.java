package io.bulwark.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bulwark.api.meta.Resources;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

class ApiClientTest {
  @Test
  void whereNobodyListensTheErrorSaysSo() throws Exception {
    URI server = URI.create("https://127.0.0.1:" + unused());
    try (HttpsTransport transport =
        new HttpsTransport(server, SSLContext.getDefault(), () -> null)) {
      ApiException refused =
          assertThrows(
              ApiException.class, () -> new ApiClient(transport).find(Resources.NODES, "", "n"));
      assertEquals("GET /api/v1/nodes/n: connection refused", refused.getMessage());
    }
  }

  private static int unused() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}

package io.bulwark.cluster.join;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.api.tree.TreeList;
import io.bulwark.client.ApiClient;
import io.bulwark.client.ApiException;
import io.bulwark.client.Transport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Waiting for a certificate while the connection does not hold. */
class CertificateOrderTest {
  private static final Tree PENDING = order(new Tree());

  @Test
  void aWatchThatBreaksOffIsNotTheEnd() throws Exception {
    byte[] half = "{\"type\":\"MODIFIED\",\"obj".getBytes(StandardCharsets.UTF_8);
    Tree signed =
        order(
            Tree.of(
                "certificate",
                Base64.getEncoder().encodeToString("pem".getBytes(StandardCharsets.UTF_8))));
    assertEquals(
        "pem",
        place(answer(201, PENDING), answer(200, PENDING), answer(200, half), answer(200, signed)));
  }

  @Test
  void aDenialIs() {
    Tree denied =
        order(Tree.of("conditions", TreeList.of(Tree.of("type", "Denied", "message", "no"))));
    assertEquals(
        "certificate request csr-x: Denied: no",
        assertThrows(
                IOException.class,
                () -> place(answer(201, PENDING), answer(200, PENDING), answer(200, event(denied))))
            .getMessage());
  }

  @Test
  void soIsARefusalToAnswerAtAll() {
    byte[] none = {};
    Tree refusal = Tree.of("kind", "Status", "message", "forbidden", "code", 403L);
    assertThrows(
        ApiException.class,
        () ->
            place(
                answer(201, PENDING),
                answer(200, PENDING),
                answer(200, none),
                answer(403, refusal)));
  }

  private static String place(Transport.Response... answers) throws Exception {
    Deque<Transport.Response> left = new ArrayDeque<>(List.of(answers));
    return CertificateOrder.place(
        new ApiClient(request -> left.remove()),
        CertificateOrder.NODE_CLIENT,
        "request",
        List.of());
  }

  private static Tree order(Tree status) {
    return Tree.of("metadata", Tree.of("name", "csr-x", "resourceVersion", "1"), "status", status);
  }

  private static byte[] event(Tree object) {
    return Json.write(Tree.of("type", "MODIFIED", "object", object));
  }

  private static Transport.Response answer(int code, Tree body) {
    return answer(code, Json.write(body));
  }

  private static Transport.Response answer(int code, byte[] body) {
    return new Transport.Response(code, Map.of(), new ByteArrayInputStream(body));
  }
}

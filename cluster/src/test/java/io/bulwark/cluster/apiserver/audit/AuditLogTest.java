package io.bulwark.cluster.apiserver.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.audit.AuditEvent.Target;
import io.bulwark.cluster.apiserver.authn.Subject;
import io.bulwark.cluster.platform.http.Credentials;
import io.bulwark.cluster.platform.http.Incoming;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
  private static final Target CREATE_SECRET =
      new Target("create", "", "v1", "secrets", "", "team", "keys");
  private static final Subject ALICE =
      new Subject("alice", "", List.of("system:authenticated"), Map.of());

  private static Incoming request(String path, Map<String, List<String>> query, String body) {
    return new Incoming(
        "POST",
        path,
        query,
        Map.of("authorization", "Bearer hidden-token", "user-agent", "kubectl"),
        body.getBytes(StandardCharsets.UTF_8),
        new Credentials.None(),
        "192.0.2.1");
  }

  @Test
  void writesWhoDidWhatAndNeverABodyOrAToken(@TempDir Path directory) throws Exception {
    Path audit = directory.resolve("audit");
    try (AuditLog log = new AuditLog(audit)) {
      log.start();
      log.record(
          AuditEvent.of(
              "id-1",
              request(
                  "/api/v1/namespaces/team/secrets",
                  Map.of("access_token", List.of("hidden-token")),
                  "{\"stringData\":{\"password\":\"hidden-password\"}}"),
              CREATE_SECRET,
              ALICE,
              null,
              201,
              Instant.EPOCH,
              Instant.EPOCH));
    }
    Path file = audit.resolve("audit.log");
    List<String> lines = Files.readAllLines(file);
    assertEquals(1, lines.size());
    assertFalse(lines.getFirst().contains("hidden"), lines.getFirst());
    Tree event = Json.read(lines.getFirst().getBytes(StandardCharsets.UTF_8));
    assertEquals("alice", event.text("user", "username"));
    assertEquals("secrets", event.text("objectRef", "resource"));
    assertEquals(201, event.number(0, "responseStatus", "code"));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(audit)));
  }

  @Test
  void largeFilesArePutAsideAndFiveOldOnesAreKept(@TempDir Path directory) throws Exception {
    int events = 20_000;
    try (AuditLog log = new AuditLog(directory, 100_000)) {
      log.start();
      for (int i = 0; i < events; i++) {
        log.record(Tree.of("auditID", "id-" + i, "padding", "x".repeat(200)));
      }
    }
    try (var files = Files.list(directory)) {
      assertEquals(
          List.of(
              "audit-1.log",
              "audit-2.log",
              "audit-3.log",
              "audit-4.log",
              "audit-5.log",
              "audit.log"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
    List<String> newest = Files.readAllLines(directory.resolve("audit.log"));
    assertTrue(newest.getLast().contains("id-" + (events - 1)), newest.getLast());
    int first = number(newest.getFirst());
    assertEquals(first - 1, number(Files.readAllLines(directory.resolve("audit-1.log")).getLast()));
  }

  private static int number(String line) {
    Tree event = Json.read(line.getBytes(StandardCharsets.UTF_8));
    return Integer.parseInt(event.textOrEmpty("auditID").substring(3));
  }

  @Test
  void thePulseOfTheClusterIsLeftOutAndPeopleNeverAre() {
    Target lease =
        new Target("update", "coordination.k8s.io", "v1", "leases", "", "kube-node-lease", "a");
    Target pods = new Target("list", "", "v1", "pods", "", "", "");
    Target secret = new Target("get", "", "v1", "secrets", "", "team", "keys");
    assertFalse(AuditPolicy.records("/", lease, "system:node:a"));
    assertFalse(AuditPolicy.records("/", pods, "system:kube-scheduler"));
    assertTrue(AuditPolicy.records("/", secret, "system:node:a"));
    assertTrue(AuditPolicy.records("/", pods, "alice"));
    assertTrue(AuditPolicy.records("/", pods, "system:serviceaccount:team:robot"));
    assertTrue(AuditPolicy.records("/", pods, "system:anonymous"));
  }
}

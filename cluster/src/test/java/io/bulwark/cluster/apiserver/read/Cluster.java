package io.bulwark.cluster.apiserver.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.bulwark.api.codec.Json;
import io.bulwark.api.failure.Rejected;
import io.bulwark.api.failure.Statuses;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.authz.Authorized;
import io.bulwark.cluster.apiserver.authz.Grants;
import io.bulwark.cluster.apiserver.kind.Kind;
import io.bulwark.cluster.apiserver.kind.Kinds;
import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.apiserver.store.Store;
import io.bulwark.cluster.apiserver.store.embedded.InMemory;
import io.bulwark.cluster.platform.http.Outgoing;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A store in memory with the built-in kinds, and requests to read from it. */
public final class Cluster implements AutoCloseable {
  public final Store store = new InMemory(() -> Instant.parse("2026-01-01T01:00:00Z"));
  public final Kind pods;
  public final Kind namespaces;
  public final Kind configMaps;
  public final Kind coreEvents;
  public final Kind newEvents;
  final Reads reads = new Reads(store, Duration.ofMillis(50));

  public Cluster() {
    Kinds kinds = Kinds.builtIn(() -> Instant.parse("2026-01-01T01:00:00Z"));
    pods = Objects.requireNonNull(kinds.find("", "v1", "pods"));
    namespaces = Objects.requireNonNull(kinds.find("", "v1", "namespaces"));
    configMaps = Objects.requireNonNull(kinds.find("", "v1", "configmaps"));
    coreEvents = Objects.requireNonNull(kinds.find("", "v1", "events"));
    newEvents = Objects.requireNonNull(kinds.find("events.k8s.io", "v1", "events"));
  }

  public static Tree pod(String namespace, String name, String app, String node) {
    return Tree.of(
        "apiVersion", "v1",
        "kind", "Pod",
        "metadata",
            Tree.of(
                "creationTimestamp",
                "2026-01-01T00:00:00Z",
                "labels",
                Tree.of("app", app),
                "name",
                name,
                "namespace",
                namespace,
                "uid",
                "uid-" + name),
        "spec",
            Tree.of(
                "containers",
                io.bulwark.api.tree.TreeList.of(Tree.of("name", "\"quoted\" {[,", "image", "i")),
                "nodeName",
                node),
        "status", Tree.of("phase", "Running"));
  }

  public Entry create(Kind kind, Tree object) {
    String key =
        kind.key(
            object.textOrEmpty("metadata", "namespace"), object.textOrEmpty("metadata", "name"));
    return ((Store.Written.Done) store.create(key, Json.write(object), null)).entry();
  }

  public Entry createPod(String namespace, String name, String app, String node) {
    return create(pods, pod(namespace, name, app, node));
  }

  public Entry update(Entry entry, Tree object) {
    return ((Store.Written.Done)
            store.update(entry.key(), entry.revision(), Json.write(object), null))
        .entry();
  }

  public Entry delete(Entry entry) {
    return ((Store.Written.Done) store.delete(entry.key(), entry.revision())).entry();
  }

  /** A request for one object, or for all where the name is empty; query as {@code a=b}. */
  public static Authorized request(String namespace, String name, String accept, String... query) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String parameter : query) {
      int equals = parameter.indexOf('=');
      parameters.put(parameter.substring(0, equals), List.of(parameter.substring(equals + 1)));
    }
    return Grants.get(
        "pods",
        namespace,
        name,
        parameters,
        accept.isEmpty() ? Map.of() : Map.of("accept", accept));
  }

  Tree list(Kind kind, String namespace, String... query) {
    return json(reads.list(request(namespace, "", "", query), kind));
  }

  Tree refusedList(Kind kind, String namespace, String... query) {
    return refused(() -> reads.list(request(namespace, "", "", query), kind));
  }

  public static Tree refused(org.junit.jupiter.api.function.Executable call) {
    return Statuses.of(assertThrows(Rejected.class, call).failure());
  }

  static List<String> names(Tree list) {
    return list.trees("items").stream().map(item -> item.text("metadata", "name")).toList();
  }

  static Tree json(Outgoing outgoing) {
    return Json.read(bytes(outgoing));
  }

  static String text(Outgoing outgoing) {
    return new String(bytes(outgoing), UTF_8);
  }

  static byte[] bytes(Outgoing outgoing) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Outgoing.Slice slice : ((Outgoing.Complete) outgoing).body()) {
      out.write(slice.bytes(), slice.offset(), slice.length());
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    store.close();
  }
}

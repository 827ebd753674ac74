package io.bulwark.cluster.apiserver.read;

import static io.bulwark.cluster.apiserver.read.Cluster.json;
import static io.bulwark.cluster.apiserver.read.Cluster.names;
import static io.bulwark.cluster.apiserver.read.Cluster.refused;
import static io.bulwark.cluster.apiserver.read.Cluster.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.store.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadsTest {
  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void getSendsTheStoredObjectWithItsRevision() {
    Entry entry = cluster.createPod("ns", "web", "a", "n1");
    Tree expected = Cluster.pod("ns", "web", "a", "n1");
    expected.set(Long.toString(entry.revision()), "metadata", "resourceVersion");
    assertEquals(expected, json(cluster.reads.get(request("ns", "web", ""), cluster.pods)));
  }

  @Test
  void getOfNothingNamesTheResource() {
    Tree status = refused(() -> cluster.reads.get(request("ns", "web", ""), cluster.pods));
    assertEquals("pods \"web\" not found", status.text("message"));
    assertEquals(404L, status.get("code"));
  }

  @Test
  void listIsOfOneRevisionAndItsItemsCarryNoTypes() {
    cluster.createPod("a", "one", "x", "n");
    cluster.createPod("b", "two", "x", "n");
    cluster.create(
        cluster.namespaces,
        Tree.of(
            "apiVersion", "v1", "kind", "Namespace", "metadata", Tree.of("name", "a", "uid", "u")));
    Tree list = cluster.list(cluster.pods, "");
    assertEquals("PodList", list.text("kind"));
    assertEquals("v1", list.text("apiVersion"));
    assertEquals(Long.toString(cluster.store.revision()), list.text("metadata", "resourceVersion"));
    assertEquals(List.of("one", "two"), names(list));
    Tree first = list.trees("items").getFirst();
    assertFalse(first.containsKey("kind"));
    assertFalse(first.containsKey("apiVersion"));
    assertEquals("2", first.text("metadata", "resourceVersion"));
    assertEquals(List.of("two"), names(cluster.list(cluster.pods, "b")));
    assertEquals(List.of(), cluster.list(cluster.pods, "none").list("items"));
    assertEquals(List.of("a"), names(cluster.list(cluster.namespaces, "")));
  }

  @Test
  void itemsOfKindsWhoseDataSortsBeforeTheKindLoseTheTypesOnly() {
    Tree stored =
        Tree.of(
            "apiVersion",
            "v1",
            "data",
            Tree.of("kind", "\\\"kind\":", "x", "}"),
            "kind",
            "ConfigMap",
            "metadata",
            Tree.of("name", "c", "namespace", "ns", "uid", "u"));
    cluster.create(cluster.configMaps, stored);
    Tree item = cluster.list(cluster.configMaps, "ns").trees("items").getFirst();
    Tree expected = stored.copy().set("2", "metadata", "resourceVersion");
    expected.remove("apiVersion");
    expected.remove("kind");
    assertEquals(expected, item);
  }

  @Test
  void selectorsPickByLabelsAndFields() {
    cluster.createPod("ns", "a", "web", "n1");
    cluster.createPod("ns", "b", "web", "n2");
    cluster.createPod("ns", "c", "db", "n1");
    assertEquals(
        List.of("a", "b"), names(cluster.list(cluster.pods, "ns", "labelSelector=app=web")));
    assertEquals(
        List.of("a"),
        names(
            cluster.list(
                cluster.pods, "", "labelSelector=app in (web)", "fieldSelector=spec.nodeName=n1")));
    assertEquals(
        List.of("c"), names(cluster.list(cluster.pods, "ns", "fieldSelector=metadata.name=c")));
    assertEquals(
        List.of("c"), names(cluster.list(cluster.pods, "", "fieldSelector=metadata.name=c")));
    assertEquals(
        List.of(),
        names(
            cluster.list(
                cluster.pods, "ns", "fieldSelector=metadata.name=c,status.phase=Pending")));
    assertEquals(
        List.of(), names(cluster.list(cluster.pods, "ns", "fieldSelector=metadata.namespace!=ns")));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "400|fieldSelector=spec.foo=x|field label not supported: spec.foo",
        "400|fieldSelector=nonsense|invalid selector: 'nonsense'; can't understand 'nonsense'",
        "400|limit=many|strconv.ParseInt: parsing \"many\": invalid syntax",
        "400|timeoutSeconds=x|strconv.ParseInt: parsing \"x\": invalid syntax",
        "400|resourceVersion=x|invalid resource version: resourceVersion: Invalid value: \"x\":"
            + " strconv.ParseUint: parsing \"x\": invalid syntax",
        "400|continue=AAAA|*",
        "422|sendInitialEvents=true|ListOptions.meta.k8s.io \"\" is invalid: sendInitialEvents:"
            + " Forbidden: sendInitialEvents is forbidden for list",
        "422|resourceVersionMatch=Exact|ListOptions.meta.k8s.io \"\" is invalid:"
            + " resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless"
            + " resourceVersion is provided",
      })
  void wrongParametersAreRefusedInUpstreamsWords(long code, String query, String message) {
    Tree status = cluster.refusedList(cluster.pods, "ns", query);
    assertEquals(code, status.get("code"));
    if (!message.equals("*")) {
      assertEquals(message, status.text("message"));
    }
  }

  @Test
  void fieldsOfKindsWithoutAnyAreRefusedInOtherWords() {
    assertEquals(
        "\"data\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"",
        cluster.refusedList(cluster.configMaps, "", "fieldSelector=data=x").text("message"));
  }

  @Test
  void matchRulesAreUpstreams() {
    assertEquals(
        422L,
        cluster
            .refusedList(cluster.pods, "", "resourceVersion=0", "resourceVersionMatch=Exact")
            .get("code"));
    Tree status =
        cluster.refusedList(
            cluster.pods, "", "resourceVersion=1", "resourceVersionMatch=Exact", "continue=x");
    assertEquals(
        "resourceVersionMatch is forbidden when continue is provided",
        status.trees("details", "causes").getFirst().textOrEmpty("message").substring(11));
    assertEquals(
        "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Unsupported value: \"x\":"
            + " supported values: \"Exact\", \"NotOlderThan\", \"\"",
        cluster
            .refusedList(cluster.pods, "", "resourceVersion=1", "resourceVersionMatch=x")
            .text("message"));
  }

  @Test
  void pagesShareARevisionAndCountWhatRemains() {
    for (int i = 0; i < 7; i++) {
      cluster.createPod("ns", "p" + i, "a", "n");
    }
    Tree first = cluster.list(cluster.pods, "ns", "limit=3");
    cluster.createPod("ns", "p2x", "a", "n");
    assertEquals(4L, first.at("metadata", "remainingItemCount"));
    Tree second = next(first, "limit=3");
    assertEquals(List.of("p3", "p4", "p5"), names(second));
    assertEquals(1L, second.at("metadata", "remainingItemCount"));
    assertEquals(
        first.text("metadata", "resourceVersion"), second.text("metadata", "resourceVersion"));
    Tree last = next(second, "limit=3");
    assertEquals(List.of("p6"), names(last));
    assertNull(last.text("metadata", "continue"));
    assertFalse(last.has("metadata", "remainingItemCount"));
  }

  private Tree next(Tree page, String... query) {
    List<String> all = new ArrayList<>(List.of(query));
    all.add("continue=" + page.text("metadata", "continue"));
    return cluster.list(cluster.pods, "ns", all.toArray(String[]::new));
  }

  @Test
  void pagesOfASelectionAreFullAndCountNothing() {
    for (int i = 0; i < 20; i++) {
      cluster.createPod("ns", String.format("p%02d", i), i % 5 == 0 ? "x" : "y", "n");
    }
    Tree first = cluster.list(cluster.pods, "ns", "limit=2", "labelSelector=app=x");
    assertEquals(List.of("p00", "p05"), names(first));
    assertFalse(first.has("metadata", "remainingItemCount"));
    Tree second = next(first, "limit=3", "labelSelector=app=x");
    assertEquals(List.of("p10", "p15"), names(second));
    assertNull(second.text("metadata", "continue"));
  }

  @Test
  void anyVersionIgnoresTheLimit() {
    for (int i = 0; i < 5; i++) {
      cluster.createPod("ns", "p" + i, "a", "n");
    }
    Tree list = cluster.list(cluster.pods, "ns", "resourceVersion=0", "limit=2");
    assertEquals(5, list.list("items").size());
    assertNull(list.text("metadata", "continue"));
  }

  @Test
  void versionWithLimitIsExactWithoutIsNotOlderThan() {
    long then = cluster.createPod("ns", "a", "x", "n").revision();
    cluster.createPod("ns", "b", "x", "n");
    assertEquals(
        List.of("a"),
        names(cluster.list(cluster.pods, "ns", "resourceVersion=" + then, "limit=5")));
    assertEquals(
        List.of("a", "b"), names(cluster.list(cluster.pods, "ns", "resourceVersion=" + then)));
    assertEquals(
        List.of("a"),
        names(
            cluster.list(
                cluster.pods,
                "ns",
                "resourceVersion=" + then,
                "resourceVersionMatch=Exact",
                "fieldSelector=metadata.name=a")));
    assertEquals(
        List.of("a", "b"),
        names(
            cluster.list(
                cluster.pods,
                "ns",
                "resourceVersion=" + then,
                "limit=5",
                "resourceVersionMatch=NotOlderThan")));
  }

  @Test
  void futureVersionEndsInTimeoutWithItsCause() {
    Tree status = cluster.refusedList(cluster.pods, "ns", "resourceVersion=99");
    assertEquals(504L, status.get("code"));
    assertEquals("Timeout", status.text("reason"));
    assertEquals(
        "ResourceVersionTooLarge", status.trees("details", "causes").getFirst().text("reason"));
    assertEquals(
        504L,
        refused(
                () ->
                    cluster.reads.get(request("ns", "web", "", "resourceVersion=99"), cluster.pods))
            .get("code"));
  }

  @Test
  void expiredTokenComesWithOneThatGoesOn() {
    for (int i = 0; i < 4; i++) {
      cluster.createPod("ns", "p" + i, "a", "n");
    }
    Tree first = cluster.list(cluster.pods, "ns", "limit=2");
    cluster.createPod("ns", "p9", "a", "n");
    cluster.store.compact(cluster.store.revision());
    Tree status =
        cluster.refusedList(
            cluster.pods, "ns", "limit=2", "continue=" + first.text("metadata", "continue"));
    assertEquals(410L, status.get("code"));
    assertEquals("Expired", status.text("reason"));
    Tree rest = next(status);
    assertEquals(List.of("p2", "p3", "p9"), names(rest));
    Tree exact =
        cluster.refusedList(cluster.pods, "ns", "resourceVersion=2", "resourceVersionMatch=Exact");
    assertEquals(410L, exact.get("code"));
    assertEquals("The resourceVersion for the provided list is too old.", exact.text("message"));
  }

  @Test
  void tokenCannotLeaveItsList() {
    String evil =
        java.util.Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                "{\"v\":\"meta.k8s.io/v1\",\"rv\":2,\"start\":\"../secrets/a\"}"
                    .getBytes(StandardCharsets.UTF_8));
    assertEquals(
        "invalid continue token: continue key is not valid: ../secrets/a",
        cluster.refusedList(cluster.pods, "ns", "continue=" + evil).text("message"));
    assertEquals(
        "specifying resource version is not allowed when using continue",
        cluster.refusedList(cluster.pods, "ns", "resourceVersion=1", "continue=x").text("message"));
  }

  @Test
  void bothGroupsShowTheSameEventInTheirOwnForm() {
    cluster.create(
        cluster.coreEvents,
        Tree.of(
            "apiVersion", "v1",
            "involvedObject", Tree.of("kind", "Pod", "name", "web"),
            "kind", "Event",
            "message", "hello",
            "metadata", Tree.of("name", "e", "namespace", "ns", "uid", "u"),
            "reason", "Started",
            "type", "Normal"));
    Tree core = cluster.list(cluster.coreEvents, "ns").trees("items").getFirst();
    assertEquals("hello", core.text("message"));
    Tree shown =
        cluster
            .list(cluster.newEvents, "ns", "fieldSelector=regarding.name=web")
            .trees("items")
            .getFirst();
    assertEquals("hello", shown.text("note"));
    assertEquals("web", shown.text("regarding", "name"));
    assertEquals("2", shown.text("metadata", "resourceVersion"));
  }
}

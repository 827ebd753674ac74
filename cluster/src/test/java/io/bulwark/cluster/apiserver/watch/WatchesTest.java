package io.bulwark.cluster.apiserver.watch;

import static io.bulwark.cluster.apiserver.read.Cluster.pod;
import static io.bulwark.cluster.apiserver.read.Cluster.refused;
import static io.bulwark.cluster.apiserver.read.Cluster.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.codec.Json;
import io.bulwark.api.codec.Protobuf;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.apiserver.read.Cluster;
import io.bulwark.cluster.apiserver.store.Entry;
import io.bulwark.cluster.platform.http.Outgoing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatchesTest {
  private final Cluster cluster = new Cluster();
  private final Watches watches = watches(Duration.ofMinutes(1), Duration.ofMinutes(30), 1 << 20);
  private final List<AutoCloseable> open = new ArrayList<>(List.of(watches));

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    cluster.close();
  }

  private Watches watches(Duration bookmarks, Duration timeout, long slowBytes) {
    return new Watches(
        cluster.store,
        new Watches.Settings(bookmarks, timeout, slowBytes, Duration.ofMillis(50), new Random(1)));
  }

  private Screen watch(String accept, String... query) throws Exception {
    return watch(watches, accept, query);
  }

  private Screen watch(Watches of, String accept, String... query) throws Exception {
    Outgoing.Streaming streaming =
        (Outgoing.Streaming) of.watch(request("ns", "", accept, query), cluster.pods);
    assertEquals(200, streaming.status());
    Screen screen = new Screen();
    open.add(streaming.start().start(screen));
    return screen;
  }

  private String now() {
    return "resourceVersion=" + cluster.store.revision();
  }

  @ParameterizedTest
  @CsvSource({"''", "0"})
  void watchFromNowhereStartsWithWhatIsThere(String version) throws Exception {
    cluster.createPod("ns", "a", "x", "n");
    cluster.createPod("other", "o", "x", "n");
    Entry b = cluster.createPod("ns", "b", "x", "n");
    Screen screen = version.isEmpty() ? watch("") : watch("", "resourceVersion=" + version);
    screen.await(2);
    Entry changed = cluster.update(b, pod("ns", "b", "y", "n"));
    cluster.createPod("ns", "c", "x", "n");
    Entry gone = cluster.delete(changed);
    List<Tree> events = screen.await(5);
    assertEquals(
        List.of("ADDED a", "ADDED b", "MODIFIED b", "ADDED c", "DELETED b"), screen.summary());
    assertEquals(
        Long.toString(gone.revision()),
        events.get(4).text("object", "metadata", "resourceVersion"));
    assertEquals("Pod", events.get(0).text("object", "kind"));
  }

  @Test
  void watchFromARevisionReplaysAndNothingElse() throws Exception {
    cluster.createPod("ns", "a", "x", "n");
    String then = now();
    cluster.createPod("ns", "b", "x", "n");
    Screen screen = watch("", then);
    cluster.createPod("ns", "c", "x", "n");
    screen.await(2);
    assertEquals(List.of("ADDED b", "ADDED c"), screen.summary());
  }

  @Test
  void initialEventsEndWithTheirBookmark() throws Exception {
    cluster.createPod("ns", "a", "x", "n");
    Screen screen =
        watch(
            "",
            "sendInitialEvents=true",
            "resourceVersionMatch=NotOlderThan",
            "allowWatchBookmarks=true",
            "labelSelector=app=x");
    Tree bookmark = screen.await(2).get(1);
    assertEquals("BOOKMARK", bookmark.text("type"));
    assertEquals("Pod", bookmark.text("object", "kind"));
    assertEquals("v1", bookmark.text("object", "apiVersion"));
    assertEquals(
        Long.toString(cluster.store.revision()),
        bookmark.text("object", "metadata", "resourceVersion"));
    assertEquals(
        "true", bookmark.text("object", "metadata", "annotations", "k8s.io/initial-events-end"));
    cluster.createPod("ns", "b", "x", "n");
    screen.await(3);
    assertEquals("ADDED b", screen.summary().get(2));
  }

  @Test
  void initialEventsCanBeDeclined() throws Exception {
    cluster.createPod("ns", "a", "x", "n");
    Screen screen = watch("", "sendInitialEvents=false", "resourceVersionMatch=NotOlderThan");
    cluster.createPod("ns", "b", "x", "n");
    screen.await(1);
    assertEquals(List.of("ADDED b"), screen.summary());
  }

  @Test
  void noBookmarksUnlessAsked() throws Exception {
    Watches eager = watches(Duration.ofMillis(5), Duration.ofMinutes(30), 1 << 20);
    open.add(eager);
    Screen asked = watch(eager, "", now(), "allowWatchBookmarks=true");
    Screen silent = watch(eager, "", now());
    List<Tree> events = asked.await(3);
    assertEquals("BOOKMARK", events.get(2).text("type"));
    assertNull(events.get(2).tree("object", "metadata", "annotations"));
    assertEquals(List.of(), silent.events());
  }

  @Test
  void bookmarksOfQuietWatchesFollowTheOthers() throws Exception {
    Watches eager = watches(Duration.ofMillis(5), Duration.ofMinutes(30), 1 << 20);
    open.add(eager);
    Screen quiet = watch(eager, "", now(), "allowWatchBookmarks=true", "labelSelector=none=x");
    String revision = Long.toString(cluster.createPod("elsewhere", "a", "x", "n").revision());
    Screen.until(
        () ->
            quiet.events().stream()
                .anyMatch(
                    event -> revision.equals(event.text("object", "metadata", "resourceVersion"))));
  }

  @Test
  void selectionsSeeObjectsComeAndGo() throws Exception {
    Screen screen = watch("", now(), "labelSelector=app=x");
    Screen fields = watch("", now(), "fieldSelector=spec.nodeName=n1");
    Entry out = cluster.createPod("ns", "a", "y", "");
    Entry in = cluster.update(out, pod("ns", "a", "x", "n1"));
    Entry again = cluster.update(in, pod("ns", "a", "x", "n1").set("v", "spec", "hostname"));
    Entry left = cluster.update(again, pod("ns", "a", "y", "n2"));
    cluster.delete(left);
    cluster.createPod("ns", "last", "x", "n1");
    List<Tree> events = screen.await(4);
    List<String> expected = List.of("ADDED a", "MODIFIED a", "DELETED a", "ADDED last");
    assertEquals(expected, screen.summary());
    fields.await(4);
    assertEquals(expected, fields.summary());
    assertEquals("x", events.get(2).text("object", "metadata", "labels", "app"));
    assertEquals(
        Long.toString(left.revision()),
        events.get(2).text("object", "metadata", "resourceVersion"));
  }

  @Test
  void oneObjectCanBeWatchedByName() throws Exception {
    cluster.createPod("ns", "a", "x", "n");
    Screen screen = watch("", "fieldSelector=metadata.name=b");
    cluster.createPod("ns", "b", "x", "n");
    screen.await(1);
    assertEquals(List.of("ADDED b"), screen.summary());
  }

  @Test
  void expiredWatchIsToldInBand() throws Exception {
    Entry a = cluster.createPod("ns", "a", "x", "n");
    cluster.createPod("ns", "b", "x", "n");
    cluster.store.compact(cluster.store.revision());
    Screen screen = watch("", "resourceVersion=" + a.revision());
    Tree event = screen.await(1).getFirst();
    assertEquals("ERROR", event.text("type"));
    assertEquals("Status", event.text("object", "kind"));
    assertEquals(410L, event.at("object", "code"));
    assertEquals("Expired", event.text("object", "reason"));
    assertEquals("too old resource version: 2 (3)", event.text("object", "message"));
    Screen.until(screen::ended);
    assertEquals(0, watches.size());
  }

  @Test
  void watchEndsWhenItsTimeIsUpWithALastBookmark() throws Exception {
    Screen screen = watch("", now(), "timeoutSeconds=1", "allowWatchBookmarks=true");
    Screen.until(screen::ended);
    assertEquals("BOOKMARK", screen.events().getLast().text("type"));
    Watches brief = watches(Duration.ofMinutes(1), Duration.ofMillis(10), 1 << 20);
    open.add(brief);
    Screen without = watch(brief, "", now());
    Screen.until(without::ended);
    assertEquals(List.of(), without.events());
    assertEquals(0, brief.size());
  }

  @Test
  void slowReaderIsDroppedAndHarmsNoOther() throws Exception {
    Watches strict = watches(Duration.ofMinutes(1), Duration.ofMinutes(30), 1000);
    open.add(strict);
    Screen slow = watch(strict, "", now());
    Screen good = watch(strict, "", now());
    slow.stopReading();
    for (int i = 0; i < 20; i++) {
      cluster.createPod("ns", "p" + i, "x", "n");
    }
    good.await(20);
    Screen.until(slow::ended);
    assertTrue(slow.events().size() < 20);
    assertFalse(good.ended());
  }

  @Test
  void watchersInOneFormShareTheBytes() throws Exception {
    Screen one = watch("", now());
    Screen two = watch("application/json", now(), "labelSelector=app=x");
    cluster.createPod("ns", "a", "x", "n");
    one.await(1);
    two.await(1);
    assertSame(one.arrays().getFirst(), two.arrays().getFirst());
  }

  @Test
  void tablesSayOnceWhatTheirColumnsAre() throws Exception {
    cluster.createPod("ns", "a", "x", "n");
    Screen screen = watch("application/json;as=Table;v=v1;g=meta.k8s.io");
    screen.await(1);
    cluster.createPod("ns", "b", "x", "n");
    List<Tree> events = screen.await(2);
    assertFalse(events.get(0).treeOrEmpty("object").list("columnDefinitions").isEmpty());
    assertNull(events.get(1).at("object", "columnDefinitions"));
    Tree row = events.get(1).trees("object", "rows").getFirst();
    assertEquals("b", row.list("cells").getFirst());
    assertEquals("3", row.text("object", "metadata", "resourceVersion"));
    assertEquals("3", events.get(1).text("object", "metadata", "resourceVersion"));
  }

  @Test
  void protobufComesInFrames() throws Exception {
    Outgoing streaming =
        watches.watch(
            request("ns", "", "application/vnd.kubernetes.protobuf;stream=watch"), cluster.pods);
    assertEquals(
        "application/vnd.kubernetes.protobuf;stream=watch",
        streaming.headers().get("content-type"));
    Screen screen = watch("application/vnd.kubernetes.protobuf", now());
    Entry entry = cluster.createPod("ns", "a", "x", "n");
    Screen.until(() -> screen.bytes().length > 0);
    byte[] frame = screen.bytes();
    assertEquals(frame.length - 4, ByteBuffer.wrap(frame).getInt());
    String text = new String(frame, StandardCharsets.ISO_8859_1);
    assertTrue(text.contains("ADDED"));
    Tree object = Protobuf.read(Arrays.copyOfRange(frame, text.indexOf("k8s\0"), frame.length));
    Tree expected =
        Json.read(entry.value())
            .set(Long.toString(entry.revision()), "metadata", "resourceVersion");
    assertEquals(expected, object);
  }

  @Test
  void yamlCannotBeStreamed() {
    Tree status = refused(() -> watches.watch(request("ns", "", "application/yaml"), cluster.pods));
    assertEquals(406L, status.get("code"));
    assertEquals(
        "only the following media types are accepted: application/json;stream=watch,"
            + " application/vnd.kubernetes.protobuf;stream=watch",
        status.text("message"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "resourceVersionMatch=NotOlderThan|resourceVersionMatch is forbidden for watch unless"
            + " sendInitialEvents is provided",
        "sendInitialEvents=true|sendInitialEvents requires setting resourceVersionMatch to"
            + " NotOlderThan",
      })
  void wrongOptionsAreRefused(String query, String detail) {
    Tree status = refused(() -> watches.watch(request("ns", "", "", query), cluster.pods));
    assertEquals(422L, status.get("code"));
    assertEquals(
        "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: " + detail,
        status.text("message"));
  }

  @Test
  void initialEventsOfTheFutureAreRefused() {
    Tree status =
        refused(
            () ->
                watches.watch(
                    request(
                        "ns",
                        "",
                        "",
                        "resourceVersion=99",
                        "sendInitialEvents=true",
                        "resourceVersionMatch=NotOlderThan"),
                    cluster.pods));
    assertEquals(504L, status.get("code"));
  }

  @Test
  void clientThatGoesAwayLeavesNothing() throws Exception {
    Outgoing.Streaming streaming =
        (Outgoing.Streaming) watches.watch(request("ns", "", "", now()), cluster.pods);
    Screen screen = new Screen();
    AutoCloseable stream = streaming.start().start(screen);
    assertEquals(1, watches.size());
    stream.close();
    assertEquals(0, watches.size());
    cluster.createPod("ns", "a", "x", "n");
    Screen other = watch("", "resourceVersion=1");
    other.await(1);
    assertEquals(List.of(), screen.events());
  }

  @Test
  void closingEndsEveryWatch() throws Exception {
    Screen screen = watch("", now());
    watches.close();
    assertTrue(screen.ended());
  }
}

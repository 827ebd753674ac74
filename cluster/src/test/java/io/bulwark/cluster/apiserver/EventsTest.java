package io.bulwark.cluster.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.bulwark.api.tree.Tree;
import org.junit.jupiter.api.Test;

class EventsTest {
  private static final String CORE = "/api/v1/namespaces/default/events";
  private static final String GROUPED = "/apis/events.k8s.io/v1/namespaces/default/events";

  @Test
  void bothGroupsShowTheSameEvents() throws Exception {
    try (TestApi api = TestApi.started()) {
      Tree event =
          Tree.of(
              "apiVersion", "events.k8s.io/v1",
              "kind", "Event",
              "metadata", Tree.of("name", "e", "namespace", "default"),
              "eventTime", "2026-01-01T00:00:00.000000Z",
              "reportingController", "example.com/c",
              "reportingInstance", "c-1",
              "action", "Wait",
              "reason", "Because",
              "type", "Normal",
              "note", "it waits",
              "regarding", Tree.of("kind", "Pod", "name", "p", "namespace", "default"));
      var made = api.send("POST", GROUPED, event);
      assertEquals(201, made.status(), made.text());
      assertEquals("it waits", made.tree().text("note"));
      Tree core = api.send("GET", CORE + "/e").tree();
      assertEquals("it waits", core.text("message"));
      assertEquals("p", core.text("involvedObject", "name"));
      assertFalse(core.has("note"));
      Tree grouped = api.send("GET", GROUPED + "/e").tree();
      assertEquals("events.k8s.io/v1", grouped.text("apiVersion"));
      assertEquals("p", grouped.text("regarding", "name"));
      assertEquals(
          1,
          api.send("GET", CORE + "?fieldSelector=involvedObject.name%3Dp")
              .tree()
              .list("items")
              .size());
      assertEquals(
          1,
          api.send("GET", CORE + "?fieldSelector=source%3Dexample.com/c")
              .tree()
              .list("items")
              .size());
    }
  }
}

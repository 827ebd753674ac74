package io.bulwark.cluster.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.meta.Meta;
import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.client.EventRecorder;
import io.bulwark.client.LeaderElection;
import io.bulwark.client.Query;
import io.bulwark.client.Reflector;
import io.bulwark.client.Transport;
import io.bulwark.cluster.LiveCluster;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What components build on, against a real API server in the same process. */
class ComponentClientTest {
  private TestApi api;

  @BeforeEach
  void start() throws Exception {
    api = TestApi.started();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void aReaderWhoseRevisionIsGoneListsAgain() throws Exception {
    Set<String> known = ConcurrentHashMap.newKeySet();
    AtomicInteger lists = new AtomicInteger();
    List<Transport.Response> watches = new CopyOnWriteArrayList<>();
    Transport real = api.client().transport();
    Transport cut =
        request -> {
          if (request.target().contains("watch=") && lists.get() == 1) {
            // What the reader missed while it was away is compacted before it asks.
            api.send("POST", "/api/v1/namespaces/default/configmaps", ObjectVerbsTest.map("late"));
            api.store().compact(api.store().revision());
          }
          Transport.Response response = real.exchange(request);
          watches.add(response);
          return response;
        };
    Reflector.Sink sink =
        new Reflector.Sink() {
          @Override
          public void replace(List<Tree> objects) {
            lists.incrementAndGet();
            known.clear();
            objects.forEach(object -> known.add(Meta.name(object)));
          }

          @Override
          public void changed(Tree object, boolean gone) {
            known.add(Meta.name(object));
          }
        };
    Reflector reflector =
        new Reflector(
            new io.bulwark.client.ApiClient(cut),
            Resources.CONFIG_MAPS,
            "default",
            Query.none(),
            sink);
    Thread reading = Thread.ofVirtual().start(reflector);
    LiveCluster.await("the second list", () -> lists.get() >= 2 && known.contains("late"));
    api.send("POST", "/api/v1/namespaces/default/configmaps", ObjectVerbsTest.map("later"));
    LiveCluster.await("what comes after it", () -> known.contains("later"));
    reflector.close();
    reading.interrupt();
    reading.join();
  }

  @Test
  void oneCandidateLeadsAndAnotherTakesOver() {
    LeaderElection.Timing timing =
        new LeaderElection.Timing(
            Duration.ofMillis(1500), Duration.ofMillis(1000), Duration.ofMillis(50));
    List<String> told = new CopyOnWriteArrayList<>();
    LeaderElection first = candidate("first", timing, told);
    LeaderElection second = candidate("second", timing, told);
    first.start();
    LiveCluster.await("the first leads", first::leading);
    second.start();
    Tree lease = api.client().get(Resources.LEASES, "default", "role");
    assertEquals("first", lease.text("spec", "holderIdentity"));
    assertFalse(second.leading());
    first.close();
    LiveCluster.await("the second leads", second::leading);
    lease = api.client().get(Resources.LEASES, "default", "role");
    assertEquals("second", lease.text("spec", "holderIdentity"));
    assertTrue(lease.number(0, "spec", "leaseTransitions") >= 1, lease.toString());
    second.close();
    assertEquals(List.of("first+", "first-", "second+", "second-"), told);
  }

  private LeaderElection candidate(String name, LeaderElection.Timing timing, List<String> told) {
    return new LeaderElection(
        api.client(),
        "default",
        "role",
        name,
        timing,
        InstantSource.system(),
        () -> told.add(name + "+"),
        () -> told.add(name + "-"));
  }

  @Test
  void similarEventsBecomeOneAndEqualOnesAreCounted() {
    Tree about = Tree.of("kind", "Node", "apiVersion", "v1", "name", "n", "uid", "u");
    try (EventRecorder recorder =
        new EventRecorder(api.client(), "tester", InstantSource.system())) {
      for (int i = 0; i < 14; i++) {
        recorder.event(about, EventRecorder.WARNING, "Odd", "message " + i);
      }
      recorder.event(about, EventRecorder.NORMAL, "Even", "the same");
      recorder.event(about, EventRecorder.NORMAL, "Even", "the same");
      LiveCluster.await("all of them", () -> counts("Even") == 2);
    }
    assertEquals(14, counts("Odd"));
    List<Tree> odd = events().stream().filter(event -> "Odd".equals(event.text("reason"))).toList();
    assertEquals(10, odd.size(), odd.toString());
    Tree combined =
        odd.stream().filter(event -> event.number(0, "count") == 5).findFirst().orElseThrow();
    assertEquals("(combined from similar events): message 13", combined.text("message"));
  }

  private List<Tree> events() {
    return api.client().list(Resources.EVENTS, "default", Query.none()).trees("items");
  }

  private long counts(String reason) {
    return events().stream()
        .filter(event -> reason.equals(event.text("reason")))
        .mapToLong(event -> event.number(0, "count"))
        .sum();
  }

  @Test
  void aReaderOfAPipeCanBeInterrupted() throws Exception {
    try (Pipe pipe = new Pipe()) {
      List<Throwable> ends = new CopyOnWriteArrayList<>();
      Thread reader =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      pipe.read();
                    } catch (IOException ended) {
                      ends.add(ended);
                    }
                  });
      reader.interrupt();
      reader.join();
      assertEquals(1, ends.size());
      assertThrows(
          InterruptedIOException.class,
          () -> {
            throw ends.getFirst();
          });
    }
  }
}

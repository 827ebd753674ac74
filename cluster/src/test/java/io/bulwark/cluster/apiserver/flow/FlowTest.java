package io.bulwark.cluster.apiserver.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.api.failure.Failure;
import io.bulwark.api.failure.Rejected;
import io.bulwark.cluster.apiserver.authn.Subject;
import io.bulwark.cluster.apiserver.request.RequestInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowTest {
  private static RequestInfo info(String verb, String group, String resource, String path) {
    return new RequestInfo(!resource.isEmpty(), path, verb, group, "v1", "", resource, "", "", "");
  }

  private static Subject subject(String name, String group) {
    return new Subject(name, "", List.of(group, "system:authenticated"), Map.of());
  }

  @ParameterizedTest
  @CsvSource({
    "admin, system:masters, list, '', pods, exempt",
    "system:node:n, system:nodes, update, coordination.k8s.io, leases, node-high",
    "system:node:n, system:nodes, list, '', pods, system",
    "system:kube-scheduler, x, update, coordination.k8s.io, leases, leader-election",
    "system:kube-scheduler, x, list, '', pods, workload-high",
    "system:serviceaccount:kube-system:a, system:serviceaccounts, list, '', pods, workload-high",
    "system:serviceaccount:ns:a, system:serviceaccounts, list, '', pods, workload-low",
    "alice, users, list, '', pods, global-default",
  })
  void eachRequestHasItsLevel(
      String user, String userGroup, String verb, String group, String resource, String level) {
    try (Flow.Seat seat =
        new Flow().enter(subject(user, userGroup), info(verb, group, resource, ""))) {
      assertEquals(level, seat.level());
    }
  }

  @Test
  void aFullLevelRefusesAfterItsPatience() {
    Flow flow = new Flow(1, Duration.ZERO);
    RequestInfo list = info("list", "", "pods", "");
    Flow.Seat first = flow.enter(subject("alice", "users"), list);
    Rejected refused =
        assertThrows(Rejected.class, () -> flow.enter(subject("bob", "users"), list));
    assertEquals(
        "Too many requests, please try again later.",
        ((Failure.TooManyRequests) refused.failure()).message());
    flow.enter(subject("admin", "system:masters"), list).close();
    first.close();
    flow.enter(subject("bob", "users"), list).close();
  }

  @Test
  void aSeatGoesToWhoeverWaits() throws Exception {
    Seats seats = new Seats(new PriorityLevel("one", 1, 8, 2, 5), 1);
    assertTrue(seats.take("a", Duration.ZERO));
    CompletableFuture<Boolean> waiter =
        CompletableFuture.supplyAsync(() -> seats.take("b", Duration.ofMinutes(1)));
    while (seats.waiting() == 0) {
      Thread.onSpinWait();
    }
    seats.give();
    assertTrue(waiter.get(1, TimeUnit.MINUTES));
  }
}

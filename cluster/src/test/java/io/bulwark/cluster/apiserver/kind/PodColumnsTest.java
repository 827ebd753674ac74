package io.bulwark.cluster.apiserver.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.bulwark.api.codec.Json;
import io.bulwark.api.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodColumnsTest {
  private static final InstantSource NOW =
      InstantSource.fixed(Instant.parse("2026-01-01T01:00:00Z"));

  private static Object cell(Tree pod, String column) {
    return String.valueOf(
        Arrays.stream(new PodColumns(new Ages(NOW)).columns())
            .filter(c -> c.name().equals(column))
            .findFirst()
            .orElseThrow()
            .cell()
            .apply(pod));
  }

  /** Columns: ready, status, restarts, pod. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0/1|Pending|0|{spec:{containers:[{}]},status:{phase:'Pending'}}
          0/1|ContainerCreating|0|{spec:{containers:[{}]},status:{phase:'Pending',containerStatuses:[{state:{waiting:{reason:'ContainerCreating'}}}]}}
          1/1|Running|0|{spec:{containers:[{}]},status:{phase:'Running',containerStatuses:[{ready:true,state:{running:{}}}]}}
          0/1|CrashLoopBackOff|3 (5m ago)|{spec:{containers:[{}]},status:{phase:'Running',containerStatuses:[{restartCount:3,state:{waiting:{reason:'CrashLoopBackOff'}},lastState:{terminated:{finishedAt:'2026-01-01T00:55:00Z'}}}]}}
          0/1|Init:0/2|0|{spec:{containers:[{}],initContainers:[{name:'a'},{name:'b'}]},status:{phase:'Pending',initContainerStatuses:[{name:'a',state:{running:{}}}]}}
          0/1|Init:Error|1 (60m ago)|{spec:{containers:[{}],initContainers:[{name:'a'}]},status:{phase:'Pending',initContainerStatuses:[{name:'a',restartCount:1,state:{terminated:{exitCode:1,reason:'Error'}},lastState:{terminated:{finishedAt:'2026-01-01T00:00:00Z'}}}]}}
          0/1|Completed|0|{spec:{containers:[{}]},status:{phase:'Succeeded',containerStatuses:[{state:{terminated:{reason:'Completed'}}}]}}
          0/1|ExitCode:3|0|{spec:{containers:[{}]},status:{phase:'Failed',containerStatuses:[{state:{terminated:{exitCode:3}}}]}}
          1/1|Terminating|0|{metadata:{deletionTimestamp:'2026-01-01T00:00:00Z'},spec:{containers:[{}]},status:{phase:'Running',containerStatuses:[{ready:true,state:{running:{}}}]}}
          1/2|NotReady|0|{spec:{containers:[{},{}]},status:{phase:'Running',containerStatuses:[{state:{terminated:{reason:'Completed'}}},{ready:true,state:{running:{}}}]}}
          2/2|Running|0|{spec:{containers:[{}],initContainers:[{name:'s',restartPolicy:'Always'}]},status:{phase:'Running',initContainerStatuses:[{name:'s',started:true,ready:true,state:{running:{}}}],containerStatuses:[{ready:true,state:{running:{}}}]}}
          0/1|Evicted|0|{spec:{containers:[{}]},status:{phase:'Failed',reason:'Evicted'}}
          """)
  void statesAreShownAsKubectlUsersKnowThem(
      String ready, String status, String restarts, String pod) {
    Tree tree =
        Json.read(
            pod.replaceAll("([A-Za-z]+):(?=[\\[{'0-9tf])", "\"$1\":")
                .replace('\'', '"')
                .getBytes(StandardCharsets.UTF_8));
    assertEquals(ready, cell(tree, "Ready"));
    assertEquals(status, cell(tree, "Status"));
    assertEquals(restarts, cell(tree, "Restarts"));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "119, 119s",
    "120, 2m",
    "150, 2m30s",
    "599, 9m59s",
    "600, 10m",
    "10799, 179m",
    "10800, 3h",
    "12600, 3h30m",
    "28800, 8h",
    "172799, 47h",
    "172800, 2d",
    "180000, 2d2h",
    "691200, 8d",
    "63072000, 2y",
    "-5, <invalid>"
  })
  void agesAreShort(long seconds, String text) {
    assertEquals(text, Ages.human(java.time.Duration.ofSeconds(seconds)));
  }
}

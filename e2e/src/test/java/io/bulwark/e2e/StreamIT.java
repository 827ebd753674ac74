package io.bulwark.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bulwark.e2e.TestCluster.Running;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** logs, exec, attach, cp and port-forward, over WebSocket and over SPDY. */
@ExtendWith(TestCluster.class)
class StreamIT {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: talker}
      spec:
        terminationGracePeriodSeconds: 1
        containers:
        - name: talker
          image: registry.bulwark.local/busybox:1
          stdin: true
          command: [sh, -c, "echo first; echo page > /www/index.html; httpd -p 8080 -h /www; while read line; do echo heard $line; done"]
      """;

  private static Map<String, String> environment(Kubectl kubectl, boolean webSocket) {
    Map<String, String> environment = new java.util.HashMap<>(kubectl.environment());
    environment.put("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", Boolean.toString(webSocket));
    environment.put("KUBECTL_PORT_FORWARD_WEBSOCKETS", Boolean.toString(webSocket));
    return environment;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyStreamWorks(boolean webSocket, Running running, Kubectl kubectl) throws Exception {
    String namespace = webSocket ? "stream-websocket" : "stream-spdy";
    kubectl.run("create", "namespace", namespace).ok();
    kubectl.feed(POD, "-n", namespace, "apply", "-f", "-").ok();
    kubectl
        .run("-n", namespace, "wait", "pod/talker", "--for=condition=Ready", "--timeout=60s")
        .ok();
    Map<String, String> environment = environment(kubectl, webSocket);

    assertEquals("first", kubectl.ask("-n", namespace, "logs", "talker"));
    assertEquals("first", kubectl.ask("-n", namespace, "logs", "talker", "--since=1h", "--tail=1"));

    Command.Result exec =
        run(environment, "piped\n", kubectl, "-n", namespace, "exec", "-i", "talker", "--", "cat");
    assertEquals("piped\n", exec.ok().out());
    Command.Result code =
        run(
            environment,
            "",
            kubectl,
            "-n",
            namespace,
            "exec",
            "talker",
            "--",
            "sh",
            "-c",
            "echo bad >&2; exit 7");
    assertEquals(7, code.code(), code.toString());
    assertTrue(code.err().contains("bad"), code.toString());

    run(environment, "hello\n", kubectl, "-n", namespace, "attach", "-i", "talker");
    Eventually.within(
        Duration.ofSeconds(20),
        () -> assertTrue(kubectl.ask("-n", namespace, "logs", "talker").contains("heard hello")));

    Path file = running.scratch().resolve("copied-" + webSocket);
    Files.writeString(file, "content");
    run(environment, "", kubectl, "-n", namespace, "cp", file.toString(), "talker:/tmp/copied")
        .ok();
    Path back = running.scratch().resolve("back-" + webSocket);
    run(environment, "", kubectl, "-n", namespace, "cp", "talker:/tmp/copied", back.toString())
        .ok();
    assertEquals("content", Files.readString(back));

    forwards(environment, kubectl, namespace);
  }

  private static Command.Result run(
      Map<String, String> environment, String input, Kubectl kubectl, String... arguments) {
    return Command.run(Duration.ofSeconds(60), environment, input, kubectl.command(arguments));
  }

  private static void forwards(Map<String, String> environment, Kubectl kubectl, String namespace)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(kubectl.command("-n", namespace, "port-forward", "pod/talker", ":8080"));
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    try (BufferedReader out =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        HttpClient client = HttpClient.newHttpClient()) {
      String line = out.readLine(); // Forwarding from 127.0.0.1:PORT -> 8080
      String port = List.of(line.split("[: ]")).get(3);
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> page =
            client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/index.html"))
                    .timeout(Duration.ofSeconds(20))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals("page\n", page.body());
      }
    } finally {
      process.destroy();
      process.waitFor();
    }
  }
}

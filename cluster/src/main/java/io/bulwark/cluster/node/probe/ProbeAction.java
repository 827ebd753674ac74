package io.bulwark.cluster.node.probe;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.runtime.ContainerRuntime;
import io.bulwark.cluster.node.runtime.ExecResult;
import io.bulwark.cluster.node.runtime.RuntimeFailure;
import java.time.Duration;
import java.util.List;

/** Runs the handler of a probe or of a lifecycle hook: exec, httpGet, tcpSocket or grpc. */
public final class ProbeAction {
  private static final int LONGEST_OUTPUT = 10 * 1024;

  private final ContainerRuntime runtime;

  public ProbeAction(ContainerRuntime runtime) {
    this.runtime = runtime;
  }

  /**
   * Runs a handler once and waits at most for the limit.
   *
   * @param container the container's specification, for named ports
   * @param host the pod's address
   */
  public ProbeOutcome run(
      Tree handler, Tree container, String containerId, String host, Duration limit) {
    if (handler.tree("exec") instanceof Tree exec) {
      return exec(containerId, exec.texts("command"), limit);
    }
    if (handler.tree("httpGet") instanceof Tree get) {
      int port = port(get, container);
      return port > 0
          ? new HttpProbe(get, host, port, limit).run()
          : new ProbeOutcome.Errored("couldn't find port: " + get.get("port"));
    }
    if (handler.tree("tcpSocket") instanceof Tree socket) {
      int port = port(socket, container);
      String own = socket.textOrEmpty("host");
      return port > 0
          ? TcpProbe.run(own.isEmpty() ? host : own, port, limit)
          : new ProbeOutcome.Errored("couldn't find port: " + socket.get("port"));
    }
    if (handler.tree("grpc") instanceof Tree grpc) {
      return GrpcProbe.run(host, (int) grpc.number(0, "port"), grpc.textOrEmpty("service"), limit);
    }
    return new ProbeOutcome.Errored("missing probe handler");
  }

  private ProbeOutcome exec(String containerId, List<String> command, Duration limit) {
    try {
      ExecResult result = runtime.exec(containerId, command, limit);
      String output = result.text();
      return result.exitCode() == 0
          ? new ProbeOutcome.Passed()
          : new ProbeOutcome.Failed(output.substring(0, Math.min(LONGEST_OUTPUT, output.length())));
    } catch (RuntimeFailure failed) {
      if (failed.timedOut() || failed.getMessage().contains("timeout")) {
        return new ProbeOutcome.Failed(
            "command timed out: \""
                + String.join(" ", command)
                + "\" timed out after "
                + limit.toSeconds()
                + "s");
      }
      return new ProbeOutcome.Errored(failed.getMessage());
    }
  }

  private static int port(Tree handler, Tree container) {
    Object port = handler.get("port");
    if (port instanceof Long number) {
      return number.intValue();
    }
    for (Tree declared : container.trees("ports")) {
      if (declared.textOrEmpty("name").equals(port)) {
        return (int) declared.number(0, "containerPort");
      }
    }
    try {
      return Integer.parseInt(String.valueOf(port));
    } catch (NumberFormatException unknown) {
      return 0;
    }
  }
}

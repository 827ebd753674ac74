package io.bulwark.cli.preflight;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/** The port of the API server must be free. */
final class PortCheck implements Check {
  @Override
  public List<Finding> look(Machine machine) {
    if (machine.port() == 0) {
      return List.of();
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(machine.port()));
      return List.of();
    } catch (IOException taken) {
      return List.of(
          Finding.fatal(
              "port " + machine.port() + " is in use",
              "choose another with --port, or see who has it: ss -ltnp 'sport = :"
                  + machine.port()
                  + "'"));
    }
  }
}

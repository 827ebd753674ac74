package io.bulwark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The plain reading of options against picocli's. */
class PlainArgumentsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "up",
        "up --daemon --no-install",
        "up --port 0",
        "up --port=6444 --data-dir=/tmp/some/../where",
        "up --simulated-nodes 3 --advertise-address 127.0.0.1 --node-name n1",
        "up --controllers *,-node-lifecycle-controller --data-dir relative",
        "up --controllers=-job,* --simulated-nodes=0"
      })
  void plainOptionsMeanTheSame(String line) throws Exception {
    String[] arguments = line.split(" ");
    UpCommand plain = PlainArguments.up(arguments);
    UpCommand read = new UpCommand();
    new CommandLine(read).parseArgs(Arrays.copyOfRange(arguments, 1, arguments.length));
    assertNotNull(plain);
    assertEquals(state(read), state(plain));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "down",
        "up --help",
        "up -h",
        "up --port",
        "up --port x",
        "up --port -1",
        "up --port 99999999999",
        "up --port 1 --port 2",
        "up --no-install=true",
        "up --simulated-nodes 1e3",
        "up --data-dir=",
        "up --controllers -job,*",
        "up surplus",
        "up --unknown 1",
        "up @file",
        "up --vulnerability-source https://example.org --vulnerability-source https://example.com"
      })
  void everythingElseIsLeftToPicocli(String line) {
    assertNull(PlainArguments.up(line.split(" ")));
  }

  /** All options of a command with their values. */
  private static Map<String, String> state(UpCommand command) throws Exception {
    Map<String, String> state = new TreeMap<>();
    for (Field field : UpCommand.class.getDeclaredFields()) {
      field.setAccessible(true);
      if (field.isAnnotationPresent(Option.class)) {
        state.put(field.getName(), String.valueOf(field.get(command)));
      } else if (field.get(command) instanceof DataDirectory directory) {
        state.put(field.getName(), directory.path().toString());
      }
    }
    return state;
  }
}

package io.bulwark.cli;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the options of {@code up} without picocli, whose reflection over all commands takes longer
 * than opening the store. What is not written plainly is picocli's to judge.
 */
final class PlainArguments {
  private PlainArguments() {}

  /** The command with its options, or null where picocli has to read them. */
  static @Nullable UpCommand up(String[] arguments) {
    if (arguments.length == 0 || !arguments[0].equals("up")) {
      return null;
    }
    UpCommand command = new UpCommand();
    Set<String> seen = new HashSet<>();
    for (int i = 1; i < arguments.length; i++) {
      String argument = arguments[i];
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      if (!seen.add(name)) {
        return null;
      }
      if (equals < 0 && command.take(name)) {
        continue;
      }
      String value = null;
      if (equals >= 0) {
        value = argument.substring(equals + 1);
      } else if (i + 1 < arguments.length) {
        value = arguments[++i];
      }
      if (value == null
          || value.isEmpty()
          || (equals < 0 && value.startsWith("-"))
          || value.startsWith("\"")
          || !command.take(name, value)) {
        return null;
      }
    }
    return command;
  }
}

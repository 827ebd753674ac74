package io.bulwark.cluster.node.agent;

import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.node.runtime.ContainerState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a container left to say: its message file, or the end of its log. */
final class TerminationMessages {
  private static final int LONGEST = 4096;
  private static final int LOG_BYTES = 2048;
  private static final int LOG_LINES = 80;

  private TerminationMessages() {}

  static String read(Path file, Tree container, ContainerState state) {
    String message = start(file);
    boolean fromLog =
        message.isEmpty()
            && state.exitCode() != 0
            && container.textOrEmpty("terminationMessagePolicy").equals("FallbackToLogsOnError");
    return fromLog ? logEnd(Path.of(state.logPath())) : message;
  }

  private static String start(Path file) {
    try (var content = Files.newInputStream(file)) {
      return new String(content.readNBytes(LONGEST), StandardCharsets.UTF_8);
    } catch (IOException none) {
      return "";
    }
  }

  private static String logEnd(Path log) {
    List<String> lines = new ArrayList<>();
    try (var content = Files.lines(log, StandardCharsets.UTF_8)) {
      content.forEach(
          line -> {
            String[] parts = line.split(" ", 4);
            lines.add(parts.length == 4 ? parts[3] + (parts[2].equals("F") ? "\n" : "") : "");
            if (lines.size() > LOG_LINES) {
              lines.removeFirst();
            }
          });
    } catch (IOException | java.io.UncheckedIOException none) {
      return "";
    }
    String text = String.join("", lines);
    return text.length() <= LOG_BYTES ? text : text.substring(text.length() - LOG_BYTES);
  }
}

package io.bulwark.cli;

import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** One line a record on standard error: time, level, component, message. */
final class Logging {
  /** Held, since the registry of loggers does not. */
  private static final Logger BOOTSTRAP = Logger.getLogger("io.netty.bootstrap.Bootstrap");

  private Logging() {}

  static void configure() {
    Logger root = Logger.getLogger("");
    for (var handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    ConsoleHandler console = new ConsoleHandler();
    console.setFormatter(new Line());
    root.addHandler(console);
    // gRPC asks for keep-alive on unix sockets, which have none, and Netty says so each time.
    BOOTSTRAP.setLevel(Level.SEVERE);
    String level = System.getenv("BULWARK_LOG");
    root.setLevel(
        level == null ? Level.WARNING : Level.parse(level.toUpperCase(java.util.Locale.ROOT)));
  }

  private static final class Line extends Formatter {
    @Override
    public String format(LogRecord record) {
      String logger = record.getLoggerName() == null ? "" : record.getLoggerName();
      StringBuilder line = new StringBuilder(120);
      line.append(record.getInstant()).append(' ').append(record.getLevel()).append(' ');
      line.append(logger.substring(logger.lastIndexOf('.') + 1)).append(": ");
      line.append(formatMessage(record)).append('\n');
      Throwable thrown = record.getThrown();
      if (thrown != null) {
        line.append("  ").append(thrown).append('\n');
        for (StackTraceElement frame : thrown.getStackTrace()) {
          line.append("    at ").append(frame).append('\n');
        }
      }
      return line.toString();
    }
  }
}

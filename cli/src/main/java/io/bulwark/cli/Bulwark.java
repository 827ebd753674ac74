package io.bulwark.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Kubernetes in one process. */
@Command(
    name = "bulwark",
    description = "Kubernetes v1.36 in one process: secure, multi-tenant, on real containers.",
    mixinStandardHelpOptions = true,
    version = "bulwark " + Bulwark.VERSION + ", Kubernetes v1.36.0",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UpCommand.class,
      DownCommand.class,
      ResetCommand.class,
      StatusCommand.class,
      VersionsCommand.class,
      KubeconfigCommand.class,
      ImageCommand.class,
      VulnerabilityCommand.class,
      TokenCommand.class,
      JoinCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Bulwark {
  static final String VERSION = "0.1.0";

  public static void main(String[] arguments) {
    if (Detached.asked(arguments)) {
      System.exit(detached(arguments));
    }
    Logging.configure();
    UpCommand plain = PlainArguments.up(arguments);
    System.exit(plain == null ? execute(arguments) : plain.execute());
  }

  private static int detached(String[] arguments) {
    try {
      return Detached.start(arguments);
    } catch (Exception thrown) {
      tell(thrown, new PrintWriter(System.err, true, System.err.charset()));
      return 1;
    }
  }

  private static int execute(String[] arguments) {
    CommandLine line = line();
    if (List.of(arguments).contains(Detached.DAEMON)) {
      line.setErr(new PrintWriter(System.out, true, System.out.charset()));
    }
    return line.execute(arguments.length == 0 ? new String[] {"--help"} : arguments);
  }

  /** All commands. Whatever goes wrong ends with 1 and is said in one line on standard error. */
  static CommandLine line() {
    CommandLine line = new CommandLine(new Bulwark());
    line.setExecutionExceptionHandler(
        (thrown, command, parsed) -> {
          tell(thrown, command.getErr());
          return 1;
        });
    line.setParameterExceptionHandler(
        (wrong, words) -> {
          tell(wrong, wrong.getCommandLine().getErr());
          return 1;
        });
    return line;
  }

  /** One line for the person who gave a command that failed. */
  static void tell(Exception thrown, PrintWriter screen) {
    screen.println("bulwark: " + describe(thrown));
    if (!(thrown instanceof Refusal) && System.getenv("BULWARK_DEBUG") != null) {
      thrown.printStackTrace(screen);
    }
  }

  private static String describe(Throwable thrown) {
    Throwable cause = thrown.getCause();
    if (thrown instanceof UncheckedIOException && cause != null) {
      return describe(cause);
    }
    if (thrown instanceof AccessDeniedException denied && denied.getReason() == null) {
      return denied.getFile() + ": permission denied";
    }
    if (thrown instanceof FileAlreadyExistsException present && present.getReason() == null) {
      return present.getFile() + " is there already, and no directory";
    }
    String message = thrown.getMessage();
    return message == null || message.isBlank()
        ? thrown.getClass().getSimpleName()
        : message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}

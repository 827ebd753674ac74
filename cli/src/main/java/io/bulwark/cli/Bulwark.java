package io.bulwark.cli;

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
    Logging.configure();
    CommandLine line = new CommandLine(new Bulwark());
    line.setExecutionExceptionHandler(
        (thrown, command, parsed) -> {
          if (thrown instanceof Refusal) {
            command.getErr().println("bulwark: " + thrown.getMessage());
          } else {
            command.getErr().println("bulwark: " + describe(thrown));
            if (System.getenv("BULWARK_DEBUG") != null) {
              thrown.printStackTrace(command.getErr());
            }
          }
          return 1;
        });
    line.setParameterExceptionHandler(
        (wrong, words) -> {
          wrong.getCommandLine().getErr().println("bulwark: " + wrong.getMessage());
          return 2;
        });
    System.exit(line.execute(arguments.length == 0 ? new String[] {"--help"} : arguments));
  }

  private static String describe(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? thrown.getClass().getSimpleName() : message;
  }
}

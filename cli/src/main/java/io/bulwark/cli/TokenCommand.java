package io.bulwark.cli;

import io.bulwark.api.meta.Resources;
import io.bulwark.api.tree.Tree;
import io.bulwark.cluster.JoinToken;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tokens with which machines join. */
@Command(
    name = "token",
    description = "Make tokens with which machines join.",
    mixinStandardHelpOptions = true,
    subcommands = TokenCommand.Create.class)
final class TokenCommand {
  @Command(
      name = "create",
      description = "Make a token and print the command that joins a machine.",
      mixinStandardHelpOptions = true)
  static final class Create implements Callable<Integer> {
    @Mixin private DataDirectory data = new DataDirectory();

    @Option(names = "--hours", description = "Lifetime (default: ${DEFAULT-VALUE}).")
    private int hours = 24;

    @Override
    public Integer call() throws Exception {
      if (hours < 1 || hours > 24 * 365) {
        throw new Refusal("--hours takes a number from 1 to 8760");
      }
      Path directory = data.existing();
      JoinToken token = JoinToken.random(new SecureRandom());
      try (Administrator administrator = Administrator.of(directory)) {
        Tree secret = token.secret(Instant.now().plus(Duration.ofHours(hours)));
        administrator.client().create(Resources.SECRETS, "kube-system", secret);
        System.out.println(token.text());
        System.err.printf(
            "Join a machine with:%n  sudo ./bulwark join %s --token %s --ca-hash %s%n",
            administrator.server(), token.text(), administrator.authorityHash());
      }
      return 0;
    }
  }
}

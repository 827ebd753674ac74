package io.bulwark.cli.preflight;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A containerd that is too old: before 1.6 it does not speak CRI v1; before 1.7.17 and 1.6.32 its
 * profile for containers forbids the signals of a runc that AppArmor 4 runs under a profile of its
 * own, so that no container can be stopped.
 *
 * <p>Source: containerd pull request 10123; Ubuntu bug 2039294.
 */
record ContainerdCheck(Supplier<String> version) implements Check {
  private static final Pattern NUMBERS = Pattern.compile("\\bv?(\\d+)\\.(\\d+)\\.(\\d+)");
  private static final String REMEDY =
      "install a newer one: apt-get update && apt-get install containerd";

  ContainerdCheck() {
    this(ContainerdCheck::ofTheProgram);
  }

  @Override
  public List<Finding> look(Machine machine) {
    boolean confined = confinesRunc(machine);
    if (!machine.node() || !(confined || isUbuntu(machine))) {
      return List.of(); // asking the program takes a while, and elsewhere no such one is known
    }
    Matcher numbers = NUMBERS.matcher(version.get());
    if (!numbers.find()) {
      return List.of(); // its absence or its silence is told when it is started
    }
    int major = Integer.parseInt(numbers.group(1));
    int minor = Integer.parseInt(numbers.group(2));
    int patch = Integer.parseInt(numbers.group(3));
    String name = "containerd " + major + "." + minor + "." + patch;
    if (major == 1 && minor < 6) {
      return List.of(Finding.fatal(name + " does not speak CRI v1", REMEDY));
    }
    boolean lenient = major > 1 || minor > 7 || patch >= (minor == 7 ? 17 : 32);
    return confined && !lenient
        ? List.of(
            Finding.warning(name + " cannot stop containers under this AppArmor's runc", REMEDY))
        : List.of();
  }

  private static boolean confinesRunc(Machine machine) {
    return says(machine.sys().resolve("kernel/security/apparmor/profiles"), "runc ");
  }

  private static boolean isUbuntu(Machine machine) {
    return says(machine.etc().resolve("os-release"), "ID=ubuntu");
  }

  private static boolean says(Path file, String begin) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.anyMatch(line -> line.startsWith(begin));
    } catch (IOException none) {
      return false;
    }
  }

  private static String ofTheProgram() {
    ProcessBuilder builder = new ProcessBuilder("containerd", "--version");
    builder
        .environment()
        .put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    builder.redirectErrorStream(true);
    try {
      Process process = builder.start();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "";
      }
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException missing) {
      return "";
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}

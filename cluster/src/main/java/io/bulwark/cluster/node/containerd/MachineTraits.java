package io.bulwark.cluster.node.containerd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * What decides containerd's configuration on a machine.
 *
 * @param oomScoreRestricted whether CAP_SYS_RESOURCE is missing, so that a process's oom_score_adj
 *     can only rise
 * @param overlay whether overlayfs can be mounted on the data directory's file system
 * @param appArmor whether AppArmor can load profiles
 */
record MachineTraits(boolean oomScoreRestricted, boolean overlay, boolean appArmor) {
  private static final int CAP_SYS_RESOURCE = 24;

  static MachineTraits probe(Path directory) throws IOException, InterruptedException {
    return new MachineTraits(
        !hasCapability(CAP_SYS_RESOURCE), canOverlay(directory), hasAppArmor());
  }

  private static boolean hasCapability(int number) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("CapEff:")) {
        return (Long.parseUnsignedLong(line.substring(7).strip(), 16) >>> number & 1) == 1;
      }
    }
    return false;
  }

  private static boolean hasAppArmor() throws IOException {
    Path enabled = Path.of("/sys/module/apparmor/parameters/enabled");
    return Files.exists(enabled)
        && Files.readString(enabled).startsWith("Y")
        && Files.exists(Path.of("/sbin/apparmor_parser"));
  }

  private static boolean canOverlay(Path directory) throws IOException, InterruptedException {
    Path trial = Files.createTempDirectory(directory, "overlay");
    try {
      for (String part : new String[] {"lower", "upper", "work", "merged"}) {
        Files.createDirectory(trial.resolve(part));
      }
      String options = "lowerdir=%1$s/lower,upperdir=%1$s/upper,workdir=%1$s/work".formatted(trial);
      String merged = trial.resolve("merged").toString();
      boolean mounted = run("mount", "-t", "overlay", "overlay", "-o", options, merged);
      return mounted && run("umount", merged);
    } finally {
      run("rm", "-rf", "--one-file-system", trial.toString());
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
  }
}

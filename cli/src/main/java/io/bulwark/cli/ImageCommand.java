package io.bulwark.cli;

import io.bulwark.cluster.MachineImages;
import io.bulwark.cluster.image.build.ImageBuilder;
import io.bulwark.cluster.image.build.ImageConfiguration;
import io.bulwark.cluster.image.build.Reference;
import io.bulwark.cluster.node.runtime.ImageState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Images of this machine's node; none of it needs a registry. */
@Command(
    name = "image",
    description = "Build, import, list and scan images.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ImageCommand.Build.class,
      ImageCommand.Import.class,
      ImageCommand.ListImages.class,
      ScanCommand.class
    })
final class ImageCommand {
  @Command(
      name = "build",
      description = "Make an image of a root file system and import it, or write it to an archive.",
      mixinStandardHelpOptions = true)
  static final class Build implements Callable<Integer> {
    @Mixin private DataDirectory data = new DataDirectory();

    @Option(names = "--from", required = true, paramLabel = "ROOTFS_DIR")
    private Path from = Path.of(".");

    @Option(names = "--tag", required = true, paramLabel = "REF")
    private String tag = "";

    @Option(names = "--entrypoint", arity = "1..*", description = "Program and first arguments.")
    private List<String> entrypoint = List.of();

    @Option(names = "--cmd", arity = "1..*", description = "Arguments that a pod may replace.")
    private List<String> command = List.of();

    @Option(names = "--user", description = "uid, uid:gid, or a name of the image's passwd.")
    private @Nullable String user;

    @Option(names = "--env", paramLabel = "NAME=VALUE", description = "May be repeated.")
    private Map<String, String> environment = Map.of();

    @Option(names = "--workdir")
    private @Nullable String workingDirectory;

    @Option(names = "--stop-signal", description = "What asks the program to end, not SIGTERM.")
    private @Nullable String stopSignal;

    @Option(
        names = "--output",
        paramLabel = "FILE",
        description = "Write an OCI archive instead of importing; needs no cluster and no root.")
    private @Nullable Path output;

    @Override
    public Integer call() throws Exception {
      if (!Files.isDirectory(from)) {
        throw new Refusal("--from " + from + " is no directory");
      }
      ImageConfiguration configuration =
          new ImageConfiguration(
              ImageConfiguration.machine(),
              entrypoint,
              command,
              user,
              environment,
              workingDirectory,
              stopSignal);
      if (output != null) {
        Reference reference = Reference.of(tag);
        ImageBuilder.build(from, reference, configuration, output);
        System.out.println(reference.text());
        return 0;
      }
      try (MachineImages images = MachineImages.open(data.own())) {
        System.out.println(images.build(from, tag, configuration));
      }
      return 0;
    }
  }

  @Command(
      name = "import",
      description = "Import the images of OCI or Docker archives.",
      mixinStandardHelpOptions = true)
  static final class Import implements Callable<Integer> {
    @Mixin private DataDirectory data = new DataDirectory();

    @Parameters(paramLabel = "ARCHIVE", arity = "1..*")
    private List<Path> archives = List.of();

    @Override
    public Integer call() throws Exception {
      for (Path archive : archives) {
        if (!Files.isRegularFile(archive)) {
          throw new Refusal("no archive at " + archive);
        }
      }
      try (MachineImages images = MachineImages.open(data.own())) {
        for (Path archive : archives) {
          images.add(archive.toAbsolutePath()).forEach(System.out::println);
        }
      }
      return 0;
    }
  }

  @Command(name = "list", description = "List the images.", mixinStandardHelpOptions = true)
  static final class ListImages implements Callable<Integer> {
    @Mixin private DataDirectory data = new DataDirectory();

    @Override
    public Integer call() throws Exception {
      try (MachineImages images = MachineImages.open(data.existing())) {
        System.out.printf("%-60s %-22s %10s%n", "NAME", "ID", "SIZE");
        for (ImageState image : images.list()) {
          String id = image.id().replace("sha256:", "");
          for (String name : image.tags()) {
            System.out.printf(
                "%-60s %-22s %7.1f MB%n",
                name, id.substring(0, Math.min(12, id.length())), image.size() / 1e6);
          }
        }
      }
      return 0;
    }
  }
}

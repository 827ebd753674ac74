package io.bulwark.cluster.node.containerd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * Where the node's own containerd lives and what it is told.
 *
 * @param directory holds everything of it: images, state, configuration, log, process id
 * @param program the containerd executable; its companions are found on the search path
 * @param pauseImage the image of every sandbox, which must be imported before the first pod
 * @param networkPrograms the directory with CNI plug-ins
 * @param networkConfigurations the directory whose first CNI configuration is used
 */
public record ContainerdConfiguration(
    Path directory,
    String program,
    String pauseImage,
    Path networkPrograms,
    Path networkConfigurations) {
  /** The longest path that a unix socket may have, less one for the final zero. */
  private static final int LONGEST_SOCKET = 107;

  public static final String PAUSE_IMAGE = "registry.bulwark.local/pause:1";

  public ContainerdConfiguration {
    directory = directory.toAbsolutePath().normalize();
    networkPrograms = networkPrograms.toAbsolutePath();
    networkConfigurations = networkConfigurations.toAbsolutePath();
  }

  /** Debian's programs and plug-ins, and network configurations below the directory. */
  public static ContainerdConfiguration in(Path directory) {
    return new ContainerdConfiguration(
        directory,
        "containerd",
        PAUSE_IMAGE,
        Path.of("/usr/lib/cni"),
        directory.resolve("cni/net.d"));
  }

  /** The gRPC socket; below {@code /run/bulwark} where the directory's path is too long for one. */
  public Path socket() {
    Path socket = directory.resolve("containerd.sock");
    if (socket.toString().length() + ".ttrpc".length() <= LONGEST_SOCKET) {
      return socket;
    }
    CRC32 sum = new CRC32();
    sum.update(directory.toString().getBytes(StandardCharsets.UTF_8));
    return Path.of("/run/bulwark", Long.toHexString(sum.getValue()), "containerd.sock");
  }

  /** Deletes what containerd leaves of its sockets, and a directory that was for them alone. */
  void deleteSockets() throws IOException {
    Path socket = socket();
    Files.deleteIfExists(socket);
    Files.deleteIfExists(socket.resolveSibling("containerd.sock.ttrpc"));
    if (!socket.startsWith(directory)) {
      Files.deleteIfExists(socket.resolveSibling(""));
    }
  }

  Path root() {
    return directory.resolve("root");
  }

  Path state() {
    return directory.resolve("state");
  }

  /** A directory for each registry with special needs: {@code HOST:PORT/hosts.toml}. */
  Path registries() {
    return directory.resolve("certs.d");
  }

  Path file() {
    return directory.resolve("config.toml");
  }

  Path pidFile() {
    return directory.resolve("containerd.pid");
  }

  Path log() {
    return directory.resolve("containerd.log");
  }

  /**
   * The configuration file's text. The collector of unused content looks whether there is work
   * after each thousandfold of the time that a collection takes: at its default of fifty it wakes
   * an idle machine eight times a second.
   *
   * @param machine what the kernel allows here
   */
  String render(MachineTraits machine) {
    return """
        version = 2
        root = %s
        state = %s
        disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", \
        "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", \
        "io.containerd.internal.v1.opt", "io.containerd.tracing.processor.v1.otlp"]

        [grpc]
          address = %s

        [plugins."io.containerd.gc.v1.scheduler"]
          pause_threshold = 0.001
          deletion_threshold = 50

        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = %s
          restrict_oom_score_adj = %s
          disable_apparmor = %s
          disable_tcp_service = true
          enable_tls_streaming = false
          stream_server_address = "127.0.0.1"
          stream_server_port = "0"
          stream_idle_timeout = "4h0m0s"
          tolerate_missing_hugetlb_controller = true
          disable_hugetlb_controller = true
          max_container_log_line_size = 16384
          netns_mounts_under_state_dir = true

          [plugins."io.containerd.grpc.v1.cri".registry]
            config_path = %s

          [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = %s
            conf_dir = %s
            max_conf_num = 1

          [plugins."io.containerd.grpc.v1.cri".containerd]
            snapshotter = %s
            default_runtime_name = "runc"

            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
              runtime_type = "io.containerd.runc.v2"

              [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                SystemdCgroup = false
        """
        .formatted(
            quote(root()),
            quote(state()),
            quote(socket()),
            quote(pauseImage),
            machine.oomScoreRestricted(),
            !machine.appArmor(),
            quote(registries()),
            quote(networkPrograms),
            quote(networkConfigurations),
            quote(machine.overlay() ? "overlayfs" : "native"));
  }

  private static String quote(Object value) {
    return '"' + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}

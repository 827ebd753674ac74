package upstream

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

const pauseImage = "registry.k8s.io/pause:3.10.2"

func (n *node) socket() string { return "/run/" + n.where.namespace + "/containerd.sock" }

func (n *node) startContainerd() error {
	program, err := exec.LookPath("containerd")
	if err != nil {
		return err
	}
	for _, directory := range []string{filepath.Dir(n.socket()), n.networkDirectory()} {
		if err := os.MkdirAll(directory, 0o755); err != nil {
			return err
		}
	}
	file := filepath.Join(n.directory, "containerd.toml")
	if err := os.WriteFile(file, []byte(n.containerdConfiguration()), 0o644); err != nil {
		return err
	}
	n.state.Undo = append(n.state.Undo,
		step{Command: []string{"rm", "-rf", filepath.Dir(n.socket())}},
		step{Unmount: filepath.Join(n.directory, "containerd")},
		step{Shims: n.socket()})
	process, err := n.state.run(n.where, n.name+"-containerd", program, "--config", file)
	if err != nil {
		return err
	}
	return awaitFile(process, n.socket())
}

func (n *node) containerdConfiguration() string {
	plugins := "/opt/cni/bin"
	if _, err := os.Stat("/usr/lib/cni/host-local"); err == nil {
		plugins = "/usr/lib/cni"
	}
	return fmt.Sprintf(`version = 2
root = %q
state = %q
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
  "io.containerd.internal.v1.opt", "io.containerd.tracing.processor.v1.otlp"]

[grpc]
  address = %q

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = %q
  restrict_oom_score_adj = %t
  disable_apparmor = true
  disable_tcp_service = true
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  tolerate_missing_hugetlb_controller = true
  disable_hugetlb_controller = true
  netns_mounts_under_state_dir = true

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = %q
    conf_dir = %q

  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"

    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
`, filepath.Join(n.directory, "containerd", "root"), filepath.Join(n.directory, "containerd", "state"),
		n.socket(), pauseImage, !mayLowerOOMScore(), plugins, n.networkDirectory())
}

// mayLowerOOMScore says whether CAP_SYS_RESOURCE is there; without it every sandbox would fail.
func mayLowerOOMScore() bool {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(status)) {
		if value, found := strings.CutPrefix(line, "CapEff:"); found {
			capabilities, err := strconv.ParseUint(strings.TrimSpace(value), 16, 64)
			return err == nil && capabilities>>24&1 == 1
		}
	}
	return false
}

// importImages gives all nodes the cluster's own images and those of the options.
func importImages(options Options, nodes []*node) error {
	archives, err := ownImages(options)
	if err != nil {
		return err
	}
	archives = append(archives, options.Images...)
	results := make(chan error, len(nodes))
	for _, node := range nodes {
		go func() { results <- node.importAll(archives) }()
	}
	var failures []error
	for range nodes {
		failures = append(failures, <-results)
	}
	return errors.Join(failures...)
}

func (n *node) importAll(archives []string) error {
	for _, archive := range archives {
		_, err := command("ctr", "--address", n.socket(), "--namespace", "k8s.io", "images", "import", archive)
		if err != nil {
			return err
		}
	}
	return nil
}

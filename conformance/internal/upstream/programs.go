package upstream

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Provide puts the programs that the options need into the directory Programs: built from the
// module in the given directory, etcd taken from Debian. What is there already stays.
func Provide(options Options, module string) error {
	options, err := options.checked()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(options.Programs, 0o755); err != nil {
		return err
	}
	names := []string{APIServer}
	for _, name := range []string{ControllerManager, Scheduler} {
		if options.has(name) {
			names = append(names, name)
		}
	}
	if options.Nodes > 0 {
		names = append(names, "kubelet", "kube-proxy")
	}
	for _, name := range names {
		if err := build(options.Programs, module, name, "k8s.io/kubernetes/cmd/"+name); err != nil {
			return err
		}
	}
	if options.Nodes > 0 {
		if err := build(options.Programs, module, "pause", "./internal/upstream/pause"); err != nil {
			return err
		}
		if err := build(options.Programs, filepath.Join(module, "coredns"), "coredns", "."); err != nil {
			return err
		}
	}
	return provideEtcd(options.Programs)
}

func build(programs, module, name, from string) error {
	target := filepath.Join(programs, name)
	if _, err := os.Stat(target); err == nil {
		return nil
	}
	fmt.Fprintf(os.Stderr, "Building %s (once; takes minutes the first time)\n", name)
	flags := "-s -w"
	if strings.HasPrefix(from, "k8s.io/") {
		version, err := moduleVersion(module)
		if err != nil {
			return err
		}
		flags += " -X k8s.io/component-base/version.gitVersion=" + version +
			" -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=" +
			strings.Split(version, ".")[1] + " -X k8s.io/client-go/pkg/version.gitVersion=" + version
	}
	absolute, err := filepath.Abs(target)
	if err != nil {
		return err
	}
	run := exec.Command("go", "build", "-ldflags", flags, "-o", absolute, from)
	run.Dir = module
	run.Env = append(os.Environ(), "CGO_ENABLED=0")
	run.Stdout, run.Stderr = os.Stderr, os.Stderr
	return run.Run()
}

func moduleVersion(module string) (string, error) {
	run := exec.Command("go", "list", "-m", "-f", "{{.Version}}", "k8s.io/kubernetes")
	run.Dir = module
	output, err := run.Output()
	return strings.TrimSpace(string(output)), err
}

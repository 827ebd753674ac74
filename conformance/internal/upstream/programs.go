package upstream

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"bulwark.io/conformance/internal/build"
)

// Provide makes the programs that the options need, where they are not in the toolchain's cache yet,
// and says in which directory they are. etcd comes from Debian.
func Provide(ctx context.Context, toolchain build.Toolchain, options Options) (string, error) {
	options, err := options.checked()
	if err != nil {
		return "", err
	}
	programs := []build.Program{kubernetes(APIServer)}
	for _, name := range []string{ControllerManager, Scheduler} {
		if options.has(name) {
			programs = append(programs, kubernetes(name))
		}
	}
	if options.Nodes > 0 {
		programs = append(programs, kubernetes("kubelet"), kubernetes("kube-proxy"),
			build.Program{Name: "pause", Package: "./cmd/pause"})
	}
	into, err := toolchain.Make(ctx, programs)
	if err != nil {
		return "", err
	}
	if options.Nodes > 0 {
		if err := buildNameServer(ctx, toolchain, into); err != nil {
			return "", err
		}
	}
	return into, provideEtcd(into)
}

func kubernetes(name string) build.Program {
	return build.Program{Name: name, Package: "k8s.io/kubernetes/cmd/" + name}
}

// buildNameServer builds CoreDNS, which needs other versions of what upstream's programs need too and
// so has a module of its own.
func buildNameServer(ctx context.Context, toolchain build.Toolchain, into string) error {
	target := filepath.Join(into, "coredns")
	if _, err := os.Stat(target); err == nil {
		return nil
	}
	toolchain.Say("building CoreDNS %s", dnsVersion)
	command := exec.CommandContext(ctx, "go", "build", "-ldflags", "-s -w", "-o", target+".new", ".")
	command.Dir = filepath.Join(toolchain.Module, "coredns")
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("building CoreDNS: %w\n%s", err, output)
	}
	return os.Rename(target+".new", target)
}

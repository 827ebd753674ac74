package cluster

import (
	"context"
	"path/filepath"
	"strconv"

	"bulwark.io/conformance/internal/build"
	"bulwark.io/conformance/internal/upstream"
)

// Upstream is the original: a cluster of upstream's own programs, made the same way as ours.
type Upstream struct {
	Toolchain build.Toolchain
	Directory string
}

func (u Upstream) directory() string { return filepath.Join(u.Directory, "upstream") }

// Up starts it. The control plane shares the first node's network; both nodes take pods.
func (u Upstream) Up(ctx context.Context, archives []string) (Running, error) {
	options := upstream.Options{Directory: u.directory(), Nodes: 2, Images: archives}
	programs, err := upstream.Provide(ctx, u.Toolchain, options)
	if err != nil {
		return Running{}, err
	}
	options.Programs = programs
	u.Toolchain.Say("starting upstream's control plane and %d nodes", options.Nodes)
	state, err := upstream.Up(options)
	if err != nil {
		return Running{}, err
	}
	version, err := u.Toolchain.Version()
	running := Running{Kubeconfig: state.Kubeconfig, Version: version}
	for number := 1; number <= options.Nodes; number++ {
		running.Nodes = append(running.Nodes, "node-"+strconv.Itoa(number))
	}
	return running, err
}

func (u Upstream) Down() error { return upstream.Down(u.directory()) }

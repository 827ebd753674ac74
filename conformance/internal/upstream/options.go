// Package upstream starts a cluster of upstream's own programs, the original that Bulwark is
// measured against: etcd, kube-apiserver and kube-scheduler on loopback for benchmarks, or all of it
// with nodes in network namespaces for the conformance suite.
package upstream

import (
	"fmt"
	"path/filepath"
	"slices"
)

// The programs of a control plane.
const (
	Etcd              = "etcd"
	APIServer         = "kube-apiserver"
	ControllerManager = "kube-controller-manager"
	Scheduler         = "kube-scheduler"
)

// Options say what is started.
type Options struct {
	// Directory holds everything of the cluster: certificates, data, logs, state. Made when missing.
	Directory string
	// Programs is the directory with the executables, from Provide.
	Programs string
	// Components of the control plane; empty for all. etcd and the API server always run.
	Components []string
	// Port of the API server; 0 for a free one.
	Port int
	// Audit writes an audit log of every request's metadata to Directory/audit/audit.log.
	Audit bool
	// Arguments has more flags by component, which come last and so win.
	Arguments map[string][]string
	// Nodes is how many nodes run containers; with none, everything listens on 127.0.0.1.
	Nodes int
	// Images has archives that every node gets besides those that the cluster itself needs.
	Images []string
}

func (o Options) checked() (Options, error) {
	if o.Directory == "" {
		return o, fmt.Errorf("no directory given")
	}
	absolute, err := filepath.Abs(o.Directory)
	if err != nil {
		return o, err
	}
	o.Directory = absolute
	known := []string{Etcd, APIServer, ControllerManager, Scheduler}
	if len(o.Components) == 0 {
		o.Components = known
	}
	for _, component := range o.Components {
		if !slices.Contains(known, component) {
			return o, fmt.Errorf("unknown component %q: it is one of %v", component, known)
		}
	}
	for component := range o.Arguments {
		if !slices.Contains(known, component) {
			return o, fmt.Errorf("arguments for unknown component %q: it is one of %v", component, known)
		}
	}
	return o, nil
}

func (o Options) has(component string) bool { return slices.Contains(o.Components, component) }

func (o Options) program(name string) string { return filepath.Join(o.Programs, name) }

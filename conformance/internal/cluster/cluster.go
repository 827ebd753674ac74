// Package cluster starts what the suite judges: two nodes, each a network namespace of this machine
// with a containerd of its own.
package cluster

import "context"

// Running is a cluster that answers.
type Running struct {
	Kubeconfig string
	Nodes      []string
	Version    string // of its API server
}

// Cluster is started once and stopped once. Down may be called whatever became of Up, and also by
// another process, to clear what an earlier run left behind.
type Cluster interface {
	// Up starts it with its files below a directory and has the images of the archives on every node.
	Up(ctx context.Context, archives []string) (Running, error)
	Down() error
}

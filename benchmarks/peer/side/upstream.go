package side

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"bulwark.io/benchmarks/peer/load"
)

// Upstream is etcd, kube-apiserver and kube-scheduler, started by conformance/upstream. It writes an
// audit log as Bulwark does, and its scheduler may ask as often as it likes, as in upstream's own
// scheduler benchmark.
type Upstream struct {
	Checkout string
}

// Name of the side.
func (Upstream) Name() string { return "upstream" }

// Start starts the three programs.
func (u Upstream) Start(directory string) (*Running, error) {
	program := filepath.Join(u.Checkout, "conformance", "upstream")
	up := exec.Command(program, "up", "--control-plane-only", "--audit", "--dir", directory,
		"--argument", "kube-scheduler:--kube-api-qps=5000", "--argument", "kube-scheduler:--kube-api-burst=5000")
	up.Stderr = os.Stderr
	up.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // an interrupt ends what it started afterwards, in order
	stop := func() error {
		down := exec.Command(program, "down", "--dir", directory)
		down.Stderr = os.Stderr
		return down.Run()
	}
	if err := up.Run(); err != nil {
		return nil, errors.Join(fmt.Errorf("conformance/upstream up: %w", err), stop())
	}
	running, err := readState(filepath.Join(directory, "state.json"))
	if err != nil {
		return nil, errors.Join(err, stop())
	}
	running.Stop = stop
	return running, nil
}

func readState(file string) (*Running, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var state struct {
		Kubeconfig string
		Processes  []struct{ PID int }
		Millis     map[string]int64
	}
	if err := json.Unmarshal(content, &state); err != nil {
		return nil, err
	}
	access, err := load.ReadAccess(state.Kubeconfig)
	if err != nil {
		return nil, err
	}
	running := &Running{
		Access: access,
		Ready:  time.Duration(state.Millis["kube-apiserver"]) * time.Millisecond,
	}
	for _, process := range state.Processes {
		running.Pids = append(running.Pids, process.PID)
	}
	return running, nil
}

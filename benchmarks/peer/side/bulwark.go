package side

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"bulwark.io/benchmarks/peer/load"
)

// Bulwark is the checkout's own program.
type Bulwark struct {
	// Checkout is the directory with the launcher.
	Checkout string
	// Options are further words for the virtual machine.
	Options string
}

// Name of the side.
func (Bulwark) Name() string { return "bulwark" }

// Start runs the launcher twice: once to make the keys, which the other side's clock leaves out too,
// then, with an empty store again, against the clock.
func (b Bulwark) Start(directory string) (*Running, error) {
	if _, err := os.Stat(directory); os.IsNotExist(err) {
		first, err := b.launch(directory)
		if err != nil {
			return nil, err
		}
		if err := first.Stop(); err != nil {
			return nil, err
		}
		if err := os.RemoveAll(filepath.Join(directory, "store")); err != nil {
			return nil, err
		}
		if err := os.RemoveAll(filepath.Join(directory, "kubeconfig")); err != nil {
			return nil, err
		}
	}
	return b.launch(directory)
}

func (b Bulwark) launch(directory string) (*Running, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return nil, err
	}
	log, err := os.OpenFile(filepath.Join(directory, "bench.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	command := exec.Command(filepath.Join(b.Checkout, "bulwark"), "up", "--data-dir", directory,
		"--port", strconv.Itoa(port), "--simulated-nodes", "0", "--advertise-address", "127.0.0.1",
		"--controllers=-node-lifecycle-controller", "--no-install")
	command.Stdout, command.Stderr = log, log
	command.Env = append(os.Environ(), "BULWARK_JAVA_OPTIONS="+b.Options)
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	begin := time.Now()
	if err := command.Start(); err != nil {
		return nil, err
	}
	var ended atomic.Bool
	done := make(chan struct{})
	go func() {
		_ = command.Wait()
		ended.Store(true)
		close(done)
	}()
	stop := func() error {
		_ = command.Process.Signal(syscall.SIGTERM)
		select {
		case <-done:
			return nil
		case <-time.After(60 * time.Second):
			_ = command.Process.Kill()
			return fmt.Errorf("bulwark (process %d) did not end within a minute", command.Process.Pid)
		}
	}
	kubeconfig := filepath.Join(directory, "kubeconfig", "admin.conf")
	access, err := awaitReady(
		func() (load.Access, error) { return load.ReadAccess(kubeconfig) },
		func() bool { return !ended.Load() },
		2*time.Minute)
	ready := time.Since(begin)
	if err != nil {
		_ = stop()
		return nil, fmt.Errorf("bulwark does not become ready: %w; see %s", err, log.Name())
	}
	// The launcher replaces itself with the virtual machine: one process.
	return &Running{Access: access, Ready: ready, Pids: []int{command.Process.Pid}, Stop: stop}, nil
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

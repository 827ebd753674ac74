package differential

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// StartOurs starts this checkout's program without the garbage collector and nodes, and returns the path of the administrator's
// kubeconfig and what ends it.
func StartOurs(checkout, directory string) (string, func(), error) {
	program := filepath.Join(checkout, "bulwark")
	stop := func() { _ = exec.Command(program, "reset", "--data-dir", directory).Run() }
	if _, err := os.Stat(directory); err == nil {
		stop() // what a run that was killed left
	}
	if err := errors.Join(os.RemoveAll(directory), os.MkdirAll(directory, 0o755)); err != nil {
		return "", nil, err
	}
	said, err := exec.Command(program, "up", "--detach", "--data-dir", directory, "--port", "0",
		"--simulated-nodes", "0", "--advertise-address", "127.0.0.1", "--controllers=-garbage-collector-controller", "--no-install").CombinedOutput()
	if err != nil {
		stop()
		return "", nil, fmt.Errorf("bulwark up: %w: %s", err, said)
	}
	return filepath.Join(directory, "kubeconfig", "admin.conf"), stop, nil
}

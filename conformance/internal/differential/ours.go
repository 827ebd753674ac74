package differential

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// StartOurs starts this checkout's program without controllers and nodes, and returns the path of the
// administrator's kubeconfig and what ends it.
func StartOurs(checkout, directory string) (string, func(), error) {
	if err := os.RemoveAll(directory); err != nil {
		return "", nil, err
	}
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return "", nil, err
	}
	log, err := os.Create(directory + ".log")
	if err != nil {
		return "", nil, err
	}
	defer log.Close()
	command := exec.Command(filepath.Join(checkout, "bulwark"), "up", "--data-dir", directory, "--port", "0",
		"--simulated-nodes", "0", "--advertise-address", "127.0.0.1", "--controllers=-garbage-collector-controller", "--no-install")
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := command.Start(); err != nil {
		return "", nil, err
	}
	done := make(chan struct{})
	go func() {
		_ = command.Wait()
		close(done)
	}()
	stop := func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		select {
		case <-done:
		case <-time.After(time.Minute):
			_ = command.Process.Kill()
		}
	}
	kubeconfig := filepath.Join(directory, "kubeconfig", "admin.conf")
	for end := time.Now().Add(10 * time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		select {
		case <-done:
			return "", nil, fmt.Errorf("bulwark ended; see %s.log", directory)
		default:
		}
		if ready(kubeconfig) {
			return kubeconfig, stop, nil
		}
	}
	stop()
	return "", nil, fmt.Errorf("bulwark does not become ready; see %s.log", directory)
}

func ready(kubeconfig string) bool {
	server, err := Reach("", kubeconfig)
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/readyz", nil)
	if err != nil {
		return false
	}
	response, err := server.admin.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return response.StatusCode == http.StatusOK
}

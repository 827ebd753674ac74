package upstream

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Process is a program that was started here. The kernel's start time goes with the process id, so
// that a number that was given to another program since is never signalled.
type Process struct {
	Name    string `json:"name"`
	PID     int    `json:"pid"`
	Started string `json:"started"`
	Log     string `json:"log"`
}

// launch says where a program runs; the zero value is this process's own surroundings.
type launch struct {
	namespace string // name below /run/netns
	env       []string
}

// start runs a program in a session of its own, so that it outlives the one that started it. Its
// output goes to log/NAME.log below the directory.
func (l launch) start(directory, name string, command ...string) (Process, error) {
	log := filepath.Join(directory, "log", name+".log")
	if err := os.MkdirAll(filepath.Dir(log), 0o755); err != nil {
		return Process{}, err
	}
	output, err := os.OpenFile(log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return Process{}, err
	}
	defer output.Close()
	if l.namespace != "" {
		command = append([]string{"nsenter", "--net=" + namespacePath(l.namespace), "--"}, command...)
	}
	run := exec.Command(command[0], command[1:]...)
	run.Dir = directory
	run.Env = append(os.Environ(), l.env...)
	run.Stdout, run.Stderr = output, output
	run.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := run.Start(); err != nil {
		return Process{}, fmt.Errorf("%s: %w", name, err)
	}
	go func() { _ = run.Wait() }()
	started, err := startTime(run.Process.Pid)
	if err != nil {
		return Process{}, fmt.Errorf("%s ended at once: %s", name, lastLines(log))
	}
	return Process{Name: name, PID: run.Process.Pid, Started: started, Log: log}, nil
}

// Alive says whether this very process still runs.
func (p Process) Alive() bool {
	started, err := startTime(p.PID)
	return err == nil && started == p.Started
}

// stop ends the process: politely, and after the grace by force.
func (p Process) stop(grace time.Duration) error {
	if !p.Alive() {
		return nil
	}
	_ = syscall.Kill(p.PID, syscall.SIGTERM)
	if waitUntil(grace, func() bool { return !p.Alive() }) {
		return nil
	}
	_ = syscall.Kill(p.PID, syscall.SIGKILL)
	if waitUntil(10*time.Second, func() bool { return !p.Alive() }) {
		return nil
	}
	return fmt.Errorf("%s (process %d) does not end", p.Name, p.PID)
}

// startTime reads when a process began, in clock ticks since boot. A zombie counts as gone.
func startTime(pid int) (string, error) {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return "", err
	}
	text := string(stat)
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(fields) < 20 || fields[0] == "Z" || fields[0] == "X" {
		return "", os.ErrProcessDone
	}
	return fields[19], nil
}

func waitUntil(limit time.Duration, done func() bool) bool {
	for deadline := time.Now().Add(limit); ; time.Sleep(10 * time.Millisecond) {
		if done() {
			return true
		}
		if time.Now().After(deadline) {
			return false
		}
	}
}

func lastLines(log string) string {
	content, err := os.ReadFile(log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "\n")
}

// command runs a program to its end and returns what it printed.
func command(words ...string) (string, error) {
	output, err := exec.Command(words[0], words[1:]...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", strings.Join(words, " "), err, strings.TrimSpace(string(output)))
	}
	return string(output), nil
}

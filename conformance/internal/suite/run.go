// Package suite runs upstream's e2e.test and tells about each test as it ends.
package suite

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"bulwark.io/conformance/internal/results"
)

const (
	conformance = `\[Conformance\]`
	grace       = 45 * time.Second
)

// Options say what runs where.
type Options struct {
	Program    string // e2e.test
	Kubectl    string
	Kubeconfig string
	Processes  int
	Logs       string // a directory for what the processes print
	Limit      time.Duration
	Preparing  func(failure string) // told when the suite's own set-up fails
}

// Run runs the tests and calls ended for each, from one goroutine at a time. When ctx ends, the
// processes are interrupted so that they clean up; tests that were cut off are not told about.
func Run(ctx context.Context, options Options, specs []Spec, ended func(results.Result)) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	total := max(options.Processes, 1)
	var (
		lock    sync.Mutex
		running = make(map[int]*exec.Cmd)
	)
	server := &server{
		total: total,
		alive: func(process int) bool {
			lock.Lock()
			defer lock.Unlock()
			return running[process] != nil
		},
	}
	var telling sync.Mutex
	server.ended = func(spec report) {
		telling.Lock()
		defer telling.Unlock()
		if result, ok := resultOf(spec); ok {
			ended(result)
		} else if spec.LeafNodeType != "It" && spec.Failure.Message != "" && options.Preparing != nil {
			options.Preparing(spec.LeafNodeType + ": " + spec.Failure.Message)
		}
	}
	web := &http.Server{Handler: server.handler()}
	go func() { _ = web.Serve(listener) }()
	defer web.Close()

	var group sync.WaitGroup
	failures := make(chan error, total)
	lock.Lock()
	for process := 1; process <= total; process++ {
		command, log, err := options.command(process, max(total, 2), "http://"+listener.Addr().String(), specs)
		if err == nil {
			err = command.Start()
		}
		if err != nil {
			lock.Unlock()
			interrupt(running, &lock)
			return err
		}
		running[process] = command
		group.Add(1)
		go func() {
			defer group.Done()
			defer log.Close()
			err := command.Wait()
			lock.Lock()
			delete(running, process)
			lock.Unlock()
			var exit *exec.ExitError
			if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) && ctx.Err() == nil {
				failures <- fmt.Errorf("process %d of the suite: %w; see %s", process, err, log.Name())
			}
		}()
	}
	lock.Unlock()

	done := make(chan struct{})
	go func() { group.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		interrupt(running, &lock)
		select {
		case <-done:
		case <-time.After(grace):
			lock.Lock()
			for _, command := range running { // each leads a group: its kubectls end with it
				_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
			}
			lock.Unlock()
			<-done
		}
		return ctx.Err()
	}
	select {
	case err := <-failures:
		return err
	default:
		return nil
	}
}

func interrupt(running map[int]*exec.Cmd, lock *sync.Mutex) {
	lock.Lock()
	defer lock.Unlock()
	for _, command := range running {
		_ = command.Process.Signal(syscall.SIGINT)
	}
}

func (o Options) command(process, total int, host string, specs []Spec) (*exec.Cmd, *os.File, error) {
	log, err := os.Create(filepath.Join(o.Logs, fmt.Sprintf("process-%d.log", process)))
	if err != nil {
		return nil, nil, err
	}
	command := exec.Command(o.Program,
		"--provider=skeleton",
		"--kubeconfig="+o.Kubeconfig,
		"--kubectl-path="+o.Kubectl,
		"--disable-log-dump",
		"--non-blocking-taints=node-role.kubernetes.io/control-plane",
		"--system-daemonsets-startup-timeout=2s",
		"--system-pods-startup-timeout=2m",
		"--node-schedulable-timeout=2m",
		"--ginkgo.focus="+focus(specs),
		"--ginkgo.no-color",
		"--ginkgo.silence-skips",
		"--ginkgo.output-interceptor-mode=none",
		"--ginkgo.seed=1",
		"--ginkgo.grace-period=20s",
		fmt.Sprintf("--ginkgo.timeout=%s", max(o.Limit, time.Minute)+time.Hour),
		fmt.Sprintf("--ginkgo.parallel.process=%d", process),
		fmt.Sprintf("--ginkgo.parallel.total=%d", total),
		"--ginkgo.parallel.host="+host)
	command.Env = append(os.Environ(), "GINKGO_PARALLEL_PROTOCOL=HTTP",
		"PATH="+filepath.Dir(o.Kubectl)+":"+os.Getenv("PATH"))
	command.Dir = o.Logs
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return command, log, nil
}

func resultOf(spec report) (results.Result, bool) {
	name := spec.name()
	result := results.Result{
		Name:    name,
		SIG:     sigOf(name),
		Seconds: float64(spec.RunTime) / 1e9,
	}
	if spec.LeafNodeType != "It" {
		return result, false
	}
	switch spec.State {
	case "passed":
		result.State = results.Passed
	case "failed", "panicked", "timedout":
		result.State = results.Failed
		result.Message = spec.Failure.Message
		result.Log = log(spec)
	case "skipped":
		if spec.RunTime == 0 && spec.Failure.Message == "" {
			return result, false // not selected
		}
		result.State = results.Skipped
		result.Message = spec.Failure.Message
	default:
		return result, false
	}
	return result, true
}

func log(spec report) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s\n\n%s\n\nat %s\n", spec.name(), spec.Failure.Message, spec.Failure.Location)
	for _, more := range spec.AdditionalFailures {
		fmt.Fprintf(&text, "\nthen %s: %s\nat %s\n", more.State, more.Failure.Message, more.Failure.Location)
	}
	fmt.Fprintf(&text, "\n%s\n%s", spec.CapturedGinkgoWriterOutput, spec.CapturedStdOutErr)
	return text.String()
}

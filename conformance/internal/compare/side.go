package compare

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	commandLimit = 90 * time.Second
	prepareLimit = 90 * time.Second
)

// Side is one of the two clusters.
type Side struct {
	Name       string
	Kubeconfig string
	Kubectl    string // the program
	Directory  string // for the files of the scripts and what the commands print
}

// Outcome is what one command printed and how it ended.
type Outcome struct {
	Out, Err string
	Code     int
	Ran      bool
}

// Run runs a script in a namespace of its own. The outcomes stand at the places of the compared
// steps. It gives up, with an error, when a step that prepares does not succeed.
func (s Side) Run(ctx context.Context, script Script) ([]Outcome, error) {
	place := filepath.Join(s.Directory, script.Name, s.Name)
	if err := errors.Join(os.RemoveAll(place), s.furnish(place)); err != nil {
		return nil, err
	}
	shell := shell{directory: filepath.Join(place, "work"), home: place, program: filepath.Dir(s.Kubectl)}
	begin := "kubectl create namespace " + script.Name +
		" && kubectl config set-context --current --namespace " + script.Name
	if got := shell.run(ctx, begin); got.Code != 0 {
		return nil, fmt.Errorf("%s: %s", begin, got.Err)
	}
	if err := shell.until(ctx, "kubectl get serviceaccount default"); err != nil {
		return nil, err
	}
	defer shell.run(context.WithoutCancel(ctx), "kubectl delete namespace --wait=false "+script.Name)
	outcomes := make([]Outcome, len(script.Steps))
	for number, step := range script.Steps {
		switch {
		case step.File != "":
			if err := os.WriteFile(filepath.Join(shell.directory, step.File), []byte(step.Text), 0o644); err != nil {
				return nil, err
			}
		case step.Compared:
			got := shell.run(ctx, step.Text)
			outcomes[number] = got
			if err := record(place, step, got); err != nil {
				return nil, err
			}
		default:
			if err := shell.until(ctx, step.Text); err != nil {
				return outcomes, fmt.Errorf("line %d: %w", step.Line, err)
			}
		}
		if ctx.Err() != nil {
			return outcomes, ctx.Err()
		}
	}
	return outcomes, nil
}

func (s Side) furnish(place string) error {
	if err := os.MkdirAll(filepath.Join(place, "work"), 0o755); err != nil {
		return err
	}
	text, err := os.ReadFile(s.Kubeconfig)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(place, "kubeconfig"), text, 0o600)
}

// record keeps what was printed, as it was, for whoever looks into a difference.
func record(place string, step Step, got Outcome) error {
	text := fmt.Sprintf("$ %s\n%s--- standard error\n%s--- exit code %d\n", step.Text, got.Out, got.Err, got.Code)
	return os.WriteFile(filepath.Join(place, fmt.Sprintf("%04d", step.Line)), []byte(text), 0o644)
}

// shell runs commands with one kubectl on one cluster.
type shell struct{ directory, home, program string }

func (s shell) run(ctx context.Context, text string) Outcome {
	ctx, cancel := context.WithTimeout(ctx, commandLimit)
	defer cancel()
	command := exec.CommandContext(ctx, "bash", "-c", text)
	command.Dir = s.directory
	command.Env = []string{
		"PATH=" + s.program + ":" + os.Getenv("PATH"),
		"HOME=" + s.home, "KUBECONFIG=" + filepath.Join(s.home, "kubeconfig"),
		"LANG=C", "LC_ALL=C", "TZ=UTC", "TERM=dumb", "KUBECACHEDIR=" + filepath.Join(s.home, "cache"),
	}
	// What a command left in the background ends with it.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	command.WaitDelay = 2 * time.Second
	var out, complaints strings.Builder
	command.Stdout, command.Stderr = &out, &complaints
	err := command.Run()
	if command.Process != nil {
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
	}
	got := Outcome{out.String(), complaints.String(), command.ProcessState.ExitCode(), true}
	if ctx.Err() == context.DeadlineExceeded {
		got.Err += fmt.Sprintf("(cut after %s)\n", commandLimit)
	} else if err != nil && got.Code == 0 {
		got.Err += err.Error() + "\n"
	}
	return got
}

func (s shell) until(ctx context.Context, text string) error {
	for end := time.Now().Add(prepareLimit); ; {
		got := s.run(ctx, text)
		if got.Code == 0 {
			return nil
		}
		if ctx.Err() != nil || time.Now().After(end) {
			return fmt.Errorf("%s: ends with %d: %s%s", text, got.Code, got.Out, got.Err)
		}
		time.Sleep(500 * time.Millisecond)
	}
}

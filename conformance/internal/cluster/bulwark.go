package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Bulwark is a cluster of this repository's product: control plane and node on one machine, a node
// that joined on the other.
type Bulwark struct {
	Repository string
	Directory  string
	Kubectl    string
	Say        func(format string, words ...any)
}

var (
	bulwarkNetwork  = Network{Bridge: "bwc0", Gateway: "10.197.0.1"}
	bulwarkMachines = []Machine{{"bwc-one", "10.197.0.11"}, {"bwc-two", "10.197.0.12"}}
	nodes           = []string{"one", "two"}
)

func (b Bulwark) data(node int) string { return filepath.Join(b.Directory, nodes[node]) }
func (b Bulwark) launcher() string     { return filepath.Join(b.Directory, "product", "bulwark") }

// Up starts the cluster from a copy of the build, so that the repository can be built again while
// it runs.
func (b Bulwark) Up(ctx context.Context, archives []string) (Running, error) {
	none := Running{}
	if _, err := CopyProduct(ctx, b.Repository, filepath.Join(b.Directory, "product")); err != nil {
		return none, err
	}
	if err := bulwarkNetwork.Make(bulwarkMachines...); err != nil {
		return none, err
	}
	one, two := bulwarkMachines[0], bulwarkMachines[1]
	b.Say("starting the control plane and node %s", nodes[0])
	if _, err := one.Run(ctx, b.launcher(), "up", "--detach", "--data-dir", b.data(0),
		"--advertise-address", one.Address, "--node-name", nodes[0], "--port", "6443"); err != nil {
		return none, err
	}
	file, err := one.Run(ctx, b.launcher(), "kubeconfig", "--data-dir", b.data(0))
	if err != nil {
		return none, err
	}
	kubeconfig, err := b.reachable(strings.TrimSpace(file), "https://"+one.Address+":6443")
	if err != nil {
		return none, err
	}
	if err := b.join(ctx, one, two); err != nil {
		return none, err
	}
	if err := b.importAll(ctx, archives); err != nil {
		return none, err
	}
	version, err := b.kubectl(ctx, kubeconfig, "get", "--raw", "/version")
	if err != nil {
		return none, err
	}
	if match := regexp.MustCompile(`"gitVersion": *"([^"]*)"`).FindStringSubmatch(version); match != nil {
		version = match[1]
	}
	return Running{kubeconfig, nodes, version}, nil
}

// reachable is a copy of the kubeconfig whose server is the address that other machines use.
func (b Bulwark) reachable(file, server string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	changed := regexp.MustCompile(`"?server"?: *"?https://[^\s",]+"?`).ReplaceAll(text, []byte(`"server": "`+server+`"`))
	target := filepath.Join(b.Directory, "kubeconfig")
	return target, os.WriteFile(target, changed, 0o600)
}

func (b Bulwark) join(ctx context.Context, one, two Machine) error {
	b.Say("joining node %s", nodes[1])
	words := one.Inside(b.launcher(), "token", "create", "--data-dir", b.data(0))
	var hint strings.Builder
	process := exec.CommandContext(ctx, words[0], words[1:]...)
	process.Stderr = &hint
	token, err := process.Output()
	if err != nil {
		return fmt.Errorf("token create: %w: %s", err, hint.String())
	}
	match := regexp.MustCompile(`--ca-hash (\S+)`).FindStringSubmatch(hint.String())
	if match == nil {
		return fmt.Errorf("token create names no hash: %s", hint.String())
	}
	log := filepath.Join(b.Directory, nodes[1]+".log")
	_, err = two.Detached(log, b.launcher(), "join", one.Address+":6443", "--token", strings.TrimSpace(string(token)),
		"--ca-hash", match[1], "--data-dir", b.data(1), "--node-name", nodes[1])
	if err != nil {
		return err
	}
	kubeconfig := filepath.Join(b.Directory, "kubeconfig")
	for deadline := time.Now().Add(2 * time.Minute); ; {
		_, err := b.kubectl(ctx, kubeconfig, "wait", "node", "--all", "--for=condition=Ready", "--timeout=10s")
		names, list := b.kubectl(ctx, kubeconfig, "get", "nodes", "-o", "name")
		if err == nil && list == nil && len(strings.Fields(names)) == len(nodes) {
			return nil
		}
		if ctx.Err() != nil || time.Now().After(deadline) {
			return fmt.Errorf("node %s did not get ready; see %s", nodes[1], log)
		}
		time.Sleep(500 * time.Millisecond)
	}
}

func (b Bulwark) importAll(ctx context.Context, archives []string) error {
	b.Say("importing %d images on both nodes", len(archives))
	failures := make([]error, len(nodes))
	var group sync.WaitGroup
	for number, machine := range bulwarkMachines {
		group.Go(func() {
			words := append([]string{b.launcher(), "image", "import", "--data-dir", b.data(number)}, archives...)
			_, failures[number] = machine.Run(ctx, words...)
		})
	}
	group.Wait()
	return errors.Join(failures...)
}

func (b Bulwark) kubectl(ctx context.Context, kubeconfig string, words ...string) (string, error) {
	output, err := exec.CommandContext(ctx, b.Kubectl, append([]string{"--kubeconfig", kubeconfig}, words...)...).CombinedOutput()
	if err != nil {
		return string(output), fmt.Errorf("kubectl %s: %w: %s", strings.Join(words, " "), err, output)
	}
	return string(output), nil
}

// Down stops both nodes, removes their data and their network.
func (b Bulwark) Down() error {
	if _, err := os.Stat(b.launcher()); os.IsNotExist(err) {
		bulwarkNetwork.Remove(bulwarkMachines...)
		return nil
	}
	var problems []error
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	for number := len(nodes) - 1; number >= 0; number-- {
		machine := bulwarkMachines[number]
		if _, err := os.Stat(b.data(number)); err != nil {
			continue
		}
		if _, err := os.Stat("/run/netns/" + machine.Name); err != nil {
			machine = Machine{}
		}
		words := []string{b.launcher(), "reset", "--data-dir", b.data(number)}
		if machine.Name != "" {
			words = machine.Inside(words...)
		}
		if output, err := exec.CommandContext(ctx, words[0], words[1:]...).CombinedOutput(); err != nil {
			problems = append(problems, fmt.Errorf("reset of node %s: %w: %s", nodes[number], err, output))
		}
	}
	bulwarkNetwork.Remove(bulwarkMachines...)
	return errors.Join(problems...)
}

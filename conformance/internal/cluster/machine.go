package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// Network is a bridge of this machine with namespaces on it that stand for machines.
type Network struct {
	Bridge  string // at most 15 characters
	Gateway string // this machine's address on the bridge, in a /24
}

// Machine is one namespace on the network.
type Machine struct {
	Name    string // of the namespace
	Address string
}

// Make creates bridge and namespaces; what is left of an earlier run is removed first.
func (n Network) Make(machines ...Machine) error {
	n.Remove(machines...)
	steps := [][]string{
		{"ip", "link", "add", n.Bridge, "type", "bridge"},
		{"ip", "address", "add", n.Gateway + "/24", "dev", n.Bridge},
		{"ip", "link", "set", n.Bridge, "up"},
	}
	for number, machine := range machines {
		link := fmt.Sprintf("%s-%d", n.Bridge, number+1)
		steps = append(steps,
			[]string{"ip", "netns", "add", machine.Name},
			[]string{"ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", machine.Name},
			[]string{"ip", "link", "set", link, "master", n.Bridge},
			[]string{"ip", "link", "set", link, "up"},
			machine.Inside("ip", "link", "set", "lo", "up"),
			machine.Inside("ip", "address", "add", machine.Address+"/24", "dev", "eth0"),
			machine.Inside("ip", "link", "set", "eth0", "up"),
			machine.Inside("ip", "route", "add", "default", "via", n.Gateway),
			machine.Inside("sysctl", "-q", "-w", "net.ipv4.ip_forward=1"))
	}
	for _, step := range steps {
		if output, err := exec.Command(step[0], step[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %s", strings.Join(step, " "), err, output)
		}
	}
	return nil
}

// Remove ends whatever still runs in the namespaces and takes them away.
func (n Network) Remove(machines ...Machine) {
	for _, machine := range machines {
		_ = exec.Command("ip", "netns", "delete", machine.Name).Run()
	}
	_ = exec.Command("ip", "link", "delete", n.Bridge).Run()
}

// Inside is the command line that runs a command in the machine's network.
func (m Machine) Inside(command ...string) []string {
	return append([]string{"nsenter", "--net=/run/netns/" + m.Name}, command...)
}

// Run runs a command in the machine's network and returns what it printed.
func (m Machine) Run(ctx context.Context, command ...string) (string, error) {
	words := m.Inside(command...)
	var complaint strings.Builder
	process := exec.CommandContext(ctx, words[0], words[1:]...)
	process.Stderr = &complaint
	output, err := process.Output()
	if err != nil {
		return string(output), fmt.Errorf("%s: %w: %s", strings.Join(command, " "), err, strings.TrimSpace(complaint.String()))
	}
	return string(output), nil
}

// Detached starts a command that outlives this process; its output goes to a file.
func (m Machine) Detached(log string, command ...string) (*os.Process, error) {
	file, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	words := m.Inside(command...)
	process := exec.Command(words[0], words[1:]...)
	process.Stdout, process.Stderr = file, file
	process.SysProcAttr = ownSession()
	if err := process.Start(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	go func() { _ = process.Wait() }()
	return process.Process, nil
}

package upstream

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// node is one machine of the cluster: a network namespace, a containerd, a kubelet, a kube-proxy.
type node struct {
	options   Options
	state     *State
	name      string
	address   string
	where     launch
	directory string
	cgroup    string
	plane     *controlPlane
	api       *api
	podRange  string
}

func namespacePath(name string) string { return "/run/netns/" + name }

func newNode(options Options, state *State, link *link, number int) (*node, error) {
	name := fmt.Sprintf("node-%d", number)
	namespace := fmt.Sprintf("%s-%d", link.tag, number)
	made := &node{
		options:   options,
		state:     state,
		name:      name,
		address:   link.host(byte(10 + number)).String(),
		where:     launch{namespace: namespace},
		directory: filepath.Join(options.Directory, name),
		cgroup:    link.tag + "/" + name,
	}
	if err := os.MkdirAll(made.directory, 0o755); err != nil {
		return nil, err
	}
	if err := made.share(); err != nil {
		return nil, err
	}
	if err := state.undoWith("ip", "netns", "delete", namespace); err != nil {
		return nil, err
	}
	wire := fmt.Sprintf("%s-%dv", link.tag, number)
	for _, words := range [][]string{
		{"ip", "netns", "add", namespace},
		{"ip", "link", "add", wire, "type", "veth", "peer", "name", "eth0", "netns", namespace},
		{"ip", "link", "set", wire, "master", link.bridge, "up"},
		{"ip", "-n", namespace, "link", "set", "lo", "up"},
		{"ip", "-n", namespace, "address", "add", made.address + "/24", "dev", "eth0"},
		{"ip", "-n", namespace, "link", "set", "eth0", "up"},
		{"ip", "-n", namespace, "route", "add", "default", "via", link.host(1).String()},
		made.inside("sysctl", "-qw", "net.ipv4.ip_forward=1"),
	} {
		if _, err := command(words...); err != nil {
			return nil, err
		}
	}
	return made, makeCgroup(state, made.cgroup)
}

// inside is a command that runs in the node's network namespace.
func (n *node) inside(words ...string) []string {
	return append([]string{"nsenter", "--net=" + namespacePath(n.where.namespace), "--"}, words...)
}

// share makes the node's directory a mount whose changes containers may see.
func (n *node) share() error {
	n.state.Undo = append(n.state.Undo, step{Unmount: n.directory})
	if err := n.state.save(); err != nil {
		return err
	}
	if _, err := command("mount", "--bind", n.directory, n.directory); err != nil {
		return err
	}
	_, err := command("mount", "--make-rshared", n.directory)
	return err
}

// connect writes the network configuration of the node's pods and the ways to those of the others,
// as soon as the controller manager gave every node its range.
func (n *node) connect(all []*node) error {
	for _, other := range all {
		if other.podRange != "" {
			continue
		}
		if !waitUntil(nodeLimit, func() bool {
			other.podRange, _ = n.api.text("/api/v1/nodes/"+other.name, "spec", "podCIDR")
			return other.podRange != ""
		}) {
			return fmt.Errorf("%s got no range of pod addresses", other.name)
		}
	}
	for _, other := range all {
		if other == n {
			continue
		}
		_, err := command("ip", "-n", n.where.namespace, "route", "add", other.podRange, "via", other.address)
		if err != nil {
			return err
		}
	}
	if err := n.masquerade(); err != nil {
		return err
	}
	return n.writeNetwork()
}

// masquerade gives packets that leave the cluster the node's address.
func (n *node) masquerade() error {
	rules := fmt.Sprintf(`add table ip upstream_pods
add chain ip upstream_pods out { type nat hook postrouting priority 100; }
add rule ip upstream_pods out ip saddr %s ip daddr != { %s, %s } oifname "eth0" masquerade
`, n.podRange, podRange, serviceRange)
	file := filepath.Join(n.directory, "masquerade.nft")
	if err := os.WriteFile(file, []byte(rules), 0o644); err != nil {
		return err
	}
	_, err := command(n.inside("nft", "-f", file)...)
	return err
}

func (n *node) writeNetwork() error {
	configuration := fmt.Sprintf(`{
  "cniVersion": "0.4.0", "name": "upstream", "plugins": [
    {"type": "ptp", "mtu": 1500, "ipam": {"type": "host-local", "dataDir": %q,
      "ranges": [[{"subnet": %q}]], "routes": [{"dst": "0.0.0.0/0"}]}},
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
`, filepath.Join(n.directory, "addresses"), n.podRange)
	// Moved within the directory: containerd 1.6 takes no notice of a file that comes from elsewhere.
	fresh := filepath.Join(n.networkDirectory(), ".network.new")
	if err := os.WriteFile(fresh, []byte(configuration), 0o644); err != nil {
		return err
	}
	return os.Rename(fresh, filepath.Join(n.networkDirectory(), "10-upstream.conflist"))
}

func (n *node) networkDirectory() string { return filepath.Join(n.directory, "net.d") }

func (n *node) ready() bool {
	status, err := n.api.condition("/api/v1/nodes/"+n.name, "Ready")
	return err == nil && status == "True"
}

// awaitFile returns when a program made its socket.
func awaitFile(process Process, file string) error {
	if waitUntil(30*time.Second, func() bool { _, err := os.Stat(file); return err == nil || !process.Alive() }) &&
		process.Alive() {
		return nil
	}
	return fmt.Errorf("%s does not come up; the end of %s:\n%s", process.Name, process.Log,
		strings.TrimSpace(lastLines(process.Log)))
}

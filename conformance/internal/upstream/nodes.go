package upstream

import (
	"errors"
	"fmt"
	"hash/crc32"
	"net"
	"os"
	"path/filepath"
	"time"
)

// nodeLimit is how long nodes may take to become ready.
const nodeLimit = 5 * time.Minute

// upWithNodes starts a control plane and nodes. The control plane runs in the network namespace of
// the first node, where packets for services find their way, as they do on a machine of its own.
func upWithNodes(options Options) (*State, error) {
	state := newState(options.Directory)
	err := startAll(options, state)
	return state, errors.Join(err, state.save())
}

func startAll(options Options, state *State) error {
	link, err := newLink(options, state)
	if err != nil {
		return err
	}
	var nodes []*node
	for number := 1; number <= options.Nodes; number++ {
		made, err := newNode(options, state, link, number)
		if err != nil {
			return err
		}
		nodes = append(nodes, made)
	}
	plane, err := startControlPlane(options, state, nodes[0].where, nodes[0].address)
	if err != nil {
		return err
	}
	api, err := newAPI(state.Server, plane.pki)
	if err != nil {
		return err
	}
	for _, next := range nodes {
		next.plane, next.api = plane, api
		if err := next.startContainerd(); err != nil {
			return err
		}
	}
	if err := importImages(options, nodes); err != nil {
		return err
	}
	for _, next := range nodes {
		if err := errors.Join(next.startKubelet(), next.startProxy()); err != nil {
			return err
		}
	}
	for _, next := range nodes {
		if err := next.connect(nodes); err != nil {
			return err
		}
	}
	if err := startDNS(api); err != nil {
		return err
	}
	for _, next := range nodes {
		if !waitUntil(nodeLimit, next.ready) {
			return fmt.Errorf("%s is not ready; the end of its kubelet's log:\n%s", next.name,
				lastLines(filepath.Join(options.Directory, "log", next.name+"-kubelet.log")))
		}
		state.answered(next.name)
	}
	if !waitUntil(nodeLimit, func() bool { return api.deploymentAvailable("kube-system", "coredns") }) {
		return errors.New("the cluster's name server does not become available")
	}
	state.answered("dns")
	return state.save()
}

// link is a bridge of the machine that joins the nodes: the wire and the router between them.
type link struct {
	tag     string // what names of this cluster begin with
	bridge  string
	network net.IPNet
}

func newLink(options Options, state *State) (*link, error) {
	if os.Getuid() != 0 {
		return nil, errors.New("nodes need root; without it there is --control-plane-only")
	}
	sum := crc32.ChecksumIEEE([]byte(options.Directory))
	tag := fmt.Sprintf("up%06x", sum&0xffffff)
	made := &link{tag: tag, bridge: tag + "b",
		network: net.IPNet{IP: net.IPv4(10, 89, byte(sum%250), 0), Mask: net.CIDRMask(24, 32)}}
	if err := state.undoWith("ip", "link", "delete", made.bridge); err != nil {
		return nil, err
	}
	for _, words := range [][]string{
		{"ip", "link", "add", made.bridge, "type", "bridge"},
		{"ip", "address", "add", made.host(1).String() + "/24", "dev", made.bridge},
		{"ip", "link", "set", made.bridge, "up"},
	} {
		if _, err := command(words...); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// host is the n-th address of the network; the first is the machine's own.
func (l *link) host(n byte) net.IP {
	base := l.network.IP.To4()
	return net.IPv4(base[0], base[1], base[2], base[3]+n)
}

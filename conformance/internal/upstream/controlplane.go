package upstream

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

const (
	startLimit   = 3 * time.Minute
	serviceRange = "10.96.0.0/16"
	podRange     = "10.244.0.0/16"
	domain       = "cluster.local"
)

// controlPlane knows where the programs of one control plane listen and whom they trust.
type controlPlane struct {
	options Options
	state   *State
	where   launch
	address string // that everything listens on
	pki     *pki
	etcd    string // its URL
}

// Up starts a new cluster and returns when it is ready. What was started is in the returned state also
// when there is an error, and on disk for Down.
func Up(options Options) (*State, error) {
	options, err := options.checked()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(options.Directory, "state.json")); err == nil {
		return nil, fmt.Errorf("a cluster was started in %s already; take it down first", options.Directory)
	}
	if err := errors.Join(removeRemains(options.Directory), os.MkdirAll(options.Directory, 0o755)); err != nil {
		return nil, err
	}
	if options.Nodes > 0 {
		return upWithNodes(options)
	}
	state := newState(options.Directory)
	_, err = startControlPlane(options, state, launch{}, "127.0.0.1")
	return state, errors.Join(err, state.save())
}

func startControlPlane(options Options, state *State, where launch, address string) (*controlPlane, error) {
	plane := &controlPlane{options: options, state: state, where: where, address: address}
	if options.Port == 0 {
		ports, err := plane.ports(6443)
		if err != nil {
			return nil, err
		}
		plane.options.Port = ports[0]
	}
	state.Server = "https://" + net.JoinHostPort(address, strconv.Itoa(plane.options.Port))
	state.Kubeconfig = plane.file("admin")
	var err error
	if plane.pki, err = newPKI(filepath.Join(options.Directory, "pki"), address); err != nil {
		return nil, err
	}
	if err := plane.writeKubeconfigs(); err != nil {
		return nil, err
	}
	state.begin = time.Now() // keys are made before anybody's clock runs
	for _, start := range []func() error{
		plane.startEtcd, plane.startAPIServer, plane.startControllerManager, plane.startScheduler,
	} {
		if err := start(); err != nil {
			return nil, err
		}
	}
	return plane, nil
}

func (c *controlPlane) file(name string) string {
	return filepath.Join(c.options.Directory, "kubeconfig", name)
}

func (c *controlPlane) writeKubeconfigs() error {
	for name, who := range map[string]subject{
		"admin":           {name: "kubernetes-admin", groups: []string{"system:masters"}},
		ControllerManager: {name: "system:" + ControllerManager},
		Scheduler:         {name: "system:" + Scheduler},
		"kube-proxy":      {name: "system:kube-proxy"},
	} {
		if err := c.pki.cluster.writeKubeconfig(c.file(name), c.state.Server, who); err != nil {
			return err
		}
	}
	return nil
}

func (c *controlPlane) startEtcd() error {
	ports, err := c.ports(2379, 2380)
	if err != nil {
		return err
	}
	url := func(port int) string { return "https://" + net.JoinHostPort(c.address, strconv.Itoa(port)) }
	c.etcd = url(ports[0])
	process, err := c.state.run(c.where, Etcd, append([]string{c.options.program(Etcd),
		"--name=only",
		"--data-dir=" + filepath.Join(c.options.Directory, "etcd"),
		"--listen-client-urls=" + c.etcd,
		"--advertise-client-urls=" + c.etcd,
		"--listen-peer-urls=" + url(ports[1]),
		"--initial-advertise-peer-urls=" + url(ports[1]),
		"--initial-cluster=only=" + url(ports[1]),
		"--client-cert-auth",
		"--trusted-ca-file=" + c.pki.etcd.File,
		"--cert-file=" + c.pki.etcdServer.certificate,
		"--key-file=" + c.pki.etcdServer.key,
		"--peer-client-cert-auth",
		"--peer-trusted-ca-file=" + c.pki.etcd.File,
		"--peer-cert-file=" + c.pki.etcdServer.certificate,
		"--peer-key-file=" + c.pki.etcdServer.key,
		"--snapshot-count=10000",
		"--log-level=warn",
	}, c.options.Arguments[Etcd]...)...)
	if err != nil {
		return err
	}
	return c.await(process, c.etcd+"/health", c.pki.etcd.File, c.pki.etcdClient)
}

// await returns when a program answers 200 at an address, or an error with its last words.
func (c *controlPlane) await(process Process, url, authority string, client pair) error {
	ask, err := newHealthClient(authority, client)
	if err != nil {
		return err
	}
	ok := waitUntil(startLimit, func() bool { return ask.ok(url) || !process.Alive() })
	if !ok || !process.Alive() {
		return fmt.Errorf("%s does not become ready; the end of %s:\n%s",
			process.Name, process.Log, lastLines(process.Log))
	}
	c.state.answered(process.Name)
	return c.state.save()
}

// ports returns the usual ports in a network namespace of our own, and free ones elsewhere.
func (c *controlPlane) ports(usual ...int) ([]int, error) {
	if c.where.namespace != "" {
		return usual, nil
	}
	var ports []int
	for range usual {
		listener, err := net.Listen("tcp", net.JoinHostPort(c.address, "0"))
		if err != nil {
			return nil, err
		}
		defer listener.Close()
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

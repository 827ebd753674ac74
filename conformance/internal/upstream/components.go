package upstream

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
)

func (c *controlPlane) startAPIServer() error {
	words := []string{c.options.program(APIServer),
		"--advertise-address=" + c.address,
		"--bind-address=" + c.address,
		"--secure-port=" + strconv.Itoa(c.options.Port),
		"--tls-cert-file=" + c.pki.server.certificate,
		"--tls-private-key-file=" + c.pki.server.key,
		"--client-ca-file=" + c.pki.cluster.File,
		"--authorization-mode=Node,RBAC",
		"--enable-admission-plugins=NodeRestriction",
		"--enable-bootstrap-token-auth",
		"--allow-privileged",
		"--etcd-servers=" + c.etcd,
		"--etcd-cafile=" + c.pki.etcd.File,
		"--etcd-certfile=" + c.pki.etcdClient.certificate,
		"--etcd-keyfile=" + c.pki.etcdClient.key,
		"--kubelet-certificate-authority=" + c.pki.cluster.File,
		"--kubelet-client-certificate=" + c.pki.kubeletClient.certificate,
		"--kubelet-client-key=" + c.pki.kubeletClient.key,
		"--kubelet-preferred-address-types=InternalIP",
		"--proxy-client-cert-file=" + c.pki.frontProxyClient.certificate,
		"--proxy-client-key-file=" + c.pki.frontProxyClient.key,
		"--requestheader-client-ca-file=" + c.pki.frontProxy.File,
		"--requestheader-allowed-names=front-proxy-client",
		"--requestheader-username-headers=X-Remote-User",
		"--requestheader-group-headers=X-Remote-Group",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--service-account-issuer=https://kubernetes.default.svc." + domain,
		"--service-account-key-file=" + c.pki.signing.certificate,
		"--service-account-signing-key-file=" + c.pki.signing.key,
		"--service-cluster-ip-range=" + serviceRange,
	}
	if c.options.Audit {
		audit, err := c.auditArguments()
		if err != nil {
			return err
		}
		words = append(words, audit...)
	}
	process, err := c.state.run(c.where, APIServer, append(words, c.options.Arguments[APIServer]...)...)
	if err != nil {
		return err
	}
	return c.await(process, c.state.Server+"/readyz", c.pki.cluster.File, c.pki.admin)
}

// auditArguments turn on a log with one line a request, as Bulwark writes one by default.
func (c *controlPlane) auditArguments() ([]string, error) {
	directory := filepath.Join(c.options.Directory, "audit")
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return nil, err
	}
	policy := `{"apiVersion":"audit.k8s.io/v1","kind":"Policy","omitStages":["RequestReceived"],"rules":[{"level":"Metadata"}]}`
	file := filepath.Join(directory, "policy.json")
	return []string{
		"--audit-policy-file=" + file,
		"--audit-log-path=" + filepath.Join(directory, "audit.log"),
		"--audit-log-maxsize=100",
		"--audit-log-maxbackup=3",
	}, os.WriteFile(file, []byte(policy), 0o600)
}

func (c *controlPlane) startControllerManager() error {
	return c.startClient(ControllerManager, 10257,
		"--allocate-node-cidrs",
		"--cluster-cidr="+podRange,
		"--node-cidr-mask-size=24",
		"--service-cluster-ip-range="+serviceRange,
		"--cluster-signing-cert-file="+c.pki.cluster.File,
		"--cluster-signing-key-file="+filepath.Join(c.options.Directory, "pki", "ca.key"),
		"--root-ca-file="+c.pki.cluster.File,
		"--service-account-private-key-file="+c.pki.signing.key,
		"--use-service-account-credentials",
	)
}

func (c *controlPlane) startScheduler() error { return c.startClient(Scheduler, 10259) }

// startClient starts a program that works through the API server, with its own identity.
func (c *controlPlane) startClient(name string, usualPort int, words ...string) error {
	if !c.options.has(name) {
		return nil
	}
	ports, err := c.ports(usualPort)
	if err != nil {
		return err
	}
	serving, err := c.pki.cluster.issue(name, subject{name: name, hosts: []string{"localhost", c.address}})
	if err != nil {
		return err
	}
	words = append([]string{c.options.program(name),
		"--kubeconfig=" + c.file(name),
		"--authentication-kubeconfig=" + c.file(name),
		"--authorization-kubeconfig=" + c.file(name),
		"--client-ca-file=" + c.pki.cluster.File,
		"--requestheader-client-ca-file=" + c.pki.frontProxy.File,
		"--bind-address=" + c.address,
		"--secure-port=" + strconv.Itoa(ports[0]),
		"--tls-cert-file=" + serving.certificate,
		"--tls-private-key-file=" + serving.key,
		"--leader-elect=false",
	}, words...)
	process, err := c.state.run(c.where, name, append(words, c.options.Arguments[name]...)...)
	if err != nil {
		return err
	}
	url := "https://" + net.JoinHostPort(c.address, strconv.Itoa(ports[0])) + "/healthz"
	return c.await(process, url, c.pki.cluster.File, c.pki.admin)
}

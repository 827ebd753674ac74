package upstream

import "path/filepath"

// pki has the certificates of one control plane.
type pki struct {
	cluster, etcd, frontProxy               *authority
	server, kubeletClient, frontProxyClient pair
	etcdServer, etcdClient                  pair
	admin, signing                          pair
}

func newPKI(directory, address string) (*pki, error) {
	made := &pki{}
	for _, next := range []struct {
		name string
		into **authority
	}{{"ca", &made.cluster}, {"etcd-ca", &made.etcd}, {"front-proxy-ca", &made.frontProxy}} {
		authority, err := newAuthority(directory, next.name)
		if err != nil {
			return nil, err
		}
		*next.into = authority
	}
	service := "kubernetes.default.svc"
	names := []string{"kubernetes", "kubernetes.default", service, service + "." + domain, "localhost",
		"127.0.0.1", "10.96.0.1", address}
	for _, next := range []struct {
		authority *authority
		file      string
		who       subject
		into      *pair
	}{
		{made.cluster, "apiserver", subject{name: "kube-apiserver", hosts: names}, &made.server},
		{made.cluster, "apiserver-kubelet-client",
			subject{name: "kube-apiserver-kubelet-client", groups: []string{"system:masters"}}, &made.kubeletClient},
		{made.cluster, "admin",
			subject{name: "kubernetes-admin", groups: []string{"system:masters"}}, &made.admin},
		{made.frontProxy, "front-proxy-client", subject{name: "front-proxy-client"}, &made.frontProxyClient},
		{made.etcd, "etcd", subject{name: "etcd", hosts: []string{"localhost", "127.0.0.1", address}}, &made.etcdServer},
		{made.etcd, "apiserver-etcd-client", subject{name: "kube-apiserver-etcd-client"}, &made.etcdClient},
	} {
		issued, err := next.authority.issue(next.file, next.who)
		if err != nil {
			return nil, err
		}
		*next.into = issued
	}
	signing, err := writeSigningKeys(filepath.Clean(directory))
	made.signing = signing
	return made, err
}

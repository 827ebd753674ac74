package upstream

import (
	"encoding/json"
	"os"
	"path/filepath"
)

// clusterDNS is where pods ask for names.
const clusterDNS = "10.96.0.10"

type object = map[string]any

func (n *node) startKubelet() error {
	if err := n.keepKernelSettings(); err != nil {
		return err
	}
	kubeconfig := n.plane.file(n.name)
	identity := subject{name: "system:node:" + n.name, groups: []string{"system:nodes"}}
	if err := n.plane.pki.cluster.writeKubeconfig(kubeconfig, n.state.Server, identity); err != nil {
		return err
	}
	serving, err := n.plane.pki.cluster.issue(n.name+"-serving",
		subject{name: "system:node:" + n.name, groups: []string{"system:nodes"}, hosts: []string{n.name, n.address}})
	if err != nil {
		return err
	}
	file := filepath.Join(n.directory, "kubelet.json")
	if err := writeJSON(file, n.kubeletConfiguration(serving)); err != nil {
		return err
	}
	root := filepath.Join(n.directory, "kubelet")
	n.state.Undo = append(n.state.Undo, step{Unmount: root}, step{Links: n.directory})
	_, err = n.state.run(n.where, n.name+"-kubelet", n.options.program("kubelet"),
		"--config="+file,
		"--kubeconfig="+kubeconfig,
		"--root-dir="+root,
		"--cert-dir="+filepath.Join(root, "pki"),
		"--hostname-override="+n.name,
		"--node-ip="+n.address,
	)
	return err
}

func (n *node) kubeletConfiguration(serving pair) object {
	return object{
		"apiVersion":               "kubelet.config.k8s.io/v1beta1",
		"kind":                     "KubeletConfiguration",
		"address":                  n.address,
		"authentication":           object{"anonymous": object{"enabled": false}, "webhook": object{"enabled": true}, "x509": object{"clientCAFile": n.plane.pki.cluster.File}},
		"authorization":            object{"mode": "Webhook"},
		"tlsCertFile":              serving.certificate,
		"tlsPrivateKeyFile":        serving.key,
		"clusterDNS":               []string{clusterDNS},
		"clusterDomain":            domain,
		"containerRuntimeEndpoint": "unix://" + n.socket(),
		"cgroupDriver":             "cgroupfs",
		"cgroupRoot":               "/" + n.cgroup,
		"failCgroupV1":             false,
		"failSwapOn":               false,
		"healthzBindAddress":       "127.0.0.1",
		"podLogsDir":               filepath.Join(n.directory, "pod-logs"),
		"volumePluginDir":          filepath.Join(n.directory, "volume-plugins"),
		// The disk belongs to the whole machine: pods are not evicted for what others put on it.
		"evictionHard":                object{"memory.available": "100Mi", "nodefs.available": "0%", "imagefs.available": "0%", "nodefs.inodesFree": "0%", "imagefs.inodesFree": "0%"},
		"imageGCHighThresholdPercent": 100,
	}
}

// keepKernelSettings remembers what the kubelet sets for the whole machine.
func (n *node) keepKernelSettings() error {
	for _, file := range []string{"vm/overcommit_memory", "vm/panic_on_oom", "kernel/panic", "kernel/panic_on_oops",
		"kernel/keys/root_maxkeys", "kernel/keys/root_maxbytes"} {
		if err := n.state.keep("/proc/sys/" + file); err != nil {
			return err
		}
	}
	return nil
}

func (n *node) startProxy() error {
	file := filepath.Join(n.directory, "kube-proxy.json")
	err := writeJSON(file, object{
		"apiVersion":         "kubeproxy.config.k8s.io/v1alpha1",
		"kind":               "KubeProxyConfiguration",
		"mode":               "nftables",
		"bindAddress":        n.address,
		"healthzBindAddress": n.address + ":10256",
		"clusterCIDR":        podRange,
		"hostnameOverride":   n.name,
		"clientConnection":   object{"kubeconfig": n.plane.file("kube-proxy")},
		// The kernel's own limits stay: they hold for the whole machine.
		"conntrack": object{"maxPerCore": 0, "min": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"},
	})
	if err != nil {
		return err
	}
	_, err = n.state.run(n.where, n.name+"-kube-proxy", n.options.program("kube-proxy"), "--config="+file)
	return err
}

func writeJSON(file string, value any) error {
	content, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o600)
}

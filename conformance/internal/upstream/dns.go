package upstream

const (
	dnsImage = "registry.k8s.io/coredns/coredns:" + dnsVersion
	// dnsVersion is that of the module in the directory coredns.
	dnsVersion = "v1.14.2"
)

const corefile = `.:53 {
    errors
    health {
        lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    reload
    loadbalance
}
`

// startDNS makes what a cluster's name server consists of: the way kubeadm arranges it.
func startDNS(a *api) error {
	labels := object{"k8s-app": "kube-dns"}
	meta := object{"name": "coredns", "namespace": "kube-system", "labels": labels}
	for _, next := range []struct {
		path  string
		value object
	}{
		{"/api/v1/namespaces/kube-system/serviceaccounts", object{"metadata": meta}},
		{"/apis/rbac.authorization.k8s.io/v1/clusterroles", object{"metadata": object{"name": "system:coredns"},
			"rules": []object{
				{"apiGroups": []string{""}, "resources": []string{"endpoints", "services", "pods", "namespaces"}, "verbs": []string{"list", "watch"}},
				{"apiGroups": []string{"discovery.k8s.io"}, "resources": []string{"endpointslices"}, "verbs": []string{"list", "watch"}},
			}}},
		{"/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", object{"metadata": object{"name": "system:coredns"},
			"roleRef":  object{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "system:coredns"},
			"subjects": []object{{"kind": "ServiceAccount", "name": "coredns", "namespace": "kube-system"}}}},
		{"/api/v1/namespaces/kube-system/configmaps", object{"metadata": meta, "data": object{"Corefile": corefile}}},
		{"/api/v1/namespaces/kube-system/services", object{
			"metadata": object{"name": "kube-dns", "namespace": "kube-system",
				"labels": object{"k8s-app": "kube-dns", "kubernetes.io/name": "CoreDNS"}},
			"spec": object{"clusterIP": clusterDNS, "selector": labels, "ports": []object{
				{"name": "dns", "port": 53, "protocol": "UDP"},
				{"name": "dns-tcp", "port": 53, "protocol": "TCP"},
				{"name": "metrics", "port": 9153, "protocol": "TCP"},
			}}}},
		{"/apis/apps/v1/namespaces/kube-system/deployments", object{"metadata": meta, "spec": object{
			"replicas": 2, "selector": object{"matchLabels": labels},
			"template": object{"metadata": object{"labels": labels}, "spec": dnsPod(labels)}}}},
	} {
		if err := a.create(next.path, next.value); err != nil {
			return err
		}
	}
	return nil
}

func dnsPod(labels object) object {
	probe := func(path string, port int) object {
		return object{"httpGet": object{"path": path, "port": port}, "periodSeconds": 2}
	}
	return object{
		"serviceAccountName": "coredns",
		"priorityClassName":  "system-cluster-critical",
		"dnsPolicy":          "Default",
		"affinity": object{"podAntiAffinity": object{"preferredDuringSchedulingIgnoredDuringExecution": []object{
			{"weight": 100, "podAffinityTerm": object{"topologyKey": "kubernetes.io/hostname",
				"labelSelector": object{"matchLabels": labels}}}}}},
		"containers": []object{{
			"name": "coredns", "image": dnsImage, "imagePullPolicy": "IfNotPresent",
			"args":           []string{"-conf", "/etc/coredns/Corefile"},
			"readinessProbe": probe("/ready", 8181),
			"livenessProbe":  object{"httpGet": object{"path": "/health", "port": 8080}, "initialDelaySeconds": 60},
			"resources":      object{"requests": object{"cpu": "50m", "memory": "70Mi"}, "limits": object{"memory": "170Mi"}},
			"securityContext": object{"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
				"capabilities": object{"add": []string{"NET_BIND_SERVICE"}, "drop": []string{"ALL"}}},
			"volumeMounts": []object{{"name": "config", "mountPath": "/etc/coredns", "readOnly": true}},
		}},
		"volumes": []object{{"name": "config", "configMap": object{"name": "coredns"}}},
	}
}

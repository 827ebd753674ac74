package scenario

import "fmt"

// podsOf is the container of upstream's scheduler benchmark: 100 milli-CPUs and 500 MiB.
const container = `"containers":[{"name":"pause","image":"registry.k8s.io/pause:3.10.2","ports":[{"containerPort":80}],` +
	`"resources":{"requests":{"cpu":"100m","memory":"500Mi"},"limits":{"cpu":"100m","memory":"500Mi"}}}]`

// boundPod has a node already, so that no scheduler looks at it.
func boundPod(namespace string, number int) []byte {
	return fmt.Appendf(nil, `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"pod-%d","namespace":%q,`+
		`"labels":{"app":"app-%d","tier":"backend"},"annotations":{"note":"one of many pods of a list"}},`+
		`"spec":{"nodeName":"node-%d",%s}}`, number, namespace, number%apps, number%5000, container)
}

package scenario

import (
	"encoding/json"
	"fmt"

	"bulwark.io/benchmarks/peer/load"
)

// Preemption fills five hundred nodes with small pods and then asks for five hundred large ones of a
// higher priority: each has to evict three. The shape is upstream's.
type Preemption struct{}

// Name of the scenario.
func (Preemption) Name() string { return "preemption" }

// Run does it.
func (Preemption) Run(bench *Bench) error {
	const namespace = "preemption"
	places := bench.count(500)
	if err := nodes(bench, places); err != nil {
		return err
	}
	if err := bench.namespace(namespace); err != nil {
		return err
	}
	if _, err := schedule(bench, "fill the nodes", namespace, 4*places, func(n int) []byte {
		return pod(namespace, n, "", `"terminationGracePeriodSeconds":0,`+sized("900m"))
	}); err != nil {
		return err
	}
	// The large ones are in a namespace of their own so that they are easy to count.
	const large = "preemption-large"
	if err := bench.namespace(large); err != nil {
		return err
	}
	name := fmt.Sprintf("schedule %d pods that evict others", places)
	rate, err := schedule(bench, name, large, places, func(n int) []byte {
		return pod(large, n, "", `"priorityClassName":"system-cluster-critical",`+sized("3000m"))
	})
	if err != nil {
		return err
	}
	bench.more(name, "pods/s", rate)
	left, err := remaining(bench, namespace)
	if err != nil {
		return err
	}
	bench.less(fmt.Sprintf("pods evicted where %d suffice", 3*places), "pods", float64(4*places-left))
	return nil
}

func sized(processor string) string {
	return `"containers":[{"name":"pause","image":"registry.k8s.io/pause:3.10.2","resources":{"requests":{"cpu":"` +
		processor + `","memory":"500Mi"},"limits":{"cpu":"` + processor + `","memory":"500Mi"}}}]`
}

func remaining(bench *Bench, namespace string) (int, error) {
	client := bench.Side.Access.Client()
	defer client.Close()
	answer, err := client.Must(bench, load.Request{Method: "GET", Path: "/api/v1/namespaces/" + namespace + "/pods"})
	if err != nil {
		return 0, err
	}
	var list struct{ Items []struct{} }
	err = json.Unmarshal(answer, &list)
	return len(list.Items), err
}

package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"bulwark.io/benchmarks/peer/load"
)

// Scheduling creates pods on five thousand nodes in the shapes of upstream's scheduler benchmark and
// waits until all are bound. Creation goes on while the scheduler works.
type Scheduling struct{}

// Name of the scenario.
func (Scheduling) Name() string { return "scheduling" }

// Run does it. The nodes fill up from shape to shape, on both sides alike.
func (Scheduling) Run(bench *Bench) error {
	if err := nodes(bench, bench.count(5000)); err != nil {
		return err
	}
	for _, shape := range []struct {
		name, spec, labels string
		pods               int
		budget             float64
	}{
		{"warm-up", "", "", 1000, 0},
		{"basic", "", "", 10_000, 2},
		{"node affinity", `,"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[` +
			`{"matchExpressions":[{"key":"topology.kubernetes.io/zone","operator":"In","values":["zone-0","zone-1"]}]}]}}}`, "", 2000, 0},
		{"anti-affinity", `,"affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[` +
			`{"labelSelector":{"matchLabels":{"color":"green"}},"topologyKey":"kubernetes.io/hostname"}]}}`, `"color":"green"`, 1000, 0},
		{"spreading", `,"topologySpreadConstraints":[{"maxSkew":5,"topologyKey":"topology.kubernetes.io/zone",` +
			`"whenUnsatisfiable":"DoNotSchedule","labelSelector":{"matchLabels":{"color":"blue"}}}]`, `"color":"blue"`, 2000, 0},
	} {
		namespace := "scheduling-" + string(bytes.ReplaceAll([]byte(shape.name), []byte(" "), []byte("-")))
		if err := bench.namespace(namespace); err != nil {
			return err
		}
		count := bench.count(shape.pods)
		name := fmt.Sprintf("schedule %d pods, %s", count, shape.name)
		rate, err := schedule(bench, name, namespace, count, func(n int) []byte {
			return pod(namespace, n, shape.labels, container+shape.spec)
		})
		if err != nil {
			return err
		}
		bench.more(name, "pods/s", rate).budget(shape.budget)
		used, err := nodesUsed(bench, namespace)
		if err != nil {
			return err
		}
		if shape.name == "anti-affinity" {
			if err := bench.did("nodes with a pod of "+name, used, count); err != nil {
				return err
			}
		}
	}
	return nil
}

// schedule creates pods and returns how many a second were bound, from the first creation to the
// last binding.
func schedule(bench *Bench, name, namespace string, count int, body func(number int) []byte) (float64, error) {
	path := "/api/v1/namespaces/" + namespace + "/pods"
	ctx, cancel := context.WithTimeout(bench, 5*time.Minute)
	defer cancel()
	seen := &bindings{bound: make([]bool, count), all: make(chan time.Time, 1)}
	if err := seen.watch(ctx, bench, path); err != nil {
		return 0, err
	}
	var took time.Duration
	if err := bench.onProcessor(name, func() error {
		begin := time.Now()
		if _, err := load.Run(ctx, bench.Side.Access, 32, count, func(n int) load.Request {
			return load.Request{Method: "POST", Path: path, Body: body(n)}
		}); err != nil {
			return err
		}
		select {
		case end := <-seen.all:
			took = end.Sub(begin)
			return nil
		case <-ctx.Done():
			return fmt.Errorf("%s: not all of %d pods are bound after %s", name, count, time.Since(begin))
		}
	}); err != nil {
		return 0, err
	}
	bound, err := boundPods(bench, path)
	if err != nil {
		return 0, err
	}
	return float64(count) / took.Seconds(), bench.did("pods bound, "+name, bound, count)
}

func nodesUsed(bench *Bench, namespace string) (int, error) {
	client := bench.Side.Access.Client()
	defer client.Close()
	answer, err := client.Must(bench, load.Request{Method: "GET", Path: "/api/v1/namespaces/" + namespace + "/pods"})
	if err != nil {
		return 0, err
	}
	var list struct {
		Items []struct{ Spec struct{ NodeName string } }
	}
	if err := json.Unmarshal(answer, &list); err != nil {
		return 0, err
	}
	used := map[string]bool{}
	for _, item := range list.Items {
		if item.Spec.NodeName != "" {
			used[item.Spec.NodeName] = true
		}
	}
	return len(used), nil
}

func boundPods(bench *Bench, path string) (int, error) {
	client := bench.Side.Access.Client()
	defer client.Close()
	answer, err := client.Must(bench, load.Request{Method: "GET", Path: path + "?fieldSelector=spec.nodeName%21%3D"})
	if err != nil {
		return 0, err
	}
	var list struct{ Items []struct{} }
	err = json.Unmarshal(answer, &list)
	return len(list.Items), err
}

func pod(namespace string, number int, labels, spec string) []byte {
	return fmt.Appendf(nil, `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"pod-%d","namespace":%q,"labels":{%s}},"spec":{%s}}`,
		number, namespace, labels, spec)
}

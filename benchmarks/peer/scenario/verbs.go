package scenario

import (
	"fmt"
	"strings"

	"bulwark.io/benchmarks/peer/load"
)

// Verbs creates, reads, updates, patches, applies and deletes ConfigMaps of a kilobyte, with one, eight
// and sixty-four clients, each with a connection of its own. Every write is durable when it is answered.
type Verbs struct{}

// Name of the scenario.
func (Verbs) Name() string { return "verbs" }

// Run does it, after a warm-up with the same requests.
func (Verbs) Run(bench *Bench) error {
	if err := warmVerbs(bench, 2000); err != nil {
		return err
	}
	for _, level := range []struct{ clients, objects int }{{1, 500}, {8, 2000}, {64, 4000}} {
		if err := verbs(bench, level.clients, bench.count(level.objects)); err != nil {
			return err
		}
	}
	return nil
}

func verbs(bench *Bench, clients, objects int) error {
	namespace := fmt.Sprintf("verbs-%d", clients)
	if err := bench.namespace(namespace); err != nil {
		return err
	}
	all := "/api/v1/namespaces/" + namespace + "/configmaps"
	for _, verb := range verbTable(namespace) {
		name := fmt.Sprintf("%s, %d clients", verb.name, clients)
		if clients == 1 {
			name = verb.name + ", 1 client"
		}
		if err := bench.onProcessor(name, func() error {
			result, err := load.Run(bench, bench.Side.Access, clients, objects, verb.request)
			if err != nil {
				return err
			}
			figure := bench.more(name, "/s", result.PerSecond())
			if verb.name == "create" {
				figure.budget(2)
			}
			bench.less(name+": p50", "ms", millis(result.Percentile(50)))
			bench.less(name+": p99", "ms", millis(result.Percentile(99)))
			return nil
		}); err != nil {
			return err
		}
		left := map[string]int{"delete": 0}
		wanted, found := left[verb.name]
		if !found {
			wanted = objects
		}
		if err := stored(bench, all, name, verb.name, wanted); err != nil {
			return err
		}
	}
	return nil
}

type verb struct {
	name    string
	request func(number int) load.Request
}

func verbTable(namespace string) []verb {
	all := "/api/v1/namespaces/" + namespace + "/configmaps"
	one := func(number int) string { return fmt.Sprintf("%s/map-%d", all, number) }
	return []verb{
		{"create", func(n int) load.Request {
			return load.Request{Method: "POST", Path: all, Body: configMap(namespace, n, "created")}
		}},
		{"get", func(n int) load.Request { return load.Request{Method: "GET", Path: one(n)} }},
		{"update", func(n int) load.Request {
			return load.Request{Method: "PUT", Path: one(n), Body: configMap(namespace, n, "updated")}
		}},
		{"patch", func(n int) load.Request {
			return load.Request{Method: "PATCH", Path: one(n), ContentType: "application/merge-patch+json",
				Body: []byte(`{"data":{"state":"patched"}}`)}
		}},
		{"apply", func(n int) load.Request {
			return load.Request{Method: "PATCH", Path: one(n) + "?fieldManager=bench&force=true",
				ContentType: "application/apply-patch+yaml", Body: configMap(namespace, n, "applied")}
		}},
		{"delete", func(n int) load.Request { return load.Request{Method: "DELETE", Path: one(n)} }},
	}
}

// warmVerbs lets both sides come up to speed and reports how the very first creations went.
func warmVerbs(bench *Bench, objects int) error {
	const namespace = "warm"
	if err := bench.namespace(namespace); err != nil {
		return err
	}
	name := fmt.Sprintf("create, 16 clients, the first %d after a start", objects)
	for _, verb := range verbTable(namespace) {
		run := func() error {
			result, err := load.Run(bench, bench.Side.Access, 16, objects, verb.request)
			if err == nil && verb.name == "create" {
				bench.more(name, "/s", result.PerSecond())
			}
			return err
		}
		var err error
		if verb.name == "create" {
			err = bench.onProcessor(name, run)
		} else {
			err = run()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// stored counts the objects that are in the state which a verb leaves.
func stored(bench *Bench, path, name, verb string, wanted int) error {
	state := map[string]string{"create": "created", "get": "created", "update": "updated", "patch": "patched",
		"apply": "applied"}[verb]
	client := bench.Side.Access.Client()
	defer client.Close()
	list, err := client.Must(bench, load.Request{Method: "GET", Path: path})
	if err != nil {
		return err
	}
	count := strings.Count(string(list), `"state":"`+state+`"`)
	if verb == "delete" {
		count = strings.Count(string(list), `"state":"`)
	}
	return bench.did("objects stored after "+name, count, wanted)
}

var filling = strings.Repeat("0123456789abcdef", 56)

func configMap(namespace string, number int, state string) []byte {
	return fmt.Appendf(nil, `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"map-%d","namespace":%q,`+
		`"labels":{"app":"app-%d"}},"data":{"state":%q,"filling":%q}}`, number, namespace, number%100, state, filling)
}

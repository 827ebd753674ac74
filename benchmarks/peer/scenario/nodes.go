package scenario

import (
	"fmt"

	"bulwark.io/benchmarks/peer/load"
)

// nodes makes nodes of four cores and 32 GiB in three zones. Nothing runs on them; new nodes get a
// taint, which a controller would remove and which is removed here.
func nodes(bench *Bench, count int) error {
	if _, err := load.Run(bench, bench.Side.Access, 32, count, func(n int) load.Request {
		return load.Request{Method: "POST", Path: "/api/v1/nodes", Body: node(n)}
	}); err != nil {
		return err
	}
	_, err := load.Run(bench, bench.Side.Access, 32, count, func(n int) load.Request {
		return load.Request{Method: "PATCH", Path: fmt.Sprintf("/api/v1/nodes/node-%d", n),
			ContentType: "application/merge-patch+json", Body: []byte(`{"spec":{"taints":null}}`)}
	})
	return err
}

func node(number int) []byte {
	const room = `{"cpu":"4","memory":"32Gi","pods":"110"}`
	return fmt.Appendf(nil, `{"apiVersion":"v1","kind":"Node","metadata":{"name":"node-%d","labels":{`+
		`"kubernetes.io/hostname":"node-%d","topology.kubernetes.io/zone":"zone-%d"}},"status":{"capacity":%s,`+
		`"allocatable":%s,"conditions":[{"type":"Ready","status":"True","reason":"Benchmark"}]}}`,
		number, number, number%3, room, room)
}

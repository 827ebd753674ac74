package scenario

import (
	"bytes"
	"context"
	"strconv"
	"time"

	"bulwark.io/benchmarks/peer/load"
)

// bindings follows which of the pods pod-0, pod-1 ... have a node.
type bindings struct {
	bound []bool
	count int
	all   chan time.Time // when the last one got its node
}

var podField = []byte(`"name":"pod-`)

// watch lets pods come into view when they get their node. It begins anew when the server ends it.
func (b *bindings) watch(ctx context.Context, bench *Bench, path string) error {
	var lines load.Lines
	watch, err := bench.Side.Access.Watch(ctx, path+"?watch=true&fieldSelector=spec.nodeName%21%3D",
		func(piece []byte, now time.Time) {
			lines.Add(piece, func(line []byte) { b.hear(line, now) })
		})
	if err != nil {
		return err
	}
	go func() {
		select {
		case <-ctx.Done():
			watch.Close()
		case <-watch.Ended():
			if ctx.Err() == nil {
				_ = b.watch(ctx, bench, path) // without it not all pods come into view, which is an error
			}
		}
	}()
	return nil
}

func (b *bindings) hear(line []byte, now time.Time) {
	if !bytes.Contains(line[:min(len(line), 40)], []byte(`"ADDED"`)) {
		return
	}
	_, rest, _ := bytes.Cut(line, podField)
	digits, _, _ := bytes.Cut(rest, []byte{'"'})
	number, err := strconv.Atoi(string(digits))
	if err != nil || number >= len(b.bound) || b.bound[number] {
		return
	}
	b.bound[number] = true
	if b.count++; b.count == len(b.bound) {
		b.all <- now
	}
}

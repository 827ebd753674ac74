package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"bulwark.io/benchmarks/peer/load"
)

const dialing = 64 // connections that are opened at once when nothing is measured

// watchers are many watches of the ConfigMaps of one namespace. Every one hears of every change in
// order, so that the nth event of each is the nth change.
type watchers struct {
	bench     *Bench
	namespace string
	all       []*load.Watch
	arrivals  [][]time.Time // by watcher and change
	versions  []string      // by watcher: of the last event
	received  atomic.Int64
	reopened  atomic.Int64
	refused   atomic.Int64 // attempts to open a watch that failed and were made again
	mutex     sync.Mutex   // guards all and closing
	closing   bool
}

func newWatchers(bench *Bench, namespace string, count, changes int) *watchers {
	w := &watchers{bench: bench, namespace: namespace, all: make([]*load.Watch, count), arrivals: make([][]time.Time, count),
		versions: make([]string, count)}
	for i := range w.arrivals {
		w.arrivals[i] = make([]time.Time, 0, changes)
	}
	return w
}

func (w *watchers) path() string { return "/api/v1/namespaces/" + w.namespace + "/configmaps" }

// version is the revision to watch from.
func (w *watchers) version() (string, error) {
	client := w.bench.Side.Access.Client()
	defer client.Close()
	answer, err := client.Must(w.bench, load.Request{Method: "GET", Path: w.path() + "?limit=1"})
	if err != nil {
		return "", err
	}
	var list struct {
		Metadata struct{ ResourceVersion string }
	}
	err = json.Unmarshal(answer, &list)
	return list.Metadata.ResourceVersion, err
}

// open starts all watches, so many at once.
func (w *watchers) open(version string, atOnce int) error {
	w.closing = false
	ctx, cancel := context.WithCancelCause(w.bench)
	defer cancel(nil)
	var group sync.WaitGroup
	var next atomic.Int64
	for range atOnce {
		group.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(w.all) {
					return
				}
				w.versions[i] = version
				for begin := time.Now(); ; {
					err := w.openOne(ctx, i)
					if err == nil {
						break
					}
					if time.Since(begin) > time.Minute || ctx.Err() != nil {
						cancel(fmt.Errorf("watch %d: %w", i, err))
						return
					}
					w.refused.Add(1)
					time.Sleep(100 * time.Millisecond)
				}
			}
		})
	}
	group.Wait()
	return context.Cause(ctx)
}

// openOne starts a watch after its last event, and again when the server ends it: a server drops
// watchers that it finds too slow, and they come back.
func (w *watchers) openOne(ctx context.Context, i int) error {
	path := fmt.Sprintf("%s?watch=true&timeoutSeconds=1200&resourceVersion=%s", w.path(), w.versions[i])
	one, err := w.bench.Side.Access.Watch(ctx, path, func(piece []byte, now time.Time) { w.hear(i, piece, now) })
	if err != nil {
		return err
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.closing {
		one.Close()
		return nil
	}
	w.all[i] = one
	go func() {
		<-one.Ended()
		w.mutex.Lock()
		ours := w.closing
		w.mutex.Unlock()
		if !ours && w.bench.Err() == nil {
			w.reopened.Add(1)
			_ = w.openOne(w.bench, i) // without it events are missing, and await says so
		}
	}()
	return nil
}

var versionField = []byte(`"resourceVersion":"`)

func (w *watchers) hear(i int, piece []byte, now time.Time) {
	events := bytes.Count(piece, []byte{'\n'})
	for range events {
		if len(w.arrivals[i]) < cap(w.arrivals[i]) {
			w.arrivals[i] = append(w.arrivals[i], now)
		}
	}
	if at := bytes.LastIndex(piece, versionField); at >= 0 {
		rest := piece[at+len(versionField):]
		if end := bytes.IndexByte(rest, '"'); end >= 0 && string(rest[:end]) != w.versions[i] {
			w.versions[i] = string(rest[:end])
		}
	}
	w.received.Add(int64(events))
}

// await returns when so many events have arrived altogether.
func (w *watchers) await(events int, limit time.Duration) error {
	for end := time.Now().Add(limit); w.received.Load() < int64(events); time.Sleep(time.Millisecond) {
		if time.Now().After(end) || w.bench.Err() != nil {
			return fmt.Errorf("%d of %d events came in %s; watches opened again: %d",
				w.received.Load(), events, limit, w.reopened.Load())
		}
	}
	return nil
}

func (w *watchers) close() {
	w.mutex.Lock()
	w.closing = true
	w.mutex.Unlock()
	var group sync.WaitGroup
	for i, one := range w.all {
		if one != nil {
			group.Go(one.Close)
			w.all[i] = nil
		}
	}
	group.Wait()
}

// change patches one of a few ConfigMaps.
func change(bench *Bench, client *load.Client, path string, number int) error {
	_, err := client.Must(bench, load.Request{Method: "PATCH", Path: fmt.Sprintf("%s/map-%d", path, number%10),
		ContentType: "application/merge-patch+json", Body: fmt.Appendf(nil, `{"data":{"state":"change-%d"}}`, number)})
	return err
}

// prepare makes a namespace with ten ConfigMaps.
func (w *watchers) prepare() error {
	if err := w.bench.namespace(w.namespace); err != nil {
		return err
	}
	_, err := load.Run(w.bench, w.bench.Side.Access, 1, 10, func(n int) load.Request {
		return load.Request{Method: "POST", Path: w.path(), Body: configMap(w.namespace, n, "created")}
	})
	return err
}

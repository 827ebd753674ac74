package load

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Result of a number of requests.
type Result struct {
	Requests int
	Took     time.Duration
	sorted   []time.Duration
}

// PerSecond is the throughput.
func (r Result) PerSecond() float64 { return float64(r.Requests) / r.Took.Seconds() }

// Percentile of the latencies, from 0 to 100.
func (r Result) Percentile(percent float64) time.Duration { return Percentile(r.sorted, percent) }

// Percentile of sorted values.
func Percentile(sorted []time.Duration, percent float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(float64(len(sorted))*percent/100))]
}

// Run sends count requests, numbered from 0, through clients that each have one under way at a time.
// The first answer that is no success ends it.
func Run(ctx context.Context, access Access, clients, count int, request func(number int) Request) (Result, error) {
	connections := make([]*Client, clients)
	for i := range connections {
		connections[i] = access.Client()
		defer connections[i].Close()
		// The handshake is no part of the measurement.
		if _, err := connections[i].Must(ctx, Request{Method: "GET", Path: "/version"}); err != nil {
			return Result{}, err
		}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	latencies := make([]time.Duration, count)
	var next atomic.Int64
	var group sync.WaitGroup
	begin := time.Now()
	for _, client := range connections {
		group.Go(func() {
			for ctx.Err() == nil {
				number := int(next.Add(1)) - 1
				if number >= count {
					return
				}
				wanted := request(number)
				sent := time.Now()
				if _, err := client.Must(ctx, wanted); err != nil {
					cancel(fmt.Errorf("request %d of %d: %w", number, count, err))
					return
				}
				latencies[number] = time.Since(sent)
			}
		})
	}
	group.Wait()
	took := time.Since(begin)
	if err := context.Cause(ctx); err != nil {
		return Result{}, err
	}
	slices.Sort(latencies)
	return Result{count, took, latencies}, nil
}

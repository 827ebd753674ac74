package scenario

import (
	"fmt"
	"slices"
	"time"
)

// Storm lets a thousand watchers lose their connections, miss ten changes, and come back at once.
type Storm struct{}

// Name of the scenario.
func (Storm) Name() string { return "storm" }

// Run does it five times; the first ones warm up.
func (Storm) Run(bench *Bench) error {
	watching := bench.count(1000)
	const repeats, missed = 5, 10
	all := newWatchers(bench, "storm", watching, repeats*missed)
	if err := all.prepare(); err != nil {
		return err
	}
	defer func() { all.close() }()
	client := bench.Side.Access.Client()
	defer client.Close()
	name := fmt.Sprintf("%d watchers reconnect at once", watching)
	var took []time.Duration
	for repeat := range repeats {
		version, err := all.version()
		if err != nil {
			return err
		}
		for number := range missed {
			if err := change(bench, client, all.path(), repeat*missed+number); err != nil {
				return err
			}
		}
		once := func() error {
			begin := time.Now()
			if err := all.open(version, watching); err != nil {
				return err
			}
			err := all.await(watching*missed*(repeat+1), time.Minute)
			took = append(took, time.Since(begin))
			return err
		}
		if repeat == repeats-1 {
			err = bench.onProcessor(name, once)
		} else {
			err = once()
		}
		if err != nil {
			return err
		}
		all.close()
	}
	slices.Sort(took)
	bench.less(name+", until each knows the 10 changes it missed", "ms", millis(took[len(took)/2]))
	bench.less("attempts to reconnect that failed and were made again", "", float64(all.refused.Load()))
	return bench.did("events received", int(all.received.Load()), watching*missed*repeats)
}

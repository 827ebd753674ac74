package scenario

import (
	"fmt"
	"slices"
	"time"

	"bulwark.io/benchmarks/peer/load"
)

// Watch hands changes of ConfigMaps to a thousand watchers: one at a time, then a hundred a second.
type Watch struct{}

// Name of the scenario.
func (Watch) Name() string { return "watch" }

// Run does it.
func (Watch) Run(bench *Bench) error {
	watching, warm, single, stream := bench.count(1000), 100, 30, bench.count(500)
	all := newWatchers(bench, "watch", watching, warm+single+stream)
	if err := all.prepare(); err != nil {
		return err
	}
	version, err := all.version()
	if err != nil {
		return err
	}
	defer all.close()
	if err := all.open(version, dialing); err != nil {
		return err
	}
	client := bench.Side.Access.Client()
	defer client.Close()
	for number := range warm {
		if err := change(bench, client, all.path(), number); err != nil {
			return err
		}
		if err := all.await(watching*(number+1), time.Minute); err != nil {
			return err
		}
	}
	if err := one(bench, all, client, warm, single); err != nil {
		return err
	}
	if err := many(bench, all, client, warm+single, stream); err != nil {
		return err
	}
	bench.less("watches that the server ended and that were opened again", "", float64(all.reopened.Load()))
	return bench.did("events received", int(all.received.Load()), watching*(warm+single+stream))
}

func one(bench *Bench, all *watchers, client *load.Client, before, changes int) error {
	watching := len(all.all)
	name := fmt.Sprintf("one change to %d watchers", watching)
	return bench.onProcessor(name, func() error {
		var last []time.Duration
		for number := before; number < before+changes; number++ {
			sent := time.Now()
			if err := change(bench, client, all.path(), number); err != nil {
				return err
			}
			if err := all.await(watching*(number+1), time.Minute); err != nil {
				return err
			}
			latest := sent
			for _, arrivals := range all.arrivals {
				if arrivals[number].After(latest) {
					latest = arrivals[number]
				}
			}
			last = append(last, latest.Sub(sent))
			time.Sleep(20 * time.Millisecond)
		}
		slices.Sort(last)
		bench.less(name+", until the last has it", "ms", millis(load.Percentile(last, 50))).budget(5)
		return nil
	})
}

// many sends changes when they are due, whether or not the side keeps up, and counts from then.
func many(bench *Bench, all *watchers, client *load.Client, before, changes int) error {
	watching := len(all.all)
	name := fmt.Sprintf("100 changes a second to %d watchers", watching)
	const pause = 10 * time.Millisecond
	return bench.onProcessor(name, func() error {
		begin := time.Now()
		due := func(number int) time.Time { return begin.Add(time.Duration(number) * pause) }
		for number := range changes {
			time.Sleep(time.Until(due(number)))
			if err := change(bench, client, all.path(), before+number); err != nil {
				return err
			}
		}
		if err := all.await(watching*(before+changes), 3*time.Minute); err != nil {
			return err
		}
		var latencies []time.Duration
		latest := begin
		for _, arrivals := range all.arrivals {
			for number, arrival := range arrivals[before:] {
				latencies = append(latencies, arrival.Sub(due(number)))
				if arrival.After(latest) {
					latest = arrival
				}
			}
		}
		slices.Sort(latencies)
		bench.more(name+", delivered", "events/s", float64(len(latencies))/latest.Sub(begin).Seconds())
		bench.less(name+": delivery p50", "ms", millis(load.Percentile(latencies, 50)))
		bench.less(name+": delivery p99", "ms", millis(load.Percentile(latencies, 99)))
		return nil
	})
}

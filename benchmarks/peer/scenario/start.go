package scenario

import "time"

// Start measures the way to readiness, and what the side holds when nobody asks for anything.
type Start struct{}

// Name of the scenario.
func (Start) Name() string { return "start" }

// Run waits, and looks at memory and processor.
func (Start) Run(bench *Bench) error {
	bench.less("launch until /readyz answers 200, keys made before", "s", bench.Side.Ready.Seconds())
	idle := time.Duration(bench.count(20)) * time.Second
	time.Sleep(idle)
	if _, err := bench.resident("resident memory, idle"); err != nil {
		return err
	}
	before, err := bench.Side.Usage()
	if err != nil {
		return err
	}
	time.Sleep(idle)
	after, err := bench.Side.Usage()
	if err != nil {
		return err
	}
	bench.less("processor time, idle", "% of a core", 100*(after.CPU-before.CPU).Seconds()/idle.Seconds())
	return bench.did("API servers ready", 1, 1)
}

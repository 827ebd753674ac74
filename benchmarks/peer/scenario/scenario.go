// Package scenario has what is measured. Every scenario does a fixed amount of work on a side that
// was started for it alone, and counts afterwards what was really done.
package scenario

import (
	"context"
	"fmt"
	"time"

	"bulwark.io/benchmarks/peer/load"
	"bulwark.io/benchmarks/peer/side"
)

// Scenario is one of the things that are measured.
type Scenario interface {
	Name() string
	// Run does the work and reports it to the bench.
	Run(bench *Bench) error
}

// All scenarios in the order in which they run.
func All() []Scenario {
	return []Scenario{Start{}, Verbs{}, List{}, Watch{}, Storm{}, Scheduling{}, Preemption{}}
}

// Figure is one number that was measured.
type Figure struct {
	Name  string  `json:"name"`
	Unit  string  `json:"unit"`
	Value float64 `json:"value"`
	// More says that more is better.
	More bool `json:"more,omitempty"`
	// Budget is the ratio that the design asks for; 0 for none.
	Budget float64 `json:"budget,omitempty"`
}

// Outcome is what one run of a scenario on one side gave.
type Outcome struct {
	Scenario string           `json:"scenario"`
	Side     string           `json:"side"`
	Round    int              `json:"round"`
	Figures  []Figure         `json:"figures"`
	Work     map[string]int64 `json:"work"`
	Error    string           `json:"error,omitempty"`
}

// Bench is what a scenario works with.
type Bench struct {
	context.Context
	Side    *side.Running
	Outcome *Outcome
	// Quick asks for a tenth of the work.
	Quick bool
	// Say tells whoever watches what goes on.
	Say func(format string, words ...any)
}

// count is the full amount of work, or a tenth of it.
func (b *Bench) count(full int) int {
	if b.Quick {
		return max(full/10, 1)
	}
	return full
}

// less and more report a figure of which less or more is better.
func (b *Bench) less(name, unit string, value float64) *Figure {
	return b.add(Figure{Name: name, Unit: unit, Value: value})
}

func (b *Bench) more(name, unit string, value float64) *Figure {
	return b.add(Figure{Name: name, Unit: unit, Value: value, More: true})
}

func (b *Bench) add(figure Figure) *Figure {
	b.Outcome.Figures = append(b.Outcome.Figures, figure)
	b.Say("    %-58s %12.2f %s", figure.Name, figure.Value, figure.Unit)
	return &b.Outcome.Figures[len(b.Outcome.Figures)-1]
}

func (f *Figure) budget(ratio float64) { f.Budget = ratio }

// did reports an amount of work, which must be the same on both sides, and what it should be.
func (b *Bench) did(what string, count, wanted int) error {
	b.Outcome.Work[what] = int64(count)
	if count != wanted {
		return fmt.Errorf("%s: %d instead of %d", what, count, wanted)
	}
	return nil
}

// onProcessor runs something and reports the processor time that the side's programs took for it.
func (b *Bench) onProcessor(name string, run func() error) error {
	before, err := b.Side.Usage()
	if err != nil {
		return err
	}
	if err := run(); err != nil {
		return err
	}
	after, err := b.Side.Usage()
	if err != nil {
		return err
	}
	b.less(name+": processor time", "CPU s", (after.CPU - before.CPU).Seconds())
	return nil
}

// resident reports the resident memory of the side's programs.
func (b *Bench) resident(name string) (*Figure, error) {
	use, err := b.Side.Usage()
	if err != nil {
		return nil, err
	}
	return b.less(name, "MB", float64(use.Resident)/1e6), nil
}

// namespace makes a namespace and the service account that its pods run as: no controllers do.
func (b *Bench) namespace(name string) error {
	client := b.Side.Access.Client()
	defer client.Close()
	if _, err := client.Must(b, load.Request{Method: "POST", Path: "/api/v1/namespaces",
		Body: fmt.Appendf(nil, `{"apiVersion":"v1","kind":"Namespace","metadata":{"name":%q}}`, name)}); err != nil {
		return err
	}
	_, err := client.Must(b, load.Request{Method: "POST", Path: "/api/v1/namespaces/" + name + "/serviceaccounts",
		Body: []byte(`{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default"}}`)})
	return err
}

func millis(duration time.Duration) float64 { return float64(duration.Microseconds()) / 1000 }

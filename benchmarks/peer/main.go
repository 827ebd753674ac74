// Command peer does the same work on Bulwark and on upstream's own programs, in turn, and compares.
// benchmarks/run --peer upstream builds and starts it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"bulwark.io/benchmarks/peer/report"
	"bulwark.io/benchmarks/peer/scenario"
	"bulwark.io/benchmarks/peer/side"
)

type options struct {
	checkout, output, only, sides, java, command, from string
	rounds                                             int
	quick, publish                                     bool
}

func main() {
	var o options
	flag.StringVar(&o.checkout, "checkout", ".", "checkout of Bulwark")
	flag.StringVar(&o.output, "output", "benchmarks/results", "directory for peer.md, peer.json and peer.svg")
	flag.StringVar(&o.only, "scenario", "", "scenarios to run, separated by commas (default: all)")
	flag.StringVar(&o.sides, "side", "bulwark,upstream", "sides to run; with one there is no comparison")
	flag.StringVar(&o.java, "java-options", "", "further options of Bulwark's virtual machine")
	flag.StringVar(&o.command, "command", strings.Join(os.Args, " "), "what to print as the command")
	flag.StringVar(&o.from, "from", "", "peer.json of earlier runs, separated by commas: put them together to one table and run nothing")
	flag.IntVar(&o.rounds, "rounds", 2, "pairs of runs")
	flag.BoolVar(&o.publish, "publish", false, "put the table into docs/performance.md, and JSON and chart beside it")
	flag.BoolVar(&o.quick, "quick", false, "a tenth of the work")
	flag.Parse()
	debug.SetGCPercent(400) // the generator is to leave the processors to the others
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}

func run(o options) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	checkout, err := filepath.Abs(o.checkout)
	if err != nil {
		return err
	}
	scenarios, err := chosen(o.only)
	if err != nil {
		return err
	}
	var sides []side.Side
	for name := range strings.SplitSeq(o.sides, ",") {
		switch name {
		case "bulwark":
			sides = append(sides, side.Bulwark{Checkout: checkout, Options: o.java})
		case "upstream":
			sides = append(sides, side.Upstream{Checkout: checkout})
		default:
			return fmt.Errorf("no side %q: there is bulwark and upstream", name)
		}
	}
	if err := os.MkdirAll(o.output, 0o755); err != nil {
		return err
	}
	if o.from != "" {
		table, err := report.Together(strings.Split(o.from, ","))
		if err != nil {
			return err
		}
		return finish(o, checkout, table)
	}
	table := &report.Table{When: time.Now().UTC().Format("2006-01-02 15:04 MST"), Machine: machine(), Command: o.command}
	failed := false
	for _, one := range scenarios {
		for round := range o.rounds {
			for _, which := range sides {
				outcome := try(ctx, o, one, which, round)
				if outcome.Error != "" {
					failed = true
					say("    %s", outcome.Error)
				}
				table.Runs = append(table.Runs, outcome)
				table.Compare()
				if err := write(table, o.output); err != nil {
					return err
				}
				if ctx.Err() != nil {
					return errors.New("interrupted")
				}
			}
		}
	}
	if err := finish(o, checkout, table); err != nil {
		return err
	}
	if failed {
		return errors.New("some runs failed; see above")
	}
	return nil
}

func finish(o options, checkout string, table *report.Table) error {
	fmt.Print(table.Markdown())
	err := write(table, o.output)
	if o.publish {
		err = errors.Join(err, table.Publish(filepath.Join(checkout, "docs")))
	}
	return err
}

func chosen(only string) ([]scenario.Scenario, error) {
	if only == "" {
		return scenario.All(), nil
	}
	var found []scenario.Scenario
	for name := range strings.SplitSeq(only, ",") {
		before := len(found)
		var names []string
		for _, one := range scenario.All() {
			names = append(names, one.Name())
			if one.Name() == name {
				found = append(found, one)
			}
		}
		if len(found) == before {
			return nil, fmt.Errorf("no scenario %q: there is %s", name, strings.Join(names, ", "))
		}
	}
	return found, nil
}

// try runs one scenario on one side; what goes wrong is part of the outcome, so that the rest goes on.
func try(ctx context.Context, o options, one scenario.Scenario, which side.Side, round int) scenario.Outcome {
	say("%s: %s, round %d of %d", one.Name(), which.Name(), round+1, o.rounds)
	outcome := scenario.Outcome{Scenario: one.Name(), Side: which.Name(), Round: round, Work: map[string]int64{}}
	directory, err := os.MkdirTemp("", "bulwark-peer-")
	if err != nil {
		outcome.Error = err.Error()
		return outcome
	}
	defer os.RemoveAll(directory)
	running, err := which.Start(filepath.Join(directory, "side"))
	if err != nil {
		outcome.Error = err.Error()
		return outcome
	}
	bench := &scenario.Bench{Context: ctx, Side: running, Outcome: &outcome, Quick: o.quick, Say: say}
	err = errors.Join(one.Run(bench), running.Stop())
	if err != nil {
		outcome.Error = err.Error()
	}
	debug.FreeOSMemory()
	return outcome
}

func write(table *report.Table, output string) error {
	return errors.Join(
		os.WriteFile(filepath.Join(output, "peer.md"), []byte(table.Markdown()), 0o644),
		table.WriteJSON(filepath.Join(output, "peer.json")),
		table.WriteChart(filepath.Join(output, "peer.svg")))
}

func say(format string, words ...any) { fmt.Fprintf(os.Stderr, format+"\n", words...) }

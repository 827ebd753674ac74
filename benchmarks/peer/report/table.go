// Package report turns what was measured into a table of ratios: text, JSON, and a chart.
package report

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strings"

	"bulwark.io/benchmarks/peer/scenario"
)

// The sides by the names that they report under.
const (
	ours   = "bulwark"
	theirs = "upstream"
)

// Row compares one figure.
type Row struct {
	Scenario string  `json:"scenario"`
	Name     string  `json:"name"`
	Unit     string  `json:"unit"`
	More     bool    `json:"more,omitempty"`
	Budget   float64 `json:"budget,omitempty"`
	// Ours and Theirs are the values by round.
	Ours   []float64 `json:"bulwark"`
	Theirs []float64 `json:"upstream"`
	// Ratios by pair of runs, above 1 where Bulwark is better; none unless both did the same work.
	Ratios []float64 `json:"ratios,omitempty"`
}

// Table is everything.
type Table struct {
	When    string             `json:"when"`
	Machine string             `json:"machine"`
	Command string             `json:"command"`
	Rows    []Row              `json:"rows"`
	Refused []string           `json:"refused,omitempty"`
	Runs    []scenario.Outcome `json:"runs"`
}

// Compare makes the rows in the order in which the figures were measured.
func (t *Table) Compare() {
	type key struct{ scenario, name string }
	places := map[key]int{}
	var rounds int
	for _, run := range t.Runs {
		rounds = max(rounds, run.Round+1)
	}
	t.Rows, t.Refused = nil, nil
	for _, run := range t.Runs {
		for _, figure := range run.Figures {
			place, found := places[key{run.Scenario, figure.Name}]
			if !found {
				place = len(t.Rows)
				places[key{run.Scenario, figure.Name}] = place
				t.Rows = append(t.Rows, Row{Scenario: run.Scenario, Name: figure.Name, Unit: figure.Unit,
					More: figure.More, Budget: figure.Budget, Ours: missing(rounds), Theirs: missing(rounds)})
			}
			values := t.Rows[place].Ours
			if run.Side == theirs {
				values = t.Rows[place].Theirs
			}
			values[run.Round] = figure.Value
		}
	}
	same := t.sameWork()
	for i := range t.Rows {
		row := &t.Rows[i]
		for round := range rounds {
			mine, other := row.Ours[round], row.Theirs[round]
			if !same[row.Scenario] || math.IsNaN(mine) || math.IsNaN(other) {
				continue
			}
			if !row.More {
				mine, other = other, mine
			}
			if other > 0 && mine > 0 {
				row.Ratios = append(row.Ratios, mine/other)
			}
		}
		slices.Sort(row.Ratios)
		row.Ours, row.Theirs = present(row.Ours), present(row.Theirs)
	}
}

// sameWork says in which scenarios every run of both sides did the same, and notes where not.
func (t *Table) sameWork() map[string]bool {
	same := map[string]bool{}
	first := map[string]scenario.Outcome{}
	for _, run := range t.Runs {
		if _, found := same[run.Scenario]; !found {
			same[run.Scenario], first[run.Scenario] = true, run
		}
		reason := run.Error
		if reason == "" && !maps.Equal(run.Work, first[run.Scenario].Work) {
			reason = "it did other work than the first run of this scenario"
		}
		if reason != "" {
			same[run.Scenario] = false
			t.Refused = append(t.Refused, fmt.Sprintf("%s, %s, round %d: %s", run.Scenario, run.Side, run.Round+1, reason))
		}
	}
	return same
}

func missing(rounds int) []float64 {
	values := make([]float64, rounds)
	for i := range values {
		values[i] = math.NaN()
	}
	return values
}

func present(values []float64) []float64 {
	return slices.DeleteFunc(values, math.IsNaN)
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 0 {
		return (sorted[middle-1] + sorted[middle]) / 2
	}
	return sorted[middle]
}

// WriteJSON writes everything that was measured.
func (t *Table) WriteJSON(file string) error {
	content, err := json.MarshalIndent(t, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(content, '\n'), 0o644)
}

// Markdown is the table as text.
func (t *Table) Markdown() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s. Machine: %s. Command: `%s`.\n", t.When, t.Machine, t.Command)
	last := ""
	for _, row := range t.Rows {
		if row.Scenario != last {
			last = row.Scenario
			fmt.Fprintf(&text, "\n### %s\n\n| What | Unit | Bulwark | upstream | Ratio: median (min to max) | Budget |\n|---|---|---:|---:|---:|---:|\n", last)
		}
		fmt.Fprintf(&text, "| %s | %s | %s | %s | %s | %s |\n",
			row.Name, row.Unit, number(median(row.Ours)), number(median(row.Theirs)), row.ratio(), row.verdict())
	}
	if len(t.Refused) > 0 {
		text.WriteString("\nNo ratio, because the work was not the same:\n\n")
		for _, reason := range t.Refused {
			fmt.Fprintf(&text, "- %s\n", reason)
		}
	}
	return text.String()
}

func (r Row) ratio() string {
	switch len(r.Ratios) {
	case 0:
		return "-"
	case 1:
		return fmt.Sprintf("%.2f", r.Ratios[0])
	}
	return fmt.Sprintf("%.2f (%.2f to %.2f)", median(r.Ratios), r.Ratios[0], r.Ratios[len(r.Ratios)-1])
}

func (r Row) verdict() string {
	switch {
	case r.Budget == 0:
		return ""
	case len(r.Ratios) == 0:
		return fmt.Sprintf("%g", r.Budget)
	case median(r.Ratios) >= r.Budget:
		return fmt.Sprintf("%g, kept", r.Budget)
	}
	return fmt.Sprintf("**%g, missed**", r.Budget)
}

func number(value float64) string {
	switch {
	case math.IsNaN(value):
		return "-"
	case value >= 100:
		return fmt.Sprintf("%.0f", value)
	case value >= 10:
		return fmt.Sprintf("%.1f", value)
	}
	return fmt.Sprintf("%.2f", value)
}

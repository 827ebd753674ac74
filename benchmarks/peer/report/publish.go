package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bulwark.io/benchmarks/peer/scenario"
)

const (
	beginMark = "<!-- peer: written by benchmarks/run --peer upstream --publish -->"
	endMark   = "<!-- peer: end -->"
)

// Publish replaces the table in performance.md, and writes JSON and chart beside it.
func (t *Table) Publish(docs string) error {
	file := filepath.Join(docs, "performance.md")
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(content), beginMark)
	_, after, ended := strings.Cut(rest, endMark)
	if !found || !ended {
		return fmt.Errorf("%s has no place for the table: a line %q and a line %q", file, beginMark, endMark)
	}
	table := beginMark + "\n" + t.Markdown() + endMark
	return errors.Join(
		os.WriteFile(file, []byte(before+table+after), 0o644),
		t.WriteJSON(filepath.Join(docs, "performance-peer.json")),
		t.WriteChart(filepath.Join(docs, "performance-peer.svg")))
}

// Together reads tables of earlier runs and makes one of them; of a scenario that is in several, the
// last one counts.
func Together(files []string) (*Table, error) {
	all := &Table{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var one Table
		if err := json.Unmarshal(content, &one); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		again := map[string]bool{}
		for _, run := range one.Runs {
			again[run.Scenario] = true
		}
		all.Runs = slices.DeleteFunc(all.Runs, func(run scenario.Outcome) bool { return again[run.Scenario] })
		all.Runs = append(all.Runs, one.Runs...)
		all.When, all.Machine = joined(all.When, one.When), joined(all.Machine, one.Machine)
		all.Command = joined(all.Command, one.Command)
	}
	all.Compare()
	return all, nil
}

func joined(before, more string) string {
	if before == "" || before == more {
		return more
	}
	return before + "; " + more
}

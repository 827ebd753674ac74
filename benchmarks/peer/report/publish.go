package report

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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

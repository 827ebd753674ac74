package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"bulwark.io/conformance/internal/results"
	"bulwark.io/conformance/internal/suite"
)

// record is what is known about the tests: before the run, and as it goes on.
type record struct {
	judged, suite string
	directory     string // of the results
	prefix        string // of the files' names, when it is not Bulwark that is judged
	page          string
	logs          string
	all           []suite.Spec
	selected      []suite.Spec
	latest        map[string]results.Result
	ran           map[string]results.Result
	journal       *results.Journal
	resumed       int
}

func open(module, judged, version string, options options, all []suite.Spec) (*record, error) {
	r := &record{
		judged:    judged,
		suite:     version,
		directory: filepath.Join(module, "results"),
		page:      filepath.Join(filepath.Dir(module), "docs", "conformance.md"),
		all:       all,
		ran:       make(map[string]results.Result),
	}
	if options.upstream {
		r.prefix, r.page = "upstream-", ""
	}
	r.logs = filepath.Join(r.directory, r.prefix+"logs")
	if err := os.MkdirAll(r.logs, 0o755); err != nil {
		return nil, err
	}
	var err error
	if r.latest, err = results.Read(r.file("latest.tsv")); err != nil {
		return nil, err
	}
	if options.resume {
		if r.journal, r.ran, err = results.Continue(r.file("run.tsv"), judged); err != nil {
			return nil, err
		}
		r.resumed = len(r.ran)
		maps.Copy(r.latest, r.ran) // a run that was killed has not written them
	}
	r.selected = selection(all, options, r.latest, r.ran)
	if len(r.selected)+r.resumed == 0 && !options.failed && !options.list {
		return nil, errors.New("no conformance test is called that; --list shows their names")
	}
	if r.journal == nil && !options.list {
		if r.journal, err = results.Begin(r.file("run.tsv"), judged); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// selection is what the options ask for, without what already ran.
func selection(all []suite.Spec, options options, latest, ran map[string]results.Result) []suite.Spec {
	var selected []suite.Spec
	for _, spec := range all {
		if _, done := ran[spec.Name]; done {
			continue
		}
		if options.sig != "" && spec.SIG != strings.TrimPrefix(options.sig, "sig-") {
			continue
		}
		if options.tests != nil && !options.tests[spec.Name] {
			continue
		}
		if options.focus != nil && !options.focus.MatchString(spec.Name) {
			continue
		}
		if options.failed && latest[spec.Name].State != results.Failed {
			continue
		}
		selected = append(selected, spec)
	}
	return selected
}

func (r *record) file(name string) string { return filepath.Join(r.directory, r.prefix+name) }

func (r *record) add(result results.Result) {
	result.Build = r.judged
	r.ran[result.Name] = result
	r.latest[result.Name] = result
	if err := r.journal.Add(result); err != nil {
		say("note: %v", err)
	}
	log := filepath.Join(r.logs, results.LogName(result.Name))
	_ = os.Remove(log)
	if result.Log != "" {
		if err := os.WriteFile(log, []byte(result.Log), 0o644); err != nil {
			say("note: %v", err)
		}
	}
	reason := ""
	if result.State != results.Passed {
		reason = " -- " + results.Reason(result.Message)
	}
	fmt.Printf("%3d/%d %-7s %6.1fs %s%s\n", len(r.ran), len(r.selected)+r.resumed, result.State, result.Seconds, result.Name, reason)
}

func (r *record) list() error {
	for _, spec := range r.selected {
		state := r.latest[spec.Name].State
		if state == "" {
			state = results.NotRun
		}
		fmt.Printf("%-7s %s\n", state, spec.Name)
	}
	fmt.Printf("%d tests\n", len(r.selected))
	return nil
}

// whole is the run with the part before a cut; what was selected and has no result was not run.
func (r *record) whole() map[string]results.Result {
	whole := maps.Clone(r.ran)
	for _, spec := range r.selected {
		if _, ok := whole[spec.Name]; !ok {
			whole[spec.Name] = results.Result{Name: spec.Name, SIG: spec.SIG, State: results.NotRun}
		}
	}
	return whole
}

func (r *record) passed() bool {
	for _, result := range r.whole() {
		if result.State != results.Passed && result.State != results.Skipped {
			return false
		}
	}
	return true
}

// finish writes what a run leaves and prints the table of this run.
func (r *record) finish() error {
	known := make(map[string]results.Result, len(r.all))
	for _, spec := range r.all {
		result, ok := r.latest[spec.Name]
		if !ok {
			result = results.Result{Name: spec.Name, SIG: spec.SIG, State: results.NotRun}
		}
		known[spec.Name] = result
	}
	now := r.whole()
	if err := results.Write(r.file("latest.tsv"), known); err != nil {
		return err
	}
	if err := results.WriteJUnit(r.file("junit.xml"), "conformance "+r.judged, now); err != nil {
		return err
	}
	fmt.Printf("\nThis run, %s:\n\n%s", r.judged, results.Table(now))
	for _, cause := range results.Causes(now)[:min(10, len(results.Causes(now)))] {
		fmt.Printf("%4d  %s\n", len(cause.Tests), cause.Text)
	}
	if len(now) < len(known) {
		fmt.Printf("\nThe last result of every test:\n\n%s", results.Table(known))
	}
	if r.page == "" {
		return nil
	}
	return results.Publish(r.page, r.judged, r.suite, time.Now(), known)
}

func (r *record) close() {
	if r.journal != nil {
		_ = r.journal.Close()
	}
}

// identity names the product's sources: the last commit that changed them, and a mark of what is
// changed but not committed. A change to documentation does not make another build.
func identity(repository, version string, upstream bool) (string, error) {
	if upstream {
		return "upstream-" + version, nil
	}
	product := []string{"bulwark", "pom.xml", "schemas", "api", "client", "cluster", "cli"}
	git := func(words ...string) (string, error) {
		command := exec.Command("git", append(append([]string{"-C", repository}, words...), append([]string{"--"}, product...)...)...)
		output, err := command.Output()
		if err != nil {
			return "", fmt.Errorf("git %s: %w", words[0], err)
		}
		return string(output), nil
	}
	commit, err := git("log", "-1", "--format=%h", "--abbrev=10")
	if err != nil {
		return "", err
	}
	changes, err := git("diff", "HEAD")
	if err != nil {
		return "", err
	}
	name := strings.TrimSpace(commit)
	if changes != "" {
		sum := sha256.Sum256([]byte(changes))
		name += "+" + hex.EncodeToString(sum[:3])
	}
	return name, nil
}

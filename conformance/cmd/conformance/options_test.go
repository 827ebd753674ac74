package main

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"bulwark.io/conformance/internal/results"
	"bulwark.io/conformance/internal/suite"
)

func TestOptionsThatMakeNoSenseAreRefused(t *testing.T) {
	for words, want := range map[string]string{
		"--parallel 0":  "--parallel takes",
		"--timeout 3s":  "--timeout takes",
		"--focus [":     "--focus:",
		"everything":    `what is "everything"?`,
		"--unknown":     "see --help",
		"--timeout abc": "see --help",
	} {
		if _, err := parse(strings.Fields(words), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s gives %v", words, err)
		}
	}
	var help bytes.Buffer
	if _, err := parse([]string{"--help"}, &help); !errors.Is(err, errHelp) || !strings.Contains(help.String(), "--failed") {
		t.Errorf("help gives %v: %s", err, help.String())
	}
	options, err := parse(nil, nil)
	if err != nil || options.parallel != 6 || options.timeout != 3*time.Hour {
		t.Errorf("defaults: %+v, %v", options, err)
	}
}

func TestTheSelectionLeavesOutWhatRan(t *testing.T) {
	all := []suite.Spec{{Name: "[sig-apps] a", SIG: "apps"}, {Name: "[sig-node] b", SIG: "node"}, {Name: "[sig-node] c", SIG: "node"}}
	latest := map[string]results.Result{"[sig-node] b": {State: results.Failed}, "[sig-node] c": {State: results.Passed}}
	names := func(options options, ran map[string]results.Result) string {
		var text []string
		for _, spec := range selection(all, options, latest, ran) {
			text = append(text, spec.Name[len(spec.Name)-1:])
		}
		return strings.Join(text, "")
	}
	if got := names(options{}, nil); got != "abc" {
		t.Errorf("everything: %s", got)
	}
	if got := names(options{sig: "sig-node"}, nil); got != "bc" {
		t.Errorf("by SIG: %s", got)
	}
	if got := names(options{failed: true}, nil); got != "b" {
		t.Errorf("what failed: %s", got)
	}
	if got := names(options{focus: regexp.MustCompile("[ac]$")}, nil); got != "ac" {
		t.Errorf("by name: %s", got)
	}
	if got := names(options{}, map[string]results.Result{"[sig-apps] a": {State: results.Failed}}); got != "bc" {
		t.Errorf("after a cut: %s", got)
	}
}

func TestAResumedRunKeepsWhatAKilledOneFound(t *testing.T) {
	module := t.TempDir()
	all := []suite.Spec{{Name: "[sig-apps] a", SIG: "apps"}, {Name: "[sig-apps] b", SIG: "apps"}}
	killed, err := open(module, "v1", "v1.36.3", options{}, all)
	if err != nil {
		t.Fatal(err)
	}
	killed.add(results.Result{Name: "[sig-apps] a", SIG: "apps", State: results.Failed})
	killed.close() // and never finished
	resumed, err := open(module, "v1", "v1.36.3", options{resume: true}, all)
	if err != nil {
		t.Fatal(err)
	}
	defer resumed.close()
	if len(resumed.selected) != 1 || resumed.selected[0].Name != "[sig-apps] b" {
		t.Errorf("left to run: %+v", resumed.selected)
	}
	resumed.add(results.Result{Name: "[sig-apps] b", SIG: "apps", State: results.Passed})
	if resumed.passed() {
		t.Error("the failure before the cut is forgotten")
	}
	resumed.page = ""
	if err := resumed.finish(); err != nil {
		t.Fatal(err)
	}
	latest, err := results.Read(resumed.file("latest.tsv"))
	if err != nil || latest["[sig-apps] a"].State != results.Failed || latest["[sig-apps] b"].State != results.Passed {
		t.Errorf("after all: %+v, %v", latest, err)
	}
}

func TestANameThatNoTestHasIsAnError(t *testing.T) {
	all := []suite.Spec{{Name: "[sig-apps] a", SIG: "apps"}}
	if _, err := open(t.TempDir(), "v1", "v1.36.3", options{focus: regexp.MustCompile("typo")}, all); err == nil {
		t.Error("a run of nothing looks like success")
	}
}

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

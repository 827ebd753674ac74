// Command differential sends the same requests to upstream's API server and to Bulwark's and says what
// differs in the answers.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"bulwark.io/conformance/internal/build"
	"bulwark.io/conformance/internal/differential"
	"bulwark.io/conformance/internal/upstream"
)

var errDifferent = errors.New("the servers differ")

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "differential:", err)
		os.Exit(1)
	}
}

func run() (result error) {
	checkout := flag.String("checkout", ".", "directory of the repository")
	directory := flag.String("dir", "", "where both keep their files (default: a temporary directory)")
	only := flag.String("only", "", "run the cases whose name matches")
	list := flag.Bool("list", false, "list the cases")
	most := flag.Int("most", 20, "differences of one request that are shown")
	whole := flag.Bool("whole", false, "show whole answers where something differs")
	flag.Parse()
	place := filepath.Join(*checkout, "conformance", "differential")
	cases, err := differential.Load(place)
	if err != nil {
		return err
	}
	if cases, err = matching(cases, *only); err != nil {
		return err
	}
	if *list {
		for _, each := range cases {
			fmt.Printf("%-60s %d\n", each.Name, len(each.Steps))
		}
		return nil
	}
	known, err := differential.ReadKnown(filepath.Join(place, "known.yaml"))
	if err != nil {
		return err
	}
	if *directory == "" {
		if *directory, err = os.MkdirTemp("", "differential-"); err != nil {
			return err
		}
		defer func() { result = errors.Join(result, os.RemoveAll(*directory)) }()
	}
	original, stopOriginal, err := startOriginal(*checkout, filepath.Join(*directory, "original"))
	if err != nil {
		return err
	}
	defer stopOriginal()
	kubeconfig, stopOurs, err := differential.StartOurs(*checkout, filepath.Join(*directory, "ours"))
	if err != nil {
		return err
	}
	defer stopOurs()
	ours, err := differential.Reach("bulwark", kubeconfig)
	if err != nil {
		return err
	}
	if err := errors.Join(original.Look(), ours.Look()); err != nil {
		return err
	}
	compared := &differential.Run{Original: original, Ours: ours, Known: known, Into: os.Stdout, Most: *most, Whole: *whole}
	tally, err := compared.All(cases)
	if err != nil {
		return err
	}
	if *only == "" {
		for _, where := range compared.Unmet() {
			fmt.Printf("known, but not seen: %s\n", where)
		}
	}
	fmt.Printf("%d cases, %d requests, %d answered alike; %d differences, %d more that are known\n",
		tally.Cases, tally.Steps, tally.Agreeing, tally.Differences, tally.Expected)
	if tally.Differences > 0 {
		return errDifferent
	}
	return nil
}

func matching(cases []differential.Case, only string) ([]differential.Case, error) {
	pattern, err := regexp.Compile(only)
	if err != nil {
		return nil, err
	}
	var chosen []differential.Case
	for _, each := range cases {
		if pattern.MatchString(each.Name) {
			chosen = append(chosen, each)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("no case matches %q", only)
	}
	return chosen, nil
}

func startOriginal(checkout, directory string) (*differential.Server, func(), error) {
	module, err := filepath.Abs(filepath.Join(checkout, "conformance"))
	if err != nil {
		return nil, nil, err
	}
	say := func(format string, words ...any) { fmt.Fprintf(os.Stderr, format+"\n", words...) }
	toolchain := build.Toolchain{Module: module, Cache: filepath.Join(module, "..", ".tools", "conformance"), Say: say}
	options := upstream.Options{Directory: directory, Components: []string{upstream.Etcd, upstream.APIServer}}
	if options.Programs, err = upstream.Provide(context.Background(), toolchain, options); err != nil {
		return nil, nil, err
	}
	stop := func() {
		if err := upstream.Down(directory); err != nil {
			say("ending the original: %v", err)
		}
	}
	state, err := upstream.Up(options)
	if err != nil {
		stop()
		return nil, nil, err
	}
	server, err := differential.Reach("upstream", state.Kubeconfig)
	if err != nil {
		stop()
		return nil, nil, err
	}
	return server, stop, nil
}

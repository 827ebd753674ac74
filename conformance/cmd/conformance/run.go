package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"bulwark.io/conformance/internal/build"
	"bulwark.io/conformance/internal/cluster"
	"bulwark.io/conformance/internal/images"
	"bulwark.io/conformance/internal/results"
	"bulwark.io/conformance/internal/suite"
)

func say(format string, words ...any) {
	fmt.Fprintf(os.Stderr, "%s  %s\n", time.Now().Format(time.TimeOnly), fmt.Sprintf(format, words...))
}

// run returns whether everything that was selected passed or was skipped by itself.
func run(ctx context.Context, options options) (bool, error) {
	module := os.Getenv("BULWARK_CONFORMANCE_MODULE")
	if module == "" {
		return false, errors.New("start me with conformance/run")
	}
	repository := filepath.Dir(module)
	toolchain := build.Toolchain{Module: module, Cache: filepath.Join(repository, ".tools", "conformance"), Say: say}
	programs, err := toolchain.Directory()
	if err != nil {
		return false, err
	}
	if !options.list {
		if os.Geteuid() != 0 {
			return false, errors.New("nodes with real containers need root: sudo conformance/run")
		}
		unlock, err := alone(options)
		if err != nil {
			return false, err
		}
		defer unlock()
	}
	subject := choose(options, toolchain, programs)
	if options.down {
		return true, subject.Down()
	}
	needed := build.Suite
	if options.list {
		needed = needed[:1]
	}
	if _, err := toolchain.Make(ctx, needed); err != nil {
		return false, err
	}
	kitchen := images.Kitchen{Toolchain: toolchain, Say: say, Product: func(ctx context.Context, into string) (string, error) {
		return cluster.CopyProduct(ctx, repository, into)
	}}
	if options.prepare {
		_, err := kitchen.Make(ctx)
		return true, err
	}
	all, err := suite.List(ctx, filepath.Join(programs, "e2e.test"))
	if err != nil {
		return false, err
	}
	version, err := toolchain.Version()
	if err != nil {
		return false, err
	}
	judged, err := identity(repository, version, options.upstream)
	if err != nil {
		return false, err
	}
	record, err := open(module, judged, version, options, all)
	if err != nil {
		return false, err
	}
	if options.list {
		return true, record.list()
	}
	defer record.close()
	if len(record.selected) == 0 {
		say("nothing left to run; see conformance/results/latest.tsv")
		return record.passed(), record.finish()
	}
	archives, err := kitchen.Make(ctx)
	if err != nil {
		return false, err
	}
	if err := subject.Down(); err != nil {
		say("note: clearing what an earlier run left: %v", err)
	}
	running, err := subject.Up(ctx, archives)
	if !options.keep {
		defer func() {
			if err := subject.Down(); err != nil {
				say("note: stopping the cluster: %v", err)
			}
		}()
	}
	if err != nil {
		return false, err
	}
	say("%d tests against %s, nodes %s", len(record.selected), running.Version, strings.Join(running.Nodes, " and "))
	limited, cancel := context.WithTimeout(ctx, options.timeout)
	defer cancel()
	err = suite.Run(limited, suite.Options{
		Program:    filepath.Join(programs, "e2e.test"),
		Kubectl:    filepath.Join(programs, "kubectl"),
		Kubeconfig: running.Kubeconfig,
		Processes:  min(options.parallel, len(record.selected)),
		Logs:       record.logs,
		Limit:      options.timeout,
		Preparing:  func(failure string) { say("the suite's own set-up failed: %s", results.Reason(failure)) },
	}, record.selected, record.add)
	if err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		say("note: %v", err)
	}
	if ctx.Err() == nil && limited.Err() != nil {
		say("cut off after %s, as --timeout says; --resume goes on", options.timeout)
	} else if ctx.Err() != nil {
		say("interrupted; --resume goes on")
	}
	if options.keep {
		say("the cluster stays up: KUBECONFIG=%s; stop it with conformance/run --down", running.Kubeconfig)
	}
	return record.passed(), record.finish()
}

func choose(options options, toolchain build.Toolchain, programs string) cluster.Cluster {
	if options.upstream {
		return cluster.Upstream{Toolchain: toolchain, Directory: options.dir}
	}
	return cluster.Bulwark{
		Repository: filepath.Dir(toolchain.Module),
		Directory:  options.dir,
		Kubectl:    filepath.Join(programs, "kubectl"),
		Say:        say,
	}
}

// alone holds the machine against a second run: networks would get the same names.
func alone(options options) (func(), error) {
	if err := os.MkdirAll(options.dir, 0o755); err != nil {
		return nil, err
	}
	if options.prepare {
		return func() {}, nil
	}
	name := "/run/bulwark-conformance.lock"
	if options.upstream {
		name = filepath.Join(options.dir, "upstream.lock")
	}
	file, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.New("another run is under way on this machine; wait for it")
	}
	return func() { _ = file.Close() }, nil
}

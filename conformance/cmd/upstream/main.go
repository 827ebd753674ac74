// Command upstream starts and ends a cluster of upstream's own programs.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"bulwark.io/conformance/internal/build"
	"bulwark.io/conformance/internal/upstream"
)

const usage = `Usage:
  upstream up --dir D [options]   start a cluster; prints the path of its kubeconfig when it is ready
  upstream down --dir D           end it and remove what it made on the machine (logs and data stay)
  upstream state --dir D          what runs: process ids, addresses, milliseconds to readiness, as JSON
`

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "upstream:", err)
		os.Exit(1)
	}
}

func run(words []string) error {
	if len(words) == 0 {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	flags := flag.NewFlagSet(words[0], flag.ExitOnError)
	directory := flags.String("dir", "", "directory of the cluster")
	switch words[0] {
	case "up":
		return up(flags, directory, words[1:])
	case "down":
		_ = flags.Parse(words[1:])
		return upstream.Down(*directory)
	case "state":
		_ = flags.Parse(words[1:])
		return printState(*directory)
	}
	return fmt.Errorf("unknown command %q\n%s", words[0], usage)
}

func up(flags *flag.FlagSet, directory *string, words []string) error {
	alone := flags.Bool("control-plane-only", false, "etcd, kube-apiserver and kube-scheduler on 127.0.0.1, no nodes")
	components := flags.String("components", "", "what runs of etcd,kube-apiserver,kube-controller-manager,kube-scheduler")
	port := flags.Int("port", 0, "of the API server; 0 for a free one (6443 with nodes)")
	audit := flags.Bool("audit", false, "write an audit log, as Bulwark does by default")
	nodes := flags.Int("nodes", 2, "how many nodes, each in a network namespace with a containerd of its own")
	module := flags.String("module", ".", "directory of the Go module that builds the programs")
	arguments := map[string][]string{}
	flags.Func("argument", "COMPONENT:FLAG, one more flag for a program; may be repeated", func(value string) error {
		component, argument, found := strings.Cut(value, ":")
		if !found {
			return errors.New("it has the form kube-apiserver:--flag=value")
		}
		arguments[component] = append(arguments[component], argument)
		return nil
	})
	_ = flags.Parse(words)
	options := upstream.Options{Directory: *directory, Port: *port, Audit: *audit,
		Nodes: *nodes, Arguments: arguments}
	if *alone {
		options.Nodes = 0
		options.Components = []string{upstream.Etcd, upstream.APIServer, upstream.Scheduler}
	}
	if *components != "" {
		options.Components = strings.Split(*components, ",")
	}
	place, err := filepath.Abs(*module)
	if err != nil {
		return err
	}
	toolchain := build.Toolchain{Module: place, Cache: filepath.Join(place, "..", ".tools", "conformance"), Say: say}
	if options.Programs, err = upstream.Provide(context.Background(), toolchain, options); err != nil {
		return err
	}
	state, err := upstream.Up(options)
	if err != nil {
		return errors.Join(err, upstream.Down(*directory))
	}
	fmt.Println(state.Kubeconfig)
	return nil
}

func say(format string, words ...any) { fmt.Fprintf(os.Stderr, format+"\n", words...) }

func printState(directory string) error {
	state, err := upstream.Read(directory)
	if err != nil {
		return err
	}
	printer := json.NewEncoder(os.Stdout)
	printer.SetIndent("", "  ")
	return printer.Encode(state)
}

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"
)

type options struct {
	focus    *regexp.Regexp
	sig      string
	tests    map[string]bool // by name; nil for all
	failed   bool
	resume   bool
	list     bool
	parallel int
	keep     bool
	timeout  time.Duration
	upstream bool
	dir      string
	down     bool
	prepare  bool
}

var errHelp = errors.New("help was asked for")

const usage = `Usage: conformance/run [OPTION]...

Runs upstream's [Conformance] tests against a two-node cluster of this checkout: builds upstream's
programs and the tests' images (once), starts the cluster in two network namespaces, runs the
selected tests, prints one line a test as it ends and a table at the end, stops the cluster.
Needs root, Go, the Debian packages that ./bulwark up names, and a Go module proxy the first time.

What runs (all conformance tests, if nothing is said):
  --focus REGEX   only tests whose name matches
  --tests FILE    only tests that the file names, one a line, such as conformance/sample.txt
  --sig NAME      only tests of this SIG: api-machinery, apps, auth, cli, network, node, ...
  --failed        only what failed the last time
  --resume        go on with a run that was cut off: what has a result for this very build is left out
  --list          print the selected tests and what became of them last; start nothing

How:
  --parallel N    tests at a time, default 6; serial tests follow alone
  --timeout TIME  bound of the whole run, such as 90m (the default: 3h); what did not run is "not-run"
  --prepare       build programs and images, start nothing
  --keep          leave the cluster up, and say how to reach it; the next run replaces it
  --down          stop the cluster that --keep left, nothing else
  --upstream      judge upstream's own cluster instead; its results go to results/upstream*
  --dir DIR       where the cluster lives, default /var/tmp/bulwark-conformance

What it leaves:
  conformance/results/latest.tsv    one line a test: the last result of each, with the build judged
  conformance/results/run.tsv       the same of this run alone, written as the tests end
  conformance/results/junit.xml     for build servers
  conformance/results/logs/         one file for each failure, and what the processes printed
  docs/conformance.md               the table by SIG, and the most frequent causes of failure

Ends with 0 if no test failed, 1 if one did or was not run, 2 if the run itself could not be made.
`

func parse(arguments []string, output io.Writer) (options, error) {
	var result options
	var focus, tests string
	flags := flag.NewFlagSet("conformance/run", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&focus, "focus", "", "")
	flags.StringVar(&result.sig, "sig", "", "")
	flags.StringVar(&tests, "tests", "", "")
	flags.BoolVar(&result.failed, "failed", false, "")
	flags.BoolVar(&result.resume, "resume", false, "")
	flags.BoolVar(&result.list, "list", false, "")
	flags.IntVar(&result.parallel, "parallel", 6, "")
	flags.BoolVar(&result.keep, "keep", false, "")
	flags.BoolVar(&result.prepare, "prepare", false, "")
	flags.BoolVar(&result.down, "down", false, "")
	flags.DurationVar(&result.timeout, "timeout", 3*time.Hour, "")
	flags.BoolVar(&result.upstream, "upstream", false, "")
	flags.StringVar(&result.dir, "dir", "/var/tmp/bulwark-conformance", "")
	err := flags.Parse(arguments)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(output, usage)
		return result, errHelp
	}
	if err != nil {
		return result, fmt.Errorf("%w; see --help", err)
	}
	if flags.NArg() > 0 {
		return result, fmt.Errorf("what is %q? See --help", flags.Arg(0))
	}
	if result.parallel < 1 || result.parallel > 64 {
		return result, fmt.Errorf("--parallel takes a number from 1 to 64")
	}
	if result.timeout < time.Minute {
		return result, fmt.Errorf("--timeout takes a time of at least a minute, such as 90m")
	}
	if result.tests, err = readTests(tests); err != nil {
		return result, fmt.Errorf("--tests: %w", err)
	}
	result.focus, err = regexp.Compile(focus)
	if err != nil {
		return result, fmt.Errorf("--focus: %w", err)
	}
	return result, nil
}

// readTests reads names, one a line; lines that begin with # are for readers.
func readTests(file string) (map[string]bool, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	names := make(map[string]bool)
	for line := range strings.Lines(string(text)) {
		if name := strings.TrimSpace(line); name != "" && !strings.HasPrefix(name, "#") {
			names[name] = true
		}
	}
	return names, nil
}

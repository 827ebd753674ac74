// Command compare runs kubectl on upstream's own cluster and on Bulwark and prints what differs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"bulwark.io/conformance/internal/build"
	"bulwark.io/conformance/internal/compare"
	"bulwark.io/conformance/internal/upstream"
)

const usage = `Usage: conformance/kubectl/compare [OPTION]... [SCRIPT]...

Runs the commands of conformance/kubectl/commands/*.txt with one kubectl on a cluster of upstream's own
programs and on a Bulwark of this checkout, each with one node that runs containers, and prints where
standard output, standard error or the exit code differ. Times, addresses, random names and versions
count as equal. SCRIPT is a regular expression on the names of the files; none means all.
Needs root, Go and the images that conformance/run --prepare makes.

  --kubectl FILE    the kubectl that asks both; default: upstream's of the version in conformance/go.mod
  --original FILE   kubeconfig of an original that runs already, such as conformance/cmd/upstream starts
  --ours FILE       kubeconfig of a Bulwark that runs already
  --dir DIR         for the clusters and all that was printed; default /var/tmp/bulwark-compare
  --port PORT       of the Bulwark that is started; default 16443
  --verbose         prints the differences that are listed with a reason too

In what is printed, - is the original and + is ours. Ends with 0 if nothing differs but what is listed
with a reason, 1 if something does, 2 if the run itself could not be made.
`

type options struct {
	kubectl, original, ours, directory, port string
	verbose                                  bool
	scripts                                  *regexp.Regexp
}

func main() {
	var chosen options
	flags := flag.NewFlagSet("compare", flag.ExitOnError)
	flags.Usage = func() { fmt.Fprint(os.Stderr, usage) }
	flags.StringVar(&chosen.kubectl, "kubectl", "", "")
	flags.StringVar(&chosen.original, "original", "", "")
	flags.StringVar(&chosen.ours, "ours", "", "")
	flags.StringVar(&chosen.directory, "dir", "/var/tmp/bulwark-compare", "")
	flags.StringVar(&chosen.port, "port", "16443", "")
	flags.BoolVar(&chosen.verbose, "verbose", false, "")
	_ = flags.Parse(os.Args[1:])
	pattern, err := regexp.Compile(strings.Join(flags.Args(), "|"))
	chosen.scripts = pattern
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	passed := false
	if err == nil {
		passed, err = run(ctx, chosen)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(2)
	}
	if !passed {
		os.Exit(1)
	}
}

func say(format string, words ...any) { fmt.Fprintf(os.Stderr, format+"\n", words...) }

func run(ctx context.Context, chosen options) (passed bool, err error) {
	module, err := filepath.Abs(os.Getenv("BULWARK_CONFORMANCE_MODULE"))
	if err != nil {
		return false, err
	}
	if err := os.MkdirAll(chosen.directory, 0o755); err != nil {
		return false, err
	}
	scripts, err := compare.Read(filepath.Join(module, "kubectl", "commands"), chosen.scripts)
	if err != nil {
		return false, err
	}
	if len(scripts) == 0 {
		return false, errors.New("no script is called that")
	}
	machines := machines{options: chosen, module: module, toolchain: build.Toolchain{Module: module,
		Cache: filepath.Join(module, "..", ".tools", "conformance"), Say: say}}
	defer func() { err = errors.Join(err, machines.down()) }()
	if err := machines.up(ctx); err != nil {
		return false, err
	}
	began, total := time.Now(), compare.Verdict{}
	side := func(name, kubeconfig string) compare.Side {
		return compare.Side{Name: name, Kubeconfig: kubeconfig, Kubectl: machines.kubectl,
			Directory: filepath.Join(chosen.directory, "printed")}
	}
	for _, script := range scripts {
		verdict := compare.Judge(ctx, script, side("original", machines.original),
			side("ours", machines.ours), chosen.verbose, os.Stdout)
		fmt.Printf("%-24s %3d same, %d known, %d different\n", script.Name, verdict.Same, verdict.Known, verdict.Different)
		total.Add(verdict)
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
	}
	fmt.Printf("%d commands: %d same, %d differ with a reason, %d differ; %d scripts broken; %s\n",
		total.Same+total.Known+total.Different, total.Same, total.Known, total.Different, total.Broken,
		time.Since(began).Round(time.Second))
	return total.Passed(), nil
}

// machines are the two clusters, started where no kubeconfig was given.
type machines struct {
	options                 options
	module                  string
	toolchain               build.Toolchain
	kubectl, original, ours string
	started                 []func() error
}

// The images that the scripts' pods run.
var images = []string{"e2e-test-images_busybox_1.37", "e2e-test-images_agnhost_2.63"}

func (m *machines) up(ctx context.Context) error {
	programs, err := m.toolchain.Make(ctx, []build.Program{{Name: "kubectl", Package: "k8s.io/kubernetes/cmd/kubectl"}})
	if err != nil {
		return err
	}
	m.kubectl, m.original, m.ours = m.options.kubectl, m.options.original, m.options.ours
	if m.kubectl == "" {
		m.kubectl = filepath.Join(programs, "kubectl")
	}
	if m.kubectl, err = filepath.Abs(m.kubectl); err != nil {
		return err
	}
	if filepath.Base(m.kubectl) != "kubectl" {
		return fmt.Errorf("%s must be called kubectl, as the scripts do", m.kubectl)
	}
	var archives []string
	for _, image := range images {
		found, err := filepath.Glob(filepath.Join(m.toolchain.Cache, "images", "*"+image+"*.tar"))
		if err != nil || len(found) == 0 {
			return fmt.Errorf("no archive of %s; conformance/run --prepare makes it", image)
		}
		archives = append(archives, found[len(found)-1])
	}
	if m.original == "" {
		if err := m.upOriginal(ctx, archives); err != nil {
			return err
		}
	}
	if m.ours == "" {
		return m.upOurs(ctx, archives)
	}
	return nil
}

func (m *machines) upOriginal(ctx context.Context, archives []string) error {
	chosen := upstream.Options{Directory: filepath.Join(m.options.directory, "original"), Nodes: 1, Images: archives}
	var err error
	if chosen.Programs, err = upstream.Provide(ctx, m.toolchain, chosen); err != nil {
		return err
	}
	say("starting the original")
	m.started = append(m.started, func() error { return upstream.Down(chosen.Directory) })
	state, err := upstream.Up(chosen)
	if err != nil {
		return err
	}
	m.original = state.Kubeconfig
	return nil
}

func (m *machines) upOurs(ctx context.Context, archives []string) error {
	say("starting Bulwark")
	data := filepath.Join(m.options.directory, "ours")
	bulwark := func(words ...string) (string, error) {
		command := exec.CommandContext(context.WithoutCancel(ctx), filepath.Join(m.module, "..", "bulwark"), words...)
		command.Stderr = os.Stderr
		output, err := command.Output()
		if err != nil {
			return "", fmt.Errorf("bulwark %s: %w", strings.Join(words, " "), err)
		}
		return strings.TrimSpace(string(output)), nil
	}
	m.started = append(m.started, func() error { _, err := bulwark("reset", "--data-dir", data); return err })
	if _, err := bulwark("up", "--detach", "--data-dir", data, "--port", m.options.port, "--node-name", "node-1"); err != nil {
		return err
	}
	if _, err := bulwark(append([]string{"image", "import", "--data-dir", data}, archives...)...); err != nil {
		return err
	}
	var err error
	m.ours, err = bulwark("kubeconfig", "--data-dir", data)
	return err
}

func (m *machines) down() error {
	var problems []error
	for _, end := range m.started {
		problems = append(problems, end())
	}
	return errors.Join(problems...)
}

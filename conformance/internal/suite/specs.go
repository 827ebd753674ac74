package suite

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// Spec is one test of the suite.
type Spec struct {
	Name   string // as ginkgo prints it
	SIG    string // without the prefix "sig-"
	Serial bool
}

// report is what we read of ginkgo's SpecReport.
type report struct {
	ContainerHierarchyTexts    []string
	ContainerHierarchyLabels   [][]string
	LeafNodeType               string
	LeafNodeText               string
	LeafNodeLabels             []string
	State                      string
	RunTime                    int64 // nanoseconds
	CapturedGinkgoWriterOutput string
	CapturedStdOutErr          string
	Failure                    struct {
		Message  string
		Location location
	}
	AdditionalFailures []struct {
		State   string
		Failure struct {
			Message  string
			Location location
		}
	}
}

type location struct {
	FileName   string
	LineNumber int
}

func (l location) String() string {
	_, file, found := strings.Cut(l.FileName, "/kubernetes@")
	if !found {
		file = l.FileName
	}
	return fmt.Sprintf("%s:%d", file, l.LineNumber)
}

func (r report) name() string {
	return strings.Join(append(slices.Clone(r.ContainerHierarchyTexts), r.LeafNodeText), " ")
}

func (r report) labelled(label string) bool {
	return slices.Contains(slices.Concat(append(r.ContainerHierarchyLabels, r.LeafNodeLabels)...), label)
}

var sigForm = regexp.MustCompile(`^\[sig-([a-z-]+)\]`)

func sigOf(name string) string {
	if match := sigForm.FindStringSubmatch(name); match != nil {
		return match[1]
	}
	return "none"
}

// List asks the program for its conformance tests, in name order; the answer is kept beside it.
func List(ctx context.Context, program string) ([]Spec, error) {
	kept := program + ".specs.json"
	if known, err := os.Stat(kept); err == nil {
		if built, err := os.Stat(program); err == nil && known.ModTime().After(built.ModTime()) {
			text, err := os.ReadFile(kept)
			if err != nil {
				return nil, err
			}
			var specs []Spec
			return specs, json.Unmarshal(text, &specs)
		}
	}
	scratch, err := os.MkdirTemp("", "bulwark-specs-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	file := filepath.Join(scratch, "report.json")
	command := exec.CommandContext(ctx, program, "--provider=skeleton", "--ginkgo.dry-run",
		"--ginkgo.focus="+conformance, "--ginkgo.json-report="+file)
	if output, err := command.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("listing the tests: %w\n%s", err, output)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	specs, err := parseList(text)
	if err != nil {
		return nil, err
	}
	encoded, err := json.Marshal(specs)
	if err != nil {
		return nil, err
	}
	return specs, os.WriteFile(kept, encoded, 0o644)
}

func parseList(text []byte) ([]Spec, error) {
	var suites []struct{ SpecReports []report }
	if err := json.Unmarshal(text, &suites); err != nil {
		return nil, fmt.Errorf("ginkgo's report: %w", err)
	}
	var specs []Spec
	for _, suite := range suites {
		for _, spec := range suite.SpecReports {
			if spec.LeafNodeType == "It" && spec.State != "skipped" && spec.State != "pending" {
				name := spec.name()
				specs = append(specs, Spec{name, sigOf(name), spec.labelled("Serial")})
			}
		}
	}
	if len(specs) == 0 {
		return nil, fmt.Errorf("the suite lists no conformance test")
	}
	sort.Slice(specs, func(i, j int) bool { return specs[i].Name < specs[j].Name })
	return specs, nil
}

// focus is the expression that selects exactly these tests. Sorted, so that the alternatives share
// their beginnings and cost little to match.
func focus(specs []Spec) string {
	names := make([]string, len(specs))
	for i, spec := range specs {
		names[i] = regexp.QuoteMeta(spec.Name)
	}
	sort.Strings(names)
	return `^Kubernetes e2e suite (?:` + strings.Join(names, "|") + `)$`
}

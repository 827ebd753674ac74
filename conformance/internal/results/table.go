package results

import (
	"fmt"
	"os"
	"sort"
	"strings"
	"time"
)

// Sum of one SIG's tests.
type Sum struct {
	SIG                             string
	Passed, Failed, Skipped, NotRun int
}

func (s Sum) all() int { return s.Passed + s.Failed + s.Skipped + s.NotRun }

// Sums by SIG in name order, and the sum of all.
func Sums(known map[string]Result) ([]Sum, Sum) {
	of := make(map[string]*Sum)
	total := Sum{SIG: "all"}
	for _, result := range known {
		sum := of[result.SIG]
		if sum == nil {
			sum = &Sum{SIG: result.SIG}
			of[result.SIG] = sum
		}
		for _, counted := range []*Sum{sum, &total} {
			switch result.State {
			case Passed:
				counted.Passed++
			case Failed:
				counted.Failed++
			case Skipped:
				counted.Skipped++
			case NotRun:
				counted.NotRun++
			}
		}
	}
	sums := make([]Sum, 0, len(of))
	for _, sum := range of {
		sums = append(sums, *sum)
	}
	sort.Slice(sums, func(i, j int) bool { return sums[i].SIG < sums[j].SIG })
	return sums, total
}

// Table in Markdown; it reads well on a terminal too.
func Table(known map[string]Result) string {
	sums, total := Sums(known)
	var text strings.Builder
	fmt.Fprintf(&text, "| %-17s | %6s | %6s | %7s | %7s | %5s |\n", "SIG", "passed", "failed", "skipped", "not run", "all")
	text.WriteString("|-------------------|-------:|-------:|--------:|--------:|------:|\n")
	for _, sum := range append(sums, total) {
		fmt.Fprintf(&text, "| %-17s | %6d | %6d | %7d | %7d | %5d |\n",
			sum.SIG, sum.Passed, sum.Failed, sum.Skipped, sum.NotRun, sum.all())
	}
	return text.String()
}

const (
	begin = "<!-- results: written by conformance/run -->"
	end   = "<!-- end of results -->"
)

// Publish writes table and causes between the two marks of a page.
func Publish(page, product, suite string, when time.Time, known map[string]Result) error {
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(text), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		return fmt.Errorf("%s lacks the marks %q and %q", page, begin, end)
	}
	var body strings.Builder
	fmt.Fprintf(&body, "\n%s, Bulwark %s, upstream's suite %s.%s\n\n", when.UTC().Format(time.DateOnly), product, suite, builds(known))
	body.WriteString(Table(known))
	causes := Causes(known)
	if len(causes) > 0 {
		body.WriteString("\n### The most frequent causes of failure\n\n| Tests | Cause | Such as |\n|---:|---|---|\n")
	}
	for _, cause := range causes[:min(len(causes), 10)] {
		fmt.Fprintf(&body, "| %d | %s | %s |\n", len(cause.Tests), cell(cause.Text), cell(cause.Tests[0]))
	}
	body.WriteString("\n")
	return os.WriteFile(page, []byte(before+begin+"\n"+body.String()+end+after), 0o644)
}

// builds says of how many builds the results are, if of more than one.
func builds(known map[string]Result) string {
	of := make(map[string]int)
	for _, result := range known {
		if result.Build != "" {
			of[result.Build]++
		}
	}
	if len(of) < 2 {
		return ""
	}
	var parts []string
	for build, tests := range of {
		parts = append(parts, fmt.Sprintf("%s (%d tests)", build, tests))
	}
	sort.Strings(parts)
	return " The last result of each test, by build: " + strings.Join(parts, ", ") + "."
}

var escape = strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;", "`", "'", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`)

func cell(text string) string { return escape.Replace(field(text)) }

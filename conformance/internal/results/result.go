// Package results keeps what became of each test, on disk from the moment that it is known.
package results

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// State of a test.
type State string

const (
	Passed  State = "passed"
	Failed  State = "failed"
	Skipped State = "skipped" // by the test itself
	NotRun  State = "not-run"
)

// Result of one test.
type Result struct {
	Name, SIG string
	State     State
	Seconds   float64
	Build     string // of the product that was judged
	Message   string // why it failed or was skipped; one line once it was stored
	Log       string // of a failure; not kept in tables
}

const columns = "state\tsig\tseconds\tbuild\ttest\treason"

func (r Result) line() string {
	reason := Reason(r.Message)
	return strings.Join([]string{string(r.State), r.SIG, strconv.FormatFloat(r.Seconds, 'f', 1, 64),
		r.Build, field(r.Name), field(reason)}, "\t")
}

func field(text string) string {
	return strings.Join(strings.Fields(text), " ")
}

func parse(line string) (Result, error) {
	parts := strings.Split(line, "\t")
	if len(parts) != 6 {
		return Result{}, fmt.Errorf("%d columns instead of 6", len(parts))
	}
	state := State(parts[0])
	switch state {
	case Passed, Failed, Skipped, NotRun:
	default:
		return Result{}, fmt.Errorf("unknown state %q", parts[0])
	}
	seconds, err := strconv.ParseFloat(parts[2], 64)
	if err != nil {
		return Result{}, err
	}
	return Result{State: state, SIG: parts[1], Seconds: seconds, Build: parts[3], Name: parts[4], Message: parts[5]}, nil
}

// Read returns the results of a file by test name; none if there is no file. A last line that was
// cut off is left out.
func Read(file string) (map[string]Result, error) {
	known := make(map[string]Result)
	text, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return known, nil
	}
	if err != nil {
		return nil, err
	}
	whole := string(text[:strings.LastIndexByte(string(text), '\n')+1])
	scanner := bufio.NewScanner(strings.NewReader(whole))
	scanner.Buffer(nil, 1<<20)
	for number := 1; scanner.Scan(); number++ {
		line := scanner.Text()
		if line == columns || strings.HasPrefix(line, "#") || line == "" {
			continue
		}
		result, err := parse(line)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, number, err)
		}
		known[result.Name] = result
	}
	return known, scanner.Err()
}

// Write replaces a file by these results, in name order.
func Write(file string, known map[string]Result) error {
	var text strings.Builder
	text.WriteString(columns + "\n")
	for _, result := range Sorted(known) {
		text.WriteString(result.line() + "\n")
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(file+".new", []byte(text.String()), 0o644); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// Sorted by name.
func Sorted(known map[string]Result) []Result {
	list := make([]Result, 0, len(known))
	for _, result := range known {
		list = append(list, result)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list
}

var (
	typed   = regexp.MustCompile(`^<[^>]*>:?\s*`)
	nothing = regexp.MustCompile(`^(Unexpected error|Expected|Expected error|Unexpected error occurred|occurred|not to have occurred|to equal|to be true|error):?$|^[{}()\[\]]*$|^[a-z]+ 0x[0-9a-f]+$`)
	struck  = regexp.MustCompile(`^(\{|s: "|msg: "|ErrStatus|TypeMeta|Timed out after [0-9.]+s\.$)`)
)

// Reason is the line of a failure's message that says most: the first one that is neither the frame
// that the assertion library puts around every error nor a dump of a Go value.
func Reason(message string) string {
	if words, ok := strings.CutPrefix(strings.TrimSpace(message), "Expected\n"); ok {
		return shorten(comparison(words))
	}
	first := ""
	for line := range strings.Lines(message) {
		line = strings.TrimSpace(line)
		if _, after, found := strings.Cut(line, "Unexpected error: "); found {
			line = after
		}
		line = strings.TrimSpace(typed.ReplaceAllString(line, ""))
		if line == "" {
			continue
		}
		if first == "" {
			first = line
		}
		if nothing.MatchString(line) || struck.MatchString(line) {
			continue
		}
		return shorten(line)
	}
	return shorten(first)
}

// comparison is an assertion of two values on one line.
func comparison(words string) string {
	parts := []string{"Expected"}
	for line := range strings.Lines(words) {
		parts = append(parts, strings.TrimSpace(typed.ReplaceAllString(strings.TrimSpace(line), "")))
	}
	return field(strings.Join(parts, " "))
}

func shorten(line string) string {
	const most = 300
	if runes := []rune(line); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return line
}

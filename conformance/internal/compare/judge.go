package compare

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

// Verdict counts commands.
type Verdict struct {
	Same, Known, Different int
	Healed                 int // listed as known and the same all the same
	Broken                 int // scripts that could not be run to their end
}

// Passed says whether nothing differs that should not.
func (v Verdict) Passed() bool { return v.Different == 0 && v.Broken == 0 }

// Judge runs a script on the original and on ours, both at once, and prints what differs.
func Judge(ctx context.Context, script Script, original, ours Side, verbose bool, to io.Writer) Verdict {
	var outcomes [2][]Outcome
	var failures [2]error
	var group sync.WaitGroup
	for number, side := range []Side{original, ours} {
		group.Go(func() { outcomes[number], failures[number] = side.Run(ctx, script) })
	}
	group.Wait()
	var verdict Verdict
	for number, side := range []Side{original, ours} {
		if failures[number] != nil {
			fmt.Fprintf(to, "BROKEN %s on %s: %v\n", script.Name, side.Name, failures[number])
			verdict.Broken = 1
		}
	}
	for number, step := range script.Steps {
		if !step.Compared || number >= len(outcomes[0]) || number >= len(outcomes[1]) {
			continue
		}
		if !outcomes[0][number].Ran || !outcomes[1][number].Ran {
			continue // the script broke before
		}
		difference := differences(step, outcomes[0][number], outcomes[1][number])
		switch {
		case difference == "" && step.Known == "":
			verdict.Same++
		case difference == "":
			verdict.Same++
			verdict.Healed++
			fmt.Fprintf(to, "NO LONGER %s:%d: %s\n", script.Name, step.Line, step.Known)
		case step.Known != "":
			verdict.Known++
			if verbose {
				fmt.Fprintf(to, "KNOWN %s:%d: %s\n%s", script.Name, step.Line, step.Known, difference)
			}
		default:
			verdict.Different++
			fmt.Fprintf(to, "DIFFERENT %s:%d: %s\n%s", script.Name, step.Line, step.Text, difference)
		}
	}
	return verdict
}

// largest is how many pairs of lines are looked at.
const largest = 20_000_000

// inner is what is left of two texts without the lines that both begin and end with, and the last
// line of their common beginning.
func inner(before, after []string) ([]string, []string, string) {
	shared := ""
	for len(before) > 0 && len(after) > 0 && before[0] == after[0] {
		shared = before[0]
		before, after = before[1:], after[1:]
	}
	for len(before) > 0 && len(after) > 0 && before[len(before)-1] == after[len(after)-1] {
		before, after = before[:len(before)-1], after[:len(after)-1]
	}
	return before, after, shared
}

func differences(step Step, original, ours Outcome) string {
	var text strings.Builder
	for _, part := range []struct{ name, original, ours string }{
		{"output", original.Out, ours.Out}, {"error", original.Err, ours.Err},
	} {
		before, after := normal(part.original, step), normal(part.ours, step)
		if !slices.Equal(before, after) {
			fmt.Fprintf(&text, "  standard %s\n", part.name)
			for _, line := range changes(before, after) {
				fmt.Fprintf(&text, "    %s\n", line)
			}
		}
	}
	if original.Code != ours.Code {
		fmt.Fprintf(&text, "  exit code: original %d, ours %d\n", original.Code, ours.Code)
	}
	return text.String()
}

// changes is the shortest way from one text to the other; equal lines are left out, except the
// nearest one before a change.
func changes(before, after []string) []string {
	before, after, shared := inner(before, after)
	if len(before)*len(after) > largest {
		return []string{fmt.Sprintf("(%d lines against %d, from %q on)", len(before), len(after), before[0])}
	}
	common := make([][]int, len(before)+1)
	for i := range common {
		common[i] = make([]int, len(after)+1)
	}
	for i := len(before) - 1; i >= 0; i-- {
		for j := len(after) - 1; j >= 0; j-- {
			if before[i] == after[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var lines []string
	context := shared
	say := func(mark, line string) {
		if context != "" {
			lines = append(lines, "  "+context)
			context = ""
		}
		lines = append(lines, mark+" "+line)
	}
	i, j := 0, 0
	for i < len(before) || j < len(after) {
		switch {
		case i < len(before) && j < len(after) && before[i] == after[j]:
			context = before[i]
			i++
			j++
		case j == len(after) || i < len(before) && common[i+1][j] >= common[i][j+1]:
			say("-", before[i])
			i++
		default:
			say("+", after[j])
			j++
		}
	}
	return lines
}

// Add counts another script's commands too.
func (v *Verdict) Add(other Verdict) {
	v.Same += other.Same
	v.Known += other.Known
	v.Different += other.Different
	v.Healed += other.Healed
	v.Broken += other.Broken
}

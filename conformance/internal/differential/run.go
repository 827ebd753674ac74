package differential

import (
	"fmt"
	"io"
	"strings"
)

// Run compares two servers and writes what differs.
type Run struct {
	Original, Ours *Server
	Known          []*Known
	Into           io.Writer
	// Most differences of one step that are written; the others are counted.
	Most int
	// Whole answers are written where something differs.
	Whole bool
}

// Tally counts.
type Tally struct{ Cases, Steps, Agreeing, Differences, Expected int }

// All runs the cases one after the other.
func (r *Run) All(cases []Case) (Tally, error) {
	var tally Tally
	for _, each := range cases {
		if err := r.one(each, &tally); err != nil {
			return tally, fmt.Errorf("%s: %w", each.Name, err)
		}
	}
	return tally, nil
}

func (r *Run) one(each Case, tally *Tally) error {
	if _, err := r.both(func(server *Server) (Answer, error) { return Answer{}, server.begin(each) }); err != nil {
		return err
	}
	tally.Cases++
	for number, step := range each.Steps {
		answers, err := r.both(func(server *Server) (Answer, error) { return server.Ask(step) })
		if err != nil {
			return fmt.Errorf("step %d: %w", number+1, err)
		}
		tally.Steps++
		r.Original.keep(step, answers[0])
		r.Ours.keep(step, answers[1])
		found := different(r.Original.view(step, answers[0]), r.Ours.view(step, answers[1]))
		if r.tell(each, number, step, found, tally) == 0 {
			tally.Agreeing++
		} else if r.Whole {
			fmt.Fprintf(r.Into, "    original: %s\n    ours:     %s\n", answers[0].Body, answers[1].Body)
		}
	}
	return nil
}

// both does the same with the two servers at once.
func (r *Run) both(do func(*Server) (Answer, error)) ([2]Answer, error) {
	type result struct {
		answer Answer
		err    error
	}
	other := make(chan result, 1)
	go func() {
		answer, err := do(r.Ours)
		other <- result{answer, err}
	}()
	answer, err := do(r.Original)
	ours := <-other
	if err != nil {
		return [2]Answer{}, fmt.Errorf("%s: %w", r.Original.Name, err)
	}
	if ours.err != nil {
		return [2]Answer{}, fmt.Errorf("%s: %w", r.Ours.Name, ours.err)
	}
	return [2]Answer{answer, ours.answer}, nil
}

// tell writes the differences that nobody expects and says how many there are.
func (r *Run) tell(each Case, number int, step Step, found []Difference, tally *Tally) int {
	shown := 0
	for _, difference := range found {
		line := fmt.Sprintf("%s %d %s: %s | %s", each.Name, number+1,
			strings.TrimPrefix(difference.At, "."), difference.Original, difference.Ours)
		if expected(r.Known, line) {
			tally.Expected++
			continue
		}
		tally.Differences++
		if shown == 0 {
			fmt.Fprintf(r.Into, "%s, step %d: %s\n", each.Name, number+1, step.Do)
		}
		shown++
		if shown <= r.Most {
			fmt.Fprintf(r.Into, "  %s\n    original: %s\n    ours:     %s\n",
				strings.TrimPrefix(difference.At, "."), short(difference.Original), short(difference.Ours))
		}
	}
	if shown > r.Most {
		fmt.Fprintf(r.Into, "  and %d more\n", shown-r.Most)
	}
	return shown
}

func short(text string) string {
	if len(text) > 1500 {
		return text[:1500] + "..."
	}
	return text
}

// keep saves what later steps need.
func (s *Server) keep(step Step, answer Answer) {
	for name, path := range step.Save {
		value := parse(answer)
		for part := range strings.SplitSeq(path, ".") {
			if part == "" {
				continue // all of it
			}
			switch typed := value.(type) {
			case map[string]any:
				value = typed[part]
			case []any:
				var index int
				if _, err := fmt.Sscan(part, &index); err == nil && index < len(typed) {
					value = typed[index]
				}
			}
		}
		s.known[name] = strings.Trim(show(value), `"`)
	}
}

// Unmet lists what is known and did not show.
func (r *Run) Unmet() []string {
	var list []string
	for _, each := range r.Known {
		if each.met == 0 {
			list = append(list, each.Where)
		}
	}
	return list
}

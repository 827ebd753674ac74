package differential

import (
	"fmt"
	"regexp"
)

// Known is a difference that is meant, with the reason. Where is matched with the line
// "CASE STEP AT: ORIGINAL | OURS".
type Known struct {
	Where  string `json:"where"`
	Reason string `json:"reason"`

	pattern *regexp.Regexp
	met     int
}

// ReadKnown reads the list of known differences.
func ReadKnown(file string) ([]*Known, error) {
	var list []*Known
	if err := readYAML(file, &list); err != nil {
		return nil, err
	}
	for _, each := range list {
		if each.Reason == "" {
			return nil, fmt.Errorf("%s: %q has no reason", file, each.Where)
		}
		pattern, err := regexp.Compile(each.Where)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		each.pattern = pattern
	}
	return list, nil
}

func expected(list []*Known, line string) bool {
	for _, each := range list {
		if each.pattern.MatchString(line) {
			each.met++
			return true
		}
	}
	return false
}

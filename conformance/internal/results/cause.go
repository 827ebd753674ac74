package results

import (
	"regexp"
	"sort"
	"strings"
)

// Cause is a kind of failure and the tests that it holds back.
type Cause struct {
	Text  string
	Tests []string
}

var varying = []struct {
	form *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "UID"},
	{regexp.MustCompile(`\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b`), "ADDRESS"},
	{regexp.MustCompile(`0x[0-9a-f]+`), "N"},
	{regexp.MustCompile(`\b([a-z]+-)+[0-9]+(-[a-z0-9]+)*\b`), "NAME"},
	{regexp.MustCompile(`"[^"]{1,80}"`), `"…"`},
	{regexp.MustCompile(`\b\d+(\.\d+)?(ms|s|m|h)?(\d+(\.\d+)?(ms|s|m))*\b`), "N"},
}

// missing is what the server says about a kind that it does not have; the kind is the cause.
var missing = regexp.MustCompile(`could not find the requested resource \(([a-z]+) ([a-z0-9.]+)[^)]*\)|doesn't have a resource type "([a-z]+)"|no matches for kind "([A-Za-z]+)"`)

// subject is what a test is about, the first word after its SIG.
var subject = regexp.MustCompile(`^\[sig-[a-z-]+\] (\w+)`)

// normal is why a test failed, without what differs from test to test.
func normal(result Result) string {
	message := Reason(result.Message)
	if match := missing.FindStringSubmatch(message); match != nil {
		return "the kind is not served: " + match[2] + match[3] + match[4]
	}
	if match := subject.FindStringSubmatch(result.Name); match != nil && strings.HasSuffix(message, "could not find the requested resource") {
		return "the kind is not served: in tests of " + match[1]
	}
	for _, part := range varying {
		message = part.form.ReplaceAllString(message, part.with)
	}
	return message
}

// Causes of the failures, the most frequent first.
func Causes(known map[string]Result) []Cause {
	tests := make(map[string][]string)
	for _, result := range Sorted(known) {
		if result.State == Failed {
			text := normal(result)
			tests[text] = append(tests[text], result.Name)
		}
	}
	causes := make([]Cause, 0, len(tests))
	for text, held := range tests {
		causes = append(causes, Cause{text, held})
	}
	sort.Slice(causes, func(i, j int) bool {
		if len(causes[i].Tests) != len(causes[j].Tests) {
			return len(causes[i].Tests) > len(causes[j].Tests)
		}
		return causes[i].Text < causes[j].Text
	})
	return causes
}

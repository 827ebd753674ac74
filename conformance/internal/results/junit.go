package results

import (
	"encoding/xml"
	"fmt"
	"os"
	"strings"
)

type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitMessage `xml:"failure,omitempty"`
	Skipped *junitMessage `xml:"skipped,omitempty"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes results in the form that build servers read.
func WriteJUnit(file, name string, known map[string]Result) error {
	suite := junitSuite{Name: name}
	seconds := 0.0
	for _, result := range Sorted(known) {
		one := junitCase{Name: clean(result.Name), Class: "sig-" + result.SIG, Time: fmt.Sprintf("%.1f", result.Seconds)}
		message := &junitMessage{Message: clean(Reason(result.Message)), Text: clean(result.Message)}
		switch result.State {
		case Failed:
			suite.Failures++
			one.Failure = message
		case Skipped, NotRun:
			suite.Skipped++
			one.Skipped = message
		case Passed:
		}
		seconds += result.Seconds
		suite.Cases = append(suite.Cases, one)
	}
	suite.Tests, suite.Time = len(suite.Cases), fmt.Sprintf("%.1f", seconds)
	text, err := xml.MarshalIndent(suite, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append([]byte(xml.Header), append(text, '\n')...), 0o644)
}

// clean drops what XML cannot say.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
}

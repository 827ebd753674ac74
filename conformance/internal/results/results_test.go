package results

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestReasonIsTheLineThatSaysMost(t *testing.T) {
	for message, want := range map[string]string{
		"Unexpected error:\n    <*errors.StatusError | 0xc000b2a0a0>: \n    the server could not find the requested resource\n    {\n        ErrStatus: \n": "the server could not find the requested resource",
		"failed to create daemon set: Unauthorized":      "failed to create daemon set: Unauthorized",
		"Expected\n    <int>: 3\nto equal\n    <int>: 4": "Expected 3 to equal 4",
		"": "",
	} {
		if got := Reason(message); got != want {
			t.Errorf("Reason(%q) = %q, want %q", message, got, want)
		}
	}
	if long := Reason(strings.Repeat("é", 1000)); len([]rune(long)) != 300 {
		t.Errorf("a long line has %d characters left", len([]rune(long)))
	}
}

func TestCausesGatherWhatDiffersOnlyInNames(t *testing.T) {
	known := map[string]Result{}
	for name, message := range map[string]string{
		"a": `pod "web-0" in statefulset-8812 not ready after 300s`,
		"b": `pod "web-1" in statefulset-17 not ready after 5m0s`,
		"c": "the server could not find the requested resource (post jobs.batch)",
		"d": "creating job: the server could not find the requested resource (post jobs.batch)",
		"e": "the server could not find the requested resource (post jobs.batch)",
		"f": "something else",
	} {
		known[name] = Result{Name: name, State: Failed, Message: message}
	}
	known["g"] = Result{Name: "g", State: Passed}
	known["[sig-apps] StatefulSet Basic x"] = Result{Name: "[sig-apps] StatefulSet Basic x", State: Failed, Message: "the server could not find the requested resource"}
	causes := Causes(known)
	if len(causes) != 4 || len(causes[0].Tests) != 3 || causes[0].Text != "the kind is not served: jobs.batch" {
		t.Fatalf("got %+v", causes)
	}
	if len(causes[1].Tests) != 2 {
		t.Errorf("got %+v", causes[1])
	}
	if causes[3].Text != "the kind is not served: in tests of StatefulSet" {
		t.Errorf("got %+v", causes[3])
	}
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "deep", "latest.tsv")
	known := map[string]Result{
		"one": {Name: "one", SIG: "node", State: Passed, Seconds: 1.5, Build: "abc"},
		"two": {Name: "two", SIG: "apps", State: Failed, Build: "abc", Message: "first\tline\nsecond"},
	}
	if err := Write(file, known); err != nil {
		t.Fatal(err)
	}
	got, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got["one"] != known["one"] || got["two"].Message != "first line" {
		t.Errorf("got %+v", got)
	}
	if err := os.WriteFile(file, []byte("passed\tnode\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(file); err == nil || !strings.Contains(err.Error(), "latest.tsv:1") {
		t.Errorf("a broken line gives %v", err)
	}
}

func TestAJournalGoesOnAfterACut(t *testing.T) {
	file := filepath.Join(t.TempDir(), "run.tsv")
	journal, err := Begin(file, "v1")
	if err != nil {
		t.Fatal(err)
	}
	if err := journal.Add(Result{Name: "one", SIG: "node", State: Passed}); err != nil {
		t.Fatal(err)
	}
	if _, err := journal.file.WriteString("passed\tnode\t0.1\tv1\tcut o"); err != nil {
		t.Fatal(err)
	}
	_ = journal.Close()
	journal, known, err := Continue(file, "v1")
	if err != nil {
		t.Fatal(err)
	}
	if len(known) != 1 || known["one"].State != Passed {
		t.Errorf("known: %+v", known)
	}
	if err := journal.Add(Result{Name: "two", SIG: "node", State: Failed, Message: "no"}); err != nil {
		t.Fatal(err)
	}
	_ = journal.Close()
	if known, err = Read(file); err != nil || len(known) != 2 {
		t.Errorf("after the second part: %+v, %v", known, err)
	}
	if _, _, err := Continue(file, "v2"); err == nil || !strings.Contains(err.Error(), "judged build v1, this is v2") {
		t.Errorf("another build gives %v", err)
	}
	if _, _, err := Continue(file+".none", "v1"); err == nil {
		t.Error("nothing to resume gives no error")
	}
}

func TestTheTableCountsBySIG(t *testing.T) {
	known := map[string]Result{
		"a": {Name: "a", SIG: "node", State: Passed}, "b": {Name: "b", SIG: "node", State: Failed},
		"c": {Name: "c", SIG: "apps", State: NotRun}, "d": {Name: "d", SIG: "apps", State: Skipped},
	}
	sums, total := Sums(known)
	if len(sums) != 2 || sums[0] != (Sum{"apps", 0, 0, 1, 1}) || sums[1] != (Sum{"node", 1, 1, 0, 0}) || total.all() != 4 {
		t.Errorf("got %+v, %+v", sums, total)
	}
}

func TestAPageKeepsWhatIsOutsideTheMarks(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(page, []byte("before\n"+begin+"\nold\n"+end+"\nafter\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	known := map[string]Result{"x": {Name: "[sig-node] x", SIG: "node", State: Failed, Build: "b", Message: "a|b <c>"}}
	for range 2 {
		if err := Publish(page, "b", "v1.36.3", time.Unix(0, 0), known); err != nil {
			t.Fatal(err)
		}
	}
	text, _ := os.ReadFile(page)
	for _, want := range []string{"before\n", "\nafter\n", "1970-01-01, Bulwark b, upstream's suite v1.36.3.", `| 1 | a\|b &lt;c&gt; | \[sig-node\] x |`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the page lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(string(text), "old") || strings.Count(string(text), "all  ") != 1 {
		t.Errorf("old results are left:\n%s", text)
	}
}

func TestJUnitIsWellFormed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "junit.xml")
	known := map[string]Result{"x": {Name: "x", SIG: "node", State: Failed, Message: "bad \x1b[31m & <ugly>"}, "y": {Name: "y", SIG: "node", State: Passed}}
	if err := WriteJUnit(file, "run", known); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(file)
	var suite junitSuite
	if err := xml.Unmarshal(text, &suite); err != nil {
		t.Fatal(err)
	}
	if suite.Tests != 2 || suite.Failures != 1 || suite.Cases[0].Failure == nil || suite.Cases[1].Failure != nil {
		t.Errorf("got %+v", suite)
	}
}

package suite

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"bulwark.io/conformance/internal/results"
)

const dryRun = `[{"SpecReports": [
 {"LeafNodeType": "ReportBeforeSuite", "State": "passed"},
 {"ContainerHierarchyTexts": ["[sig-node] Pods", "when (late)"], "ContainerHierarchyLabels": [["sig-node"], []], "LeafNodeType": "It", "LeafNodeText": "wait [Conformance]", "LeafNodeLabels": ["Conformance"], "State": "passed"},
 {"ContainerHierarchyTexts": ["[sig-apps] Daemon set [Serial]"], "ContainerHierarchyLabels": [["sig-apps", "Serial"]], "LeafNodeType": "It", "LeafNodeText": "roll back [Conformance]", "State": "passed"},
 {"ContainerHierarchyTexts": ["[sig-apps] other"], "LeafNodeType": "It", "LeafNodeText": "is not ours", "State": "skipped"}]}]`

func TestTheListHasWhatIsSelected(t *testing.T) {
	specs, err := parseList([]byte(dryRun))
	if err != nil {
		t.Fatal(err)
	}
	if len(specs) != 2 || specs[0] != (Spec{"[sig-apps] Daemon set [Serial] roll back [Conformance]", "apps", true}) ||
		specs[1] != (Spec{"[sig-node] Pods when (late) wait [Conformance]", "node", false}) {
		t.Errorf("got %+v", specs)
	}
	if _, err := parseList([]byte(`[]`)); err == nil {
		t.Error("an empty list gives no error")
	}
}

func TestTheFocusSelectsExactlyTheseTests(t *testing.T) {
	specs, _ := parseList([]byte(dryRun))
	form := regexp.MustCompile(focus(specs[1:]))
	if !form.MatchString("Kubernetes e2e suite " + specs[1].Name) {
		t.Error("the test is not selected")
	}
	for _, other := range []string{specs[0].Name, specs[1].Name + " more", "[sig-node] Pods when late wait [Conformance]"} {
		if form.MatchString("Kubernetes e2e suite " + other) {
			t.Errorf("%s is selected too", other)
		}
	}
}

func TestAReportBecomesAResult(t *testing.T) {
	var spec report
	text := `{"ContainerHierarchyTexts": ["[sig-cli] Kubectl"], "LeafNodeType": "It", "LeafNodeText": "runs", "State": "failed", "RunTime": 1500000000,
	 "CapturedGinkgoWriterOutput": "what it printed", "Failure": {"Message": "it broke", "Location": {"FileName": "/go/k8s.io/kubernetes@v1/test/e2e/x.go", "LineNumber": 7}}}`
	if err := json.Unmarshal([]byte(text), &spec); err != nil {
		t.Fatal(err)
	}
	result, ok := resultOf(spec)
	if !ok || result.State != results.Failed || result.SIG != "cli" || result.Seconds != 1.5 || result.Message != "it broke" {
		t.Errorf("got %v %+v", ok, result)
	}
	for _, want := range []string{"it broke", "v1/test/e2e/x.go:7", "what it printed"} {
		if !strings.Contains(result.Log, want) {
			t.Errorf("the log lacks %q:\n%s", want, result.Log)
		}
	}
	for _, state := range []string{"interrupted", "aborted", "pending"} {
		spec.State = state
		if _, ok := resultOf(spec); ok {
			t.Errorf("a test that was %s has a result", state)
		}
	}
	if _, ok := resultOf(report{LeafNodeType: "It", State: "skipped"}); ok {
		t.Error("a test that was not selected has a result")
	}
}

func TestProcessesShareTheirWork(t *testing.T) {
	alive := map[int]bool{1: true, 2: true}
	var ended []report
	server := &server{total: 2, alive: func(process int) bool { return alive[process] }, ended: func(spec report) { ended = append(ended, spec) }}
	web := httptest.NewServer(server.handler())
	defer web.Close()
	ask := func(path string) (int, string) {
		response, err := http.Get(web.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		return response.StatusCode, strings.TrimSpace(string(body))
	}
	tell := func(path, body string) {
		response, err := http.Post(web.URL+path, "application/json", bytes.NewReader([]byte(body)))
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatal(path, err, response)
		}
		response.Body.Close()
	}
	if code, _ := ask("/before-suite-state"); code != http.StatusTooEarly {
		t.Errorf("before the first process prepared: %d", code)
	}
	tell("/before-suite-completed", `{"Data":"eA==","State":4}`)
	if code, body := ask("/before-suite-state"); code != http.StatusOK || body != `{"Data":"eA==","State":4}` {
		t.Errorf("after: %d %s", code, body)
	}
	_, first := ask("/counter")
	_, second := ask("/counter")
	if first != `{"Index":0}` || second != `{"Index":1}` {
		t.Errorf("counters: %s %s", first, second)
	}
	tell("/did-run", `{"LeafNodeText":"one","State":"passed"}`)
	if len(ended) != 1 || ended[0].LeafNodeText != "one" {
		t.Errorf("ended: %+v", ended)
	}
	if code, _ := ask("/have-nonprimary-procs-finished"); code != http.StatusTooEarly {
		t.Errorf("while the second runs: %d", code)
	}
	delete(alive, 2)
	if code, _ := ask("/have-nonprimary-procs-finished"); code != http.StatusOK {
		t.Errorf("when it ended: %d", code)
	}
	if code, _ := ask("/abort"); code != http.StatusOK {
		t.Errorf("nobody aborted: %d", code)
	}
	tell("/abort", "")
	if code, _ := ask("/abort"); code != http.StatusGone {
		t.Errorf("after an abort: %d", code)
	}
	delete(alive, 1)
	if code, _ := ask("/report-before-suite-state"); code != http.StatusGone {
		t.Errorf("when the first is gone: %d", code)
	}
}

package compare

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestAScriptIsReadLineByLine(t *testing.T) {
	steps, err := parse("# words\n<<< a.yaml\na: b\n\n>>>\n% kubectl wait\n@ sorted\n@ known a reason\n@ drop ^x\n$ kubectl \\\n  get pods\n$ kubectl version\n")
	if err != nil || len(steps) != 4 {
		t.Fatalf("%+v, %v", steps, err)
	}
	if steps[0].File != "a.yaml" || steps[0].Text != "a: b\n\n" {
		t.Errorf("the file: %+v", steps[0])
	}
	if steps[1].Compared || steps[1].Text != "kubectl wait" {
		t.Errorf("what prepares: %+v", steps[1])
	}
	if !steps[2].Compared || steps[2].Text != "kubectl get pods" || !steps[2].Sorted || steps[2].Known != "a reason" || len(steps[2].Drop) != 1 {
		t.Errorf("what is compared: %+v", steps[2])
	}
	if steps[3].Sorted || steps[3].Known != "" || steps[3].Line != 12 {
		t.Errorf("modifiers stay: %+v", steps[3])
	}
	for _, wrong := range []string{"<<< a\nb", "@ nonsense", "@ drop (", "kubectl get"} {
		if _, err := parse(wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}

func TestEveryScriptCanBeRead(t *testing.T) {
	scripts, err := Read("../../kubectl/commands", regexp.MustCompile(""))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("%d scripts, %v", len(scripts), err)
	}
}

func TestOnlyWhatIsNeverTheSameCountsAsEqual(t *testing.T) {
	for _, pair := range [][2]string{
		{"web   1/1     Running   0          30s", "web   1/1   Running   0     2m5s"},
		{"web-55d86b9785-2987w   1/1", "web-7f9c6dbd4b-zzx8k   1/1"},
		{"resourceVersion: \"12\"", "resourceVersion: \"8812\""},
		{"10m (x3 over 5s)", "10m (x3 over 17s)"},
		{"uid: 8a4de04a-1111-2222-3333-444444444444", "uid: 00000000-1111-2222-3333-444444444444"},
		{"creationTimestamp: \"2026-11-22T08:35:34Z\"", "creationTimestamp: \"2026-11-22T09:35:34Z\""},
		{"80:31234/TCP   5s", "80:30001/TCP   6s"},
	} {
		if a, b := normal(pair[0], Step{}), normal(pair[1], Step{}); !slices.Equal(a, b) {
			t.Errorf("%q and %q differ: %q, %q", pair[0], pair[1], a, b)
		}
	}
	for _, pair := range [][2]string{
		{"op=Exists for 300s", "op=Exists for 30s"},
		{"web   1/1     Running   0", "web   0/1     Running   0"},
		{"  name: a", "name: a"},
		{"web   <unknown>", "web   3s"},
	} {
		if a, b := normal(pair[0], Step{}), normal(pair[1], Step{}); slices.Equal(a, b) {
			t.Errorf("%q and %q count as equal", pair[0], pair[1])
		}
	}
}

func TestADifferenceIsShownByItsLines(t *testing.T) {
	got := differences(Step{}, Outcome{"a\nb\nc\n", "", 0, true}, Outcome{"a\nx\nc\n", "", 1, true})
	if want := "  standard output\n      a\n    - b\n    + x\n  exit code: original 0, ours 1\n"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
	if got := differences(Step{Sorted: true}, Outcome{"a\nb\n", "", 0, true}, Outcome{"b\na\n", "", 0, true}); got != "" {
		t.Errorf("sorted: %q", got)
	}
	if got := differences(Step{}, Outcome{"a\n", "", 0, true}, Outcome{"", "a\n", 0, true}); !strings.Contains(got, "error") {
		t.Errorf("the other stream: %q", got)
	}
}

package upstream

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestDownEndsWhatWasStartedAndTakesBackWhatWasMade(t *testing.T) {
	directory := t.TempDir()
	setting := filepath.Join(t.TempDir(), "setting")
	if err := os.WriteFile(setting, []byte("former\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	state := newState(directory)
	process, err := state.run(launch{}, "sleeper", "sleep", "600")
	if err != nil {
		t.Fatal(err)
	}
	if err := state.keep(setting); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(setting, []byte("changed"), 0o644); err != nil {
		t.Fatal(err)
	}
	if read, err := Read(directory); err != nil || !read.Processes[0].Alive() {
		t.Fatalf("not known as running: %v", err)
	}
	if err := Down(directory); err != nil {
		t.Fatal(err)
	}
	if process.Alive() {
		t.Error("the process runs on")
	}
	if content, _ := os.ReadFile(setting); string(content) != "former\n" {
		t.Errorf("the setting is %q", content)
	}
	if err := Down(directory); err != nil {
		t.Errorf("a second time: %v", err)
	}
}

func TestAnotherProcessWithTheSameNumberIsLeftAlone(t *testing.T) {
	started, err := startTime(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	stranger := Process{Name: "stranger", PID: os.Getpid(), Started: started + "0"}
	if stranger.Alive() {
		t.Error("taken for one of ours")
	}
	if err := stranger.stop(time.Second); err != nil {
		t.Error(err)
	}
}

func TestAProgramThatEndsAtOnceSaysWhy(t *testing.T) {
	state := newState(t.TempDir())
	process, err := state.run(launch{}, "failing", "sh", "-c", "echo no such luck >&2; exit 3")
	if err == nil {
		err = awaitFile(process, "/nonexistent/socket")
	}
	if err == nil || !strings.Contains(err.Error(), "no such luck") {
		t.Errorf("said %v", err)
	}
}

func TestOptionsNameKnownComponents(t *testing.T) {
	for _, wrong := range []Options{
		{},
		{Directory: "x", Components: []string{"kube-dns"}},
		{Directory: "x", Arguments: map[string][]string{"kubelet": {"--v=4"}}},
	} {
		if _, err := wrong.checked(); err == nil {
			t.Errorf("accepted %+v", wrong)
		}
	}
}

func TestANewClusterBeginsEmptyAndLeavesStrangersAlone(t *testing.T) {
	directory := t.TempDir()
	for _, file := range []string{"etcd/member", "node-1/kubelet/pods", "notes"} {
		if err := os.MkdirAll(filepath.Join(directory, file), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := removeRemains(directory); err != nil {
		t.Fatal(err)
	}
	left, _ := filepath.Glob(filepath.Join(directory, "*"))
	if len(left) != 1 || filepath.Base(left[0]) != "notes" {
		t.Errorf("left: %v", left)
	}
}

package upstream

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// State is what was started and made in a directory; it is kept in the file state.json there, so
// that another process can take it down.
type State struct {
	Kubeconfig string `json:"kubeconfig"`
	Server     string `json:"server"`
	// Processes in the order of their start.
	Processes []Process `json:"processes"`
	// Undo has what else was made, oldest first.
	Undo []step `json:"undo,omitempty"`
	// Millis from the first program's start until each thing answered.
	Millis map[string]int64 `json:"millis"`

	directory string
	begin     time.Time
}

func newState(directory string) *State {
	return &State{Millis: map[string]int64{}, directory: directory, begin: time.Now()}
}

// Read returns the state of a directory.
func Read(directory string) (*State, error) {
	content, err := os.ReadFile(filepath.Join(directory, "state.json"))
	if err != nil {
		return nil, err
	}
	state := newState(directory)
	return state, json.Unmarshal(content, state)
}

func (s *State) save() error {
	content, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	fresh := filepath.Join(s.directory, "state.json.new")
	if err := os.WriteFile(fresh, append(content, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(fresh, filepath.Join(s.directory, "state.json"))
}

// run starts a program and remembers it.
func (s *State) run(where launch, name string, words ...string) (Process, error) {
	process, err := where.start(s.directory, name, words...)
	if err != nil {
		return process, err
	}
	s.Processes = append(s.Processes, process)
	return process, s.save()
}

// answered notes how long it took until something answered.
func (s *State) answered(what string) { s.Millis[what] = time.Since(s.begin).Milliseconds() }

// Process returns a running program by its name.
func (s *State) Process(name string) (Process, bool) {
	for _, process := range s.Processes {
		if process.Name == name {
			return process, process.Alive()
		}
	}
	return Process{}, false
}

// Down ends what was started, newest first, and removes what was made. Logs and data stay.
func Down(directory string) error {
	state, err := Read(directory)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var failures []error
	for i := len(state.Processes) - 1; i >= 0; i-- {
		failures = append(failures, state.Processes[i].stop(20*time.Second))
	}
	for i := len(state.Undo) - 1; i >= 0; i-- {
		failures = append(failures, state.Undo[i].apply())
	}
	if err := errors.Join(failures...); err != nil {
		return err
	}
	return os.Remove(filepath.Join(directory, "state.json"))
}

// removeRemains removes what an earlier cluster left in the directory: its data would not fit new keys.
func removeRemains(directory string) error {
	mounts, err := mountsBelow(directory)
	if err != nil {
		return err
	}
	if len(mounts) > 0 {
		return fmt.Errorf("%s is still mounted", mounts[0])
	}
	left, err := filepath.Glob(filepath.Join(directory, "node-*"))
	if err != nil {
		return err
	}
	for _, name := range []string{"etcd", "pki", "kubeconfig", "log", "audit"} {
		left = append(left, filepath.Join(directory, name))
	}
	for _, path := range left {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return nil
}

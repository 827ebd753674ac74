package upstream

import (
	"os"
)

// step takes one thing back that was made on the machine.
type step struct {
	// Command to run, if any.
	Command []string `json:"command,omitempty"`
	// File that gets its former Content, if any.
	File    string `json:"file,omitempty"`
	Content string `json:"content,omitempty"`
}

func (s step) apply() error {
	if s.File != "" {
		return os.WriteFile(s.File, []byte(s.Content), 0o644)
	}
	_, err := command(s.Command...)
	return err
}

// undoWith remembers how to take back what is about to be made.
func (s *State) undoWith(words ...string) error {
	s.Undo = append(s.Undo, step{Command: words})
	return s.save()
}

// set writes a kernel setting and remembers its former value.
func (s *State) set(file, value string) error {
	former, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	s.Undo = append(s.Undo, step{File: file, Content: string(former)})
	if err := s.save(); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(value), 0o644)
}

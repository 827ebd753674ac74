package upstream

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// step takes one thing back that was made on the machine; one of its fields says which.
type step struct {
	// Command to run.
	Command []string `json:"command,omitempty"`
	// File that gets its former Content.
	File    string `json:"file,omitempty"`
	Content string `json:"content,omitempty"`
	// Shims of the containerd with this socket are ended, and their containers with them.
	Shims string `json:"shims,omitempty"`
	// Unmount everything at and below this directory.
	Unmount string `json:"unmount,omitempty"`
	// Cgroup is ended with all processes in it, in every hierarchy.
	Cgroup string `json:"cgroup,omitempty"`
	// Links that the kubelet left in /var/log/containers to logs below this directory are removed.
	Links string `json:"links,omitempty"`
}

func (s step) apply() error {
	switch {
	case s.File != "":
		return os.WriteFile(s.File, []byte(s.Content), 0o644)
	case s.Shims != "":
		return endShims(s.Shims)
	case s.Unmount != "":
		return unmountBelow(s.Unmount)
	case s.Cgroup != "":
		return endCgroup(s.Cgroup)
	case s.Links != "":
		return removeLinks(s.Links)
	}
	_, err := command(s.Command...)
	return err
}

// undoWith remembers how to take back what is about to be made.
func (s *State) undoWith(words ...string) error {
	s.Undo = append(s.Undo, step{Command: words})
	return s.save()
}

// keep remembers a kernel setting that a program is about to change.
func (s *State) keep(file string) error {
	for _, known := range s.Undo {
		if known.File == file {
			return nil
		}
	}
	former, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	s.Undo = append(s.Undo, step{File: file, Content: string(former)})
	return s.save()
}

func removeLinks(directory string) error {
	links, err := filepath.Glob("/var/log/containers/*.log")
	if err != nil {
		return err
	}
	var failures []error
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && strings.HasPrefix(target, directory+"/") {
			failures = append(failures, os.Remove(link))
		}
	}
	return errors.Join(failures...)
}

func endShims(socket string) error {
	processes, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		return err
	}
	for _, file := range processes {
		line, _ := os.ReadFile(file)
		words := strings.Split(string(line), "\x00")
		if !strings.Contains(words[0], "containerd-shim") || !strings.Contains(string(line), "\x00"+socket+"\x00") {
			continue
		}
		if pid, err := strconv.Atoi(strings.Split(file, "/")[2]); err == nil {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
	return nil
}

func unmountBelow(directory string) error {
	points, err := mountsBelow(directory)
	if err != nil {
		return err
	}
	var failures []error
	for i := len(points) - 1; i >= 0; i-- {
		if err := syscall.Unmount(points[i], syscall.MNT_DETACH); err != nil && !errors.Is(err, syscall.EINVAL) {
			failures = append(failures, &fs.PathError{Op: "unmount", Path: points[i], Err: err})
		}
	}
	return errors.Join(failures...)
}

// mountsBelow returns what is mounted at and below a directory, in the order of mounting.
func mountsBelow(directory string) ([]string, error) {
	table, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	var points []string
	for line := range strings.Lines(string(table)) {
		point := strings.ReplaceAll(strings.Fields(line)[4], `\040`, " ")
		if point == directory || strings.HasPrefix(point, directory+"/") {
			points = append(points, point)
		}
	}
	return points, nil
}

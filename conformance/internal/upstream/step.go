package upstream

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
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
	table, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return err
	}
	var points []string
	for line := range strings.Lines(string(table)) {
		point := strings.ReplaceAll(strings.Fields(line)[4], `\040`, " ")
		if point == directory || strings.HasPrefix(point, directory+"/") {
			points = append(points, point)
		}
	}
	var failures []error
	for i := len(points) - 1; i >= 0; i-- {
		if err := syscall.Unmount(points[i], syscall.MNT_DETACH); err != nil && !errors.Is(err, syscall.EINVAL) {
			failures = append(failures, &fs.PathError{Op: "unmount", Path: points[i], Err: err})
		}
	}
	return errors.Join(failures...)
}

// hierarchies are the cgroup directories of the machine: one with cgroup v2, several with v1.
func hierarchies() []string {
	if _, err := os.Stat("/sys/fs/cgroup/cgroup.controllers"); err == nil {
		return []string{"/sys/fs/cgroup"}
	}
	found, _ := filepath.Glob("/sys/fs/cgroup/*/cgroup.procs")
	for i, file := range found {
		found[i] = filepath.Dir(file)
	}
	return found
}

// makeCgroup makes a group in every hierarchy, for the kubelet wants its root to be there.
func makeCgroup(state *State, name string) error {
	state.Undo = append(state.Undo, step{Cgroup: name})
	if err := state.save(); err != nil {
		return err
	}
	for _, hierarchy := range hierarchies() {
		path := hierarchy
		for part := range strings.SplitSeq(name, "/") {
			parent := path
			path = filepath.Join(path, part)
			if err := os.MkdirAll(path, 0o755); err != nil {
				return err
			}
			// A version 1 cpuset is born empty and takes no process until it has both.
			for _, file := range []string{"cpuset.cpus", "cpuset.mems"} {
				if value, err := os.ReadFile(filepath.Join(parent, file)); err == nil && filepath.Base(hierarchy) == "cpuset" {
					_ = os.WriteFile(filepath.Join(path, file), value, 0o644)
				}
			}
		}
	}
	return nil
}

func endCgroup(name string) error {
	var failures []error
	for _, hierarchy := range hierarchies() {
		root := filepath.Join(hierarchy, name)
		if !waitUntil(10*time.Second, func() bool { return removeCgroup(root) }) {
			failures = append(failures, &fs.PathError{Op: "remove", Path: root, Err: syscall.EBUSY})
		}
		_ = os.Remove(filepath.Dir(root)) // once the last node's group is gone
	}
	return errors.Join(failures...)
}

// removeCgroup kills whoever is in a group and removes it with the groups below, innermost first.
func removeCgroup(root string) bool {
	var groups []string
	_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			groups = append(groups, path)
		}
		return nil
	})
	for i := len(groups) - 1; i >= 0; i-- {
		members, _ := os.ReadFile(filepath.Join(groups[i], "cgroup.procs"))
		for _, member := range strings.Fields(string(members)) {
			if pid, err := strconv.Atoi(member); err == nil && pid > 1 {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
		_ = os.Remove(groups[i])
	}
	_, err := os.Stat(root)
	return errors.Is(err, fs.ErrNotExist)
}

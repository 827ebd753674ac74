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

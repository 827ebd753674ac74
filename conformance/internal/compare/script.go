// Package compare runs the same commands on two clusters and says where what they print, or how
// they end, differs.
package compare

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

// Script is a list of commands that run one after the other in a namespace of their own.
type Script struct {
	Name  string // of the file, without its extension; also of the namespace
	Steps []Step
}

// Step is one line of a script: a file that is written, or a command.
type Step struct {
	Line     int
	File     string // to write; empty for a command
	Text     string // of the file, or the command as bash takes it
	Compared bool   // otherwise it prepares something: it is tried until it succeeds
	Sorted   bool   // the order of lines means nothing
	Known    string // why the two may differ; empty if they must not
	Drop     []*regexp.Regexp
}

// Read parses the scripts of a directory whose names match, in the order of their names.
//
//	# a comment
//	<<< FILE      the lines up to >>> become a file
//	>>>
//	% COMMAND     prepares: it runs until it ends with 0, for a minute; what it prints is not compared
//	$ COMMAND     is compared: standard output, standard error and exit code
//	@ sorted      before a compared command: its lines are sorted first
//	@ drop REGEX  before a compared command: lines that match are left out
//	@ known WHY   before a compared command: it may differ, and why
//
// A command that ends in a backslash goes on in the next line.
func Read(directory string, names *regexp.Regexp) ([]Script, error) {
	files, err := filepath.Glob(filepath.Join(directory, "*.txt"))
	if err != nil {
		return nil, err
	}
	sort.Strings(files)
	var scripts []Script
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		if !names.MatchString(name) {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		steps, err := parse(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s:%w", file, err)
		}
		scripts = append(scripts, Script{name, steps})
	}
	return scripts, nil
}

func parse(text string) ([]Step, error) {
	var steps []Step
	var next Step
	lines := strings.Split(text, "\n")
	for number := 0; number < len(lines); number++ {
		line, at := lines[number], number+1
		mark, rest, _ := strings.Cut(line, " ")
		switch {
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
		case mark == "<<<":
			var content []string
			for number++; number < len(lines) && lines[number] != ">>>"; number++ {
				content = append(content, lines[number])
			}
			if number == len(lines) {
				return nil, fmt.Errorf("%d: the file %s has no end", at, rest)
			}
			steps = append(steps, Step{Line: at, File: rest, Text: strings.Join(content, "\n") + "\n"})
		case mark == "@":
			if err := next.modify(rest); err != nil {
				return nil, fmt.Errorf("%d: %w", at, err)
			}
		case mark == "$" || mark == "%":
			for strings.HasSuffix(rest, "\\") && number+1 < len(lines) {
				number++
				rest = strings.TrimSuffix(rest, "\\") + strings.TrimLeft(lines[number], " ")
			}
			next.Line, next.Text, next.Compared = at, rest, mark == "$"
			steps = append(steps, next)
			next = Step{}
		default:
			return nil, fmt.Errorf("%d: what is %q?", at, line)
		}
	}
	return steps, nil
}

func (s *Step) modify(word string) error {
	kind, rest, _ := strings.Cut(word, " ")
	switch {
	case kind == "sorted" && rest == "":
		s.Sorted = true
	case kind == "known" && rest != "":
		s.Known = rest
	case kind == "drop" && rest != "":
		pattern, err := regexp.Compile(rest)
		if err != nil {
			return err
		}
		s.Drop = append(s.Drop, pattern)
	default:
		return fmt.Errorf("what is @ %s?", word)
	}
	return nil
}

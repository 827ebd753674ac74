package results

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Journal is the file to which results are added one by one, so that a run that is cut off loses
// nothing. Its first line names the build that is judged.
type Journal struct {
	file *os.File
}

const heading = "# build "

// Begin starts a new journal.
func Begin(path, build string) (*Journal, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if _, err := fmt.Fprintf(file, "%s%s\n%s\n", heading, build, columns); err != nil {
		return nil, err
	}
	return &Journal{file}, nil
}

// Continue adds to a journal; the results that it has are returned. It is an error if they are of
// another build.
func Continue(path, build string) (*Journal, map[string]Result, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("nothing to resume: %w", err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	if before := strings.TrimPrefix(first, heading); before != build {
		return nil, nil, fmt.Errorf("nothing to resume: the last run judged build %s, this is %s", before, build)
	}
	known, err := Read(path)
	if err != nil {
		return nil, nil, err
	}
	whole := int64(strings.LastIndexByte(string(text), '\n') + 1)
	if err := os.Truncate(path, whole); err != nil {
		return nil, nil, err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0o644)
	return &Journal{file}, known, err
}

// Add keeps a result, at once.
func (j *Journal) Add(result Result) error {
	_, err := j.file.WriteString(result.line() + "\n")
	return err
}

// Close ends writing.
func (j *Journal) Close() error { return j.file.Close() }

var unfit = regexp.MustCompile(`[^A-Za-z0-9]+`)

// LogName is the name of a test's log file.
func LogName(test string) string {
	name := strings.Trim(unfit.ReplaceAllString(test, "-"), "-")
	return name[:min(len(name), 180)] + ".log"
}

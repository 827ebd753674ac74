// Package build makes upstream's programs from the Go module proxy, once for each version.
package build

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Program is one of upstream's, by the name of its file and its package.
type Program struct {
	Name, Package string
	Test          bool // built by go test -c
}

// Suite has everything that a run needs: the tests, their client, and what they put into containers.
var Suite = []Program{
	{Name: "e2e.test", Package: "k8s.io/kubernetes/test/e2e", Test: true},
	{Name: "ginkgo", Package: "github.com/onsi/ginkgo/v2/ginkgo"},
	{Name: "kubectl", Package: "k8s.io/kubernetes/cmd/kubectl"},
	{Name: "agnhost", Package: "k8s.io/kubernetes/test/images/agnhost"},
	{Name: "nnp", Package: "k8s.io/kubernetes/test/images/nonewprivs"},
	{Name: "regression-issue-74839", Package: "k8s.io/kubernetes/test/images/regression-issue-74839"},
	{Name: "sample-apiserver", Package: "k8s.io/sample-apiserver"},
	{Name: "pause", Package: "./cmd/pause"},
}

// Toolchain builds from one Go module into one cache.
type Toolchain struct {
	Module string // the directory of go.mod
	Cache  string
	Say    func(format string, words ...any)
}

// Version is that of k8s.io/kubernetes in go.mod, such as v1.36.3.
func (t Toolchain) Version() (string, error) {
	text, err := os.ReadFile(filepath.Join(t.Module, "go.mod"))
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) >= 2 && words[0] == "k8s.io/kubernetes" {
			return words[1], nil
		}
	}
	return "", fmt.Errorf("%s/go.mod does not require k8s.io/kubernetes", t.Module)
}

// Directory has the programs of this version.
func (t Toolchain) Directory() (string, error) {
	version, err := t.Version()
	return filepath.Join(t.Cache, "bin", version), err
}

// Make builds what is not yet there, one program after the other: a link takes gigabytes.
func (t Toolchain) Make(ctx context.Context, programs []Program) (string, error) {
	into, err := t.Directory()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(into, 0o755); err != nil {
		return "", err
	}
	version, _ := t.Version()
	for _, program := range programs {
		target := filepath.Join(into, program.Name)
		if _, err := os.Stat(target); err == nil {
			continue
		}
		t.Say("building %s of upstream %s", program.Name, version)
		words := []string{"build"}
		if program.Test {
			words = []string{"test", "-c"}
		}
		words = append(words, "-ldflags", flags(version), "-o", target+".new", program.Package)
		command := exec.CommandContext(ctx, "go", words...)
		command.Dir = t.Module
		command.Env = append(os.Environ(), "CGO_ENABLED=0")
		if output, err := command.CombinedOutput(); err != nil {
			return "", fmt.Errorf("building %s: %w\n%s", program.Package, err, output)
		}
		if err := os.Rename(target+".new", target); err != nil {
			return "", err
		}
	}
	return into, nil
}

// Source is where the files of a package of the module are, for those that images carry.
func (t Toolchain) Source(ctx context.Context, pkg string) (string, error) {
	command := exec.CommandContext(ctx, "go", "list", "-f", "{{.Dir}}", pkg)
	command.Dir = t.Module
	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("where is %s: %w", pkg, err)
	}
	return strings.TrimSpace(string(output)), nil
}

func flags(version string) string {
	parts := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	return fmt.Sprintf("-s -w -X k8s.io/component-base/version.gitVersion=%s"+
		" -X k8s.io/component-base/version.gitMajor=%s -X k8s.io/component-base/version.gitMinor=%s"+
		" -X k8s.io/client-go/pkg/version.gitVersion=%s", version, parts[0], parts[1], version)
}

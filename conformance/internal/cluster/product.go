package cluster

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// CopyProduct builds Bulwark if its sources changed and copies it, so that the checkout may change
// while the copy is used. Returns the copy's launcher.
func CopyProduct(ctx context.Context, repository, into string) (string, error) {
	build := exec.CommandContext(ctx, filepath.Join(repository, "bulwark"), "--version")
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building Bulwark: %w\n%s", err, output)
	}
	target := filepath.Join(into, "cli", "target")
	if err := os.RemoveAll(into); err != nil {
		return "", err
	}
	if err := os.MkdirAll(target, 0o755); err != nil {
		return "", err
	}
	launcher := filepath.Join(into, "bulwark")
	for from, to := range map[string]string{
		"bulwark":                launcher,
		"cli/target/bulwark.jar": filepath.Join(target, "bulwark.jar"),
		"cli/target/lib":         filepath.Join(target, "lib"),
	} {
		copy := exec.CommandContext(ctx, "cp", "--recursive", "--preserve=all", filepath.Join(repository, from), to)
		if output, err := copy.CombinedOutput(); err != nil {
			return "", fmt.Errorf("copying Bulwark: %w: %s", err, output)
		}
	}
	return launcher, nil
}

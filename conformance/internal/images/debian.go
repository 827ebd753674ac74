package images

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// unpack fetches packages with all that they depend on and unpacks them into a new root directory.
// Nothing is installed and no script of a package runs; apt is told that the machine has nothing.
func (k Kitchen) unpack(ctx context.Context, root string, packages []string) error {
	debs, err := os.MkdirTemp("", "bulwark-debs-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(debs)
	if err := os.MkdirAll(filepath.Join(debs, "partial"), 0o755); err != nil {
		return err
	}
	empty := filepath.Join(debs, "status")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		return err
	}
	words := append([]string{"-qq", "-y", "--download-only", "--no-install-recommends",
		"-o", "Dir::State::status=" + empty, "-o", "Dir::Cache::archives=" + debs,
		"-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User=root", "install"}, packages...)
	if output, err := exec.CommandContext(ctx, "apt-get", words...).CombinedOutput(); err != nil {
		if update, failed := exec.CommandContext(ctx, "apt-get", "-qq", "update").CombinedOutput(); failed != nil {
			return fmt.Errorf("apt-get update: %w\n%s", failed, update)
		}
		if output, err = exec.CommandContext(ctx, "apt-get", words...).CombinedOutput(); err != nil {
			return fmt.Errorf("apt-get could not fetch %v: %w\n%s", packages, err, output)
		}
	}
	// Debian's directories as they are since 12, before any package is there to make them otherwise.
	for _, directory := range []string{"bin", "sbin", "lib", "lib64"} {
		if err := os.MkdirAll(filepath.Join(root, "usr", directory), 0o755); err != nil {
			return err
		}
		if err := os.Symlink("usr/"+directory, filepath.Join(root, directory)); err != nil {
			return err
		}
	}
	for _, directory := range []string{"dev", "etc", "proc", "root", "run", "sys", "tmp", "usr/local/bin", "var/log", "var/tmp"} {
		if err := os.MkdirAll(filepath.Join(root, directory), 0o755); err != nil {
			return err
		}
	}
	files, err := filepath.Glob(filepath.Join(debs, "*.deb"))
	if err != nil {
		return err
	}
	for _, file := range files {
		script := `dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --keep-directory-symlink`
		if output, err := exec.CommandContext(ctx, "bash", "-o", "pipefail", "-c", script, "unpack", file, root).CombinedOutput(); err != nil {
			return fmt.Errorf("unpacking %s: %w\n%s", filepath.Base(file), err, output)
		}
	}
	for _, unread := range []string{"usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info", "usr/share/bash-completion"} {
		if err := os.RemoveAll(filepath.Join(root, unread)); err != nil {
			return err
		}
	}
	return nil
}

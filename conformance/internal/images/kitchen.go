package images

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"sync"

	"bulwark.io/conformance/internal/build"
)

// Kitchen makes archives of images, each once.
type Kitchen struct {
	Toolchain build.Toolchain
	// Product makes a Bulwark in a directory, whose image builder is used, and returns its launcher.
	Product func(ctx context.Context, into string) (string, error)
	Say     func(format string, words ...any)
}

// Make returns the archives of all images in upstream's list that have a recipe.
func (k Kitchen) Make(ctx context.Context) ([]string, error) {
	programs, err := k.Toolchain.Directory()
	if err != nil {
		return nil, err
	}
	names, err := list(ctx, filepath.Join(programs, "e2e.test"))
	if err != nil {
		return nil, err
	}
	scratch, err := os.MkdirTemp("", "bulwark-kitchen-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	builder := sync.OnceValues(func() (string, error) { return k.Product(ctx, filepath.Join(scratch, "product")) })
	var archives []string
	for _, name := range names {
		repository := name[:strings.LastIndexByte(name, ':')]
		recipe, known := recipes[repository]
		if !known {
			continue
		}
		archive, err := k.make(ctx, builder, programs, name, recipe)
		if err != nil {
			return nil, fmt.Errorf("image %s: %w", name, err)
		}
		archives = append(archives, archive)
	}
	return archives, nil
}

// list asks the tests which images they use; the answer is kept beside them.
func list(ctx context.Context, program string) ([]string, error) {
	kept := program + ".images"
	text, err := os.ReadFile(kept)
	if err != nil {
		if text, err = exec.CommandContext(ctx, program, "--list-images").Output(); err != nil {
			return nil, fmt.Errorf("listing the tests' images: %w", err)
		}
		if err := os.WriteFile(kept, text, 0o644); err != nil {
			return nil, err
		}
	}
	return parse(string(text)), nil
}

var imageName = regexp.MustCompile(`^[a-z0-9.-]+/\S+:[A-Za-z0-9_.-]+$`)

func parse(text string) []string {
	var names []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); imageName.MatchString(line) {
			names = append(names, line)
		}
	}
	sort.Strings(names)
	return names
}

func (k Kitchen) make(
	ctx context.Context, builder func() (string, error), programs, name string, recipe recipe,
) (string, error) {
	mark := sha256.Sum256(fmt.Appendf(nil, "4 %s %s %#v", programs, name, recipe))
	file := strings.NewReplacer("/", "_", ":", "_").Replace(name) + "-" + hex.EncodeToString(mark[:4]) + ".tar"
	archive := filepath.Join(k.Toolchain.Cache, "images", file)
	if _, err := os.Stat(archive); err == nil {
		return archive, nil
	}
	k.Say("making image %s", name)
	scratch, err := os.MkdirTemp("", "bulwark-image-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(scratch)
	root := filepath.Join(scratch, "root")
	if err := k.unpack(ctx, root, append([]string{"busybox-static", "bash"}, recipe.packages...)); err != nil {
		return "", err
	}
	if err := k.furnish(ctx, root, programs, recipe); err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(archive), 0o755); err != nil {
		return "", err
	}
	words := []string{"image", "build", "--from", root, "--tag", name, "--output", archive + ".new"}
	for _, word := range recipe.entry {
		words = append(words, "--entrypoint="+word)
	}
	for _, word := range recipe.command {
		words = append(words, "--cmd="+word)
	}
	if recipe.user != "" {
		words = append(words, "--user="+recipe.user)
	}
	launcher, err := builder()
	if err != nil {
		return "", err
	}
	command := exec.CommandContext(ctx, launcher, words...)
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("bulwark image build: %w\n%s", err, output)
	}
	return archive, os.Rename(archive+".new", archive)
}

func (k Kitchen) furnish(ctx context.Context, root, programs string, recipe recipe) error {
	for path, program := range recipe.programs {
		if err := copyFile(filepath.Join(programs, program), filepath.Join(root, path), 0o755); err != nil {
			return err
		}
	}
	for path, source := range recipe.sources {
		module, err := k.Toolchain.Source(ctx, "k8s.io/kubernetes/test/e2e")
		if err != nil {
			return err
		}
		from := filepath.Join(module, "..", "..", strings.TrimPrefix(source, "k8s.io/kubernetes/"))
		if err := copyFile(from, filepath.Join(root, path), 0o644); err != nil {
			return err
		}
	}
	texts := map[string]string{
		"etc/passwd":        "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
		"etc/group":         "root:x:0:\nnogroup:x:65534:\n",
		"etc/nsswitch.conf": "hosts: files dns\n",
	}
	for path, text := range recipe.files {
		texts[path] = text
	}
	for path, text := range texts {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	for path, target := range recipe.links {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		_ = os.Remove(path)
		if err := os.Symlink(target, path); err != nil {
			return err
		}
	}
	if err := os.Symlink("bash", filepath.Join(root, "usr/bin/sh")); err != nil {
		return err
	}
	if err := applets(ctx, root); err != nil {
		return err
	}
	for path, mode := range recipe.modes {
		special := os.FileMode(mode & 0o777)
		if mode&0o4000 != 0 {
			special |= os.ModeSetuid
		}
		if mode&0o2000 != 0 {
			special |= os.ModeSetgid
		}
		if err := os.Chmod(filepath.Join(root, path), special); err != nil {
			return err
		}
	}
	return os.Chmod(filepath.Join(root, "tmp"), 0o777|os.ModeSticky)
}

// applets gives busybox the names of all programs that no package brought.
func applets(ctx context.Context, root string) error {
	busybox := filepath.Join(root, "usr/bin/busybox")
	names, err := exec.CommandContext(ctx, busybox, "--list").Output()
	if err != nil {
		return err
	}
	for _, name := range strings.Fields(string(names)) {
		there := false
		for _, directory := range []string{"usr/bin", "usr/sbin"} {
			if _, err := os.Lstat(filepath.Join(root, directory, name)); err == nil {
				there = true
			}
		}
		if !there {
			if err := os.Symlink("/bin/busybox", filepath.Join(root, "usr/bin", name)); err != nil {
				return err
			}
		}
	}
	return nil
}

func copyFile(from, to string, mode os.FileMode) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(to, text, mode); err != nil {
		return err
	}
	return os.Chmod(to, mode)
}

package upstream

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"

// provideEtcd takes etcd 3.5 from a newer Debian suite: unpacked, not installed. The program is
// self-contained.
func provideEtcd(programs string) error {
	target := filepath.Join(programs, Etcd)
	if _, err := os.Stat(target); err == nil {
		return nil
	}
	var failures []error
	for _, suite := range []string{"sid", "trixie"} {
		err := unpack(suite, "etcd-server", "usr/bin/etcd", target)
		if err == nil {
			err = wantVersion(target)
		}
		if err == nil {
			return nil
		}
		failures = append(failures, err)
		_ = os.Remove(target)
	}
	return errors.Join(failures...)
}

func wantVersion(etcd string) error {
	version, err := command(etcd, "--version")
	if err != nil {
		return err
	}
	if !strings.HasPrefix(version, "etcd Version: 3.5.") {
		return fmt.Errorf("wanted etcd 3.5, found %s", strings.SplitN(version, "\n", 2)[0])
	}
	return nil
}

// unpack fetches one file of one package of a Debian suite that need not be the machine's own. apt
// checks the signatures; its own lists and sources are left alone.
func unpack(suite, name, file, target string) error {
	mirror, err := debianMirror()
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "debian")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	for _, directory := range []string{"lists/partial", "archives/partial", "out"} {
		if err := os.MkdirAll(filepath.Join(work, directory), 0o755); err != nil {
			return err
		}
	}
	sources := filepath.Join(work, "sources.list")
	line := fmt.Sprintf("deb [signed-by=%s] %s %s main\n", keyring, mirror, suite)
	if err := os.WriteFile(sources, []byte(line), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "Fetching %s of Debian %s (unpacked, not installed)\n", name, suite)
	options := []string{"apt-get", "-qq", "-o", "Dir::Etc::sourcelist=" + sources, "-o", "Dir::Etc::sourceparts=-",
		"-o", "Dir::State::lists=" + work + "/lists", "-o", "Dir::Cache::archives=" + work + "/archives",
		"-o", "Dir::Cache::pkgcache=", "-o", "Dir::Cache::srcpkgcache=", "-o", "APT::Sandbox::User=root"}
	if _, err := command(append(options, "update")...); err != nil {
		return err
	}
	download := exec.Command(options[0], append(options[1:], "download", name)...)
	download.Dir = filepath.Join(work, "out")
	if output, err := download.CombinedOutput(); err != nil {
		return fmt.Errorf("apt-get download %s: %w: %s", name, err, output)
	}
	packages, err := filepath.Glob(filepath.Join(work, "out", name+"_*.deb"))
	if err != nil || len(packages) != 1 {
		return fmt.Errorf("no package %s in Debian %s", name, suite)
	}
	if _, err := command("dpkg-deb", "-x", packages[0], filepath.Join(work, "out")); err != nil {
		return err
	}
	_, err = command("cp", filepath.Join(work, "out", file), target)
	return err
}

var mirrorLine = regexp.MustCompile(`(?m)^(?:URIs:|deb(?: \[[^]]*\])?) +(https?://[^ ]+/debian/?)(?: |$)`)

// debianMirror is the first mirror that the machine's own sources name.
func debianMirror() (string, error) {
	if _, err := os.Stat(keyring); err != nil {
		return "", fmt.Errorf("etcd 3.5 comes from Debian, and this is not a Debian system: %w", err)
	}
	files := []string{"/etc/apt/sources.list"}
	for _, pattern := range []string{"*.list", "*.sources"} {
		more, _ := filepath.Glob("/etc/apt/sources.list.d/" + pattern)
		files = append(files, more...)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		if match := mirrorLine.FindSubmatch(content); match != nil {
			return string(match[1]), nil
		}
	}
	return "", errors.New("no Debian mirror in apt's sources to take etcd 3.5 from")
}

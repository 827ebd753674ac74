package upstream

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// ownImages makes the images that the cluster itself needs, of one program each.
func ownImages(options Options) ([]string, error) {
	var archives []string
	for _, next := range []struct{ program, image string }{{"pause", pauseImage}, {"coredns", dnsImage}} {
		archive := options.program(next.program) + ".tar"
		if err := writeArchive(archive, next.image, options.program(next.program)); err != nil {
			return nil, err
		}
		archives = append(archives, archive)
	}
	return archives, nil
}

// writeArchive makes an image of one self-contained program, in the form that `docker save` writes.
func writeArchive(file, name, program string) error {
	content, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	entry := "/" + filepath.Base(program)
	layer, err := tarOf(tarFile{entry[1:], 0o755, content})
	if err != nil {
		return err
	}
	configuration, err := json.Marshal(object{
		"architecture": "amd64", "os": "linux",
		"config": object{"Entrypoint": []string{entry}},
		"rootfs": object{"type": "layers", "diff_ids": []string{fmt.Sprintf("sha256:%x", sha256.Sum256(layer))}},
	})
	if err != nil {
		return err
	}
	manifest, err := json.Marshal([]object{
		{"Config": "config.json", "RepoTags": []string{name}, "Layers": []string{"layer.tar"}},
	})
	if err != nil {
		return err
	}
	archive, err := tarOf(tarFile{"config.json", 0o644, configuration}, tarFile{"layer.tar", 0o644, layer},
		tarFile{"manifest.json", 0o644, manifest})
	if err != nil {
		return err
	}
	return os.WriteFile(file, archive, 0o644)
}

type tarFile struct {
	name    string
	mode    int64
	content []byte
}

func tarOf(files ...tarFile) ([]byte, error) {
	var buffer bytes.Buffer
	writer := tar.NewWriter(&buffer)
	for _, file := range files {
		header := &tar.Header{Name: file.name, Mode: file.mode, Size: int64(len(file.content)), Typeflag: tar.TypeReg}
		if err := writer.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := writer.Write(file.content); err != nil {
			return nil, err
		}
	}
	return buffer.Bytes(), writer.Close()
}

package upstream

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
)

// writeKubeconfig signs a client certificate for someone and writes a kubeconfig that holds it, so
// that the file works wherever it is copied to. JSON is YAML as well.
func (a *authority) writeKubeconfig(file, server string, who subject) error {
	client, err := a.issue(filepath.Base(file)+"-client", who)
	if err != nil {
		return err
	}
	data := map[string]string{}
	for name, path := range map[string]string{"ca": a.File, "crt": client.certificate, "key": client.key} {
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		data[name] = base64.StdEncoding.EncodeToString(content)
	}
	type object = map[string]any
	content, err := json.MarshalIndent(object{
		"apiVersion":      "v1",
		"kind":            "Config",
		"current-context": "upstream",
		"contexts": []object{{"name": "upstream",
			"context": object{"cluster": "upstream", "user": who.name}}},
		"clusters": []object{{"name": "upstream",
			"cluster": object{"server": server, "certificate-authority-data": data["ca"]}}},
		"users": []object{{"name": who.name,
			"user": object{"client-certificate-data": data["crt"], "client-key-data": data["key"]}}},
	}, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return os.WriteFile(file, append(content, '\n'), 0o600)
}

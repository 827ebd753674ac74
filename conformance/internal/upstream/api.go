package upstream

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// api is a small client of the cluster's own API, with an administrator's rights.
type api struct {
	server string
	http   http.Client
}

func newAPI(server string, keys *pki) (*api, error) {
	health, err := newHealthClient(keys.cluster.File, keys.admin)
	if err != nil {
		return nil, err
	}
	return &api{server, health.http}, nil
}

func (a *api) get(path string) (object, error) {
	response, err := a.http.Get(a.server + path)
	if err != nil {
		return nil, err
	}
	return read(response)
}

func (a *api) create(path string, value object) error {
	content, err := json.Marshal(value)
	if err != nil {
		return err
	}
	response, err := a.http.Post(a.server+path, "application/json", bytes.NewReader(content))
	if err != nil {
		return err
	}
	_, err = read(response)
	return err
}

func read(response *http.Response) (object, error) {
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode >= 300 {
		return nil, fmt.Errorf("%s %s: %s", response.Request.Method, response.Request.URL.Path, content)
	}
	result := object{}
	return result, json.Unmarshal(content, &result)
}

// text returns a string inside an object, empty when it is not there.
func (a *api) text(path string, fields ...string) (string, error) {
	value, err := a.get(path)
	if err != nil {
		return "", err
	}
	for _, field := range fields[:len(fields)-1] {
		value, _ = value[field].(object)
	}
	text, _ := value[fields[len(fields)-1]].(string)
	return text, nil
}

// condition returns the status of one condition of an object, empty when there is none.
func (a *api) condition(path, kind string) (string, error) {
	value, err := a.get(path)
	if err != nil {
		return "", err
	}
	status, _ := value["status"].(object)
	conditions, _ := status["conditions"].([]any)
	for _, each := range conditions {
		if condition, _ := each.(object); condition["type"] == kind {
			text, _ := condition["status"].(string)
			return text, nil
		}
	}
	return "", nil
}

func (a *api) deploymentAvailable(namespace, name string) bool {
	status, err := a.condition("/apis/apps/v1/namespaces/"+namespace+"/deployments/"+name, "Available")
	return err == nil && status == "True"
}

// Package differential sends the same requests to the original and to Bulwark and compares the answers.
package differential

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// Case is a chain of requests. It has a namespace of its own, ${ns}, with the account "default".
type Case struct {
	Name  string `json:"name"`
	Steps []Step `json:"steps"`
}

// Step is one request. ${name} stands for what an earlier step saved; each server has its own.
type Step struct {
	// Do is a method and a path, such as "GET /api/v1/namespaces".
	Do string `json:"do"`
	// Body is sent as JSON; Text as it stands. ${fill:N} is a text of N letters, ${nest:N} as many arrays.
	Body json.RawMessage `json:"body,omitempty"`
	Text string          `json:"text,omitempty"`
	// Type is the media type of the body, or one of the short words in mediaTypes.
	Type    string            `json:"type,omitempty"`
	Accept  string            `json:"accept,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	// As is empty for the administrator, "anonymous", or a bearer token.
	As string `json:"as,omitempty"`
	// Save keeps values of the answer by their path, such as metadata.resourceVersion.
	Save map[string]string `json:"save,omitempty"`
	// Events ends a watch after so many events.
	Events int `json:"events,omitempty"`
	// Until repeats the request until its status is this one: informers take their time.
	Until int `json:"until,omitempty"`
	// Drop removes members of these names wherever they are in the answer.
	Drop []string `json:"drop,omitempty"`
}

var mediaTypes = map[string]string{
	"json":           "application/json",
	"yaml":           "application/yaml",
	"protobuf":       "application/vnd.kubernetes.protobuf",
	"json-patch":     "application/json-patch+json",
	"merge-patch":    "application/merge-patch+json",
	"strategic":      "application/strategic-merge-patch+json",
	"apply":          "application/apply-patch+yaml",
	"table":          "application/json;as=Table;v=v1;g=meta.k8s.io",
	"partial":        "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
	"partial-list":   "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
	"discovery":      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
	"discovery-beta": "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList",
}

func mediaType(word string) string {
	if long, known := mediaTypes[word]; known {
		return long
	}
	return word
}

// Load reads all cases below a directory, those of kinds.yaml made for every kind among them.
func Load(directory string) ([]Case, error) {
	files, err := filepath.Glob(filepath.Join(directory, "cases", "*.yaml"))
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	var cases []Case
	for _, file := range files {
		var own []Case
		if err := readYAML(file, &own); err != nil {
			return nil, err
		}
		area := strings.TrimSuffix(filepath.Base(file), ".yaml")
		for number := range own {
			own[number].Name = area + "/" + own[number].Name
		}
		cases = append(cases, own...)
	}
	var kinds []Kind
	if err := readYAML(filepath.Join(directory, "kinds.yaml"), &kinds); err != nil {
		return nil, err
	}
	for _, kind := range kinds {
		cases = append(cases, kind.cases()...)
	}
	seen := map[string]bool{}
	for _, each := range cases {
		if seen[each.Name] {
			return nil, fmt.Errorf("two cases are named %s", each.Name)
		}
		seen[each.Name] = true
	}
	return cases, nil
}

func readYAML(file string, into any) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := yaml.UnmarshalStrict(content, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// Namespace is the name of the case's namespace, the same on both servers.
func (c Case) Namespace() string {
	name := regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(c.Name), "-")
	return strings.Trim(name[:min(len(name), 60)], "-")
}

var variable = regexp.MustCompile(`\$\{([a-zA-Z0-9:]+)\}`)

// expand fills in variables.
func expand(text string, known map[string]string) string {
	return variable.ReplaceAllStringFunc(text, func(found string) string {
		name := variable.FindStringSubmatch(found)[1]
		var count int
		if _, err := fmt.Sscanf(name, "fill:%d", &count); err == nil {
			return strings.Repeat("a", count)
		}
		if _, err := fmt.Sscanf(name, "nest:%d", &count); err == nil {
			return strings.Repeat("[", count) + strings.Repeat("]", count)
		}
		if value, there := known[name]; there {
			return value
		}
		return found
	})
}

func (s Step) content(known map[string]string) []byte {
	switch {
	case s.Body != nil:
		var tight bytes.Buffer
		if json.Compact(&tight, s.Body) != nil {
			return s.Body
		}
		return []byte(expand(tight.String(), known))
	case s.Text != "":
		return []byte(expand(s.Text, known))
	}
	return nil
}

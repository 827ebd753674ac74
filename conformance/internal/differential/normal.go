package differential

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// The headers that clients go by.
var headers = []string{
	"Allow", "Cache-Control", "Content-Type", "Location", "Retry-After", "Warning", "Www-Authenticate",
	"X-Content-Type-Options",
}

// rewrites make equal what no two servers have in common.
var rewrites = []struct {
	pattern *regexp.Regexp
	by      string
}{
	{regexp.MustCompile(`\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`), "UID"},
	{regexp.MustCompile(`\b20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|\+00:00)`), "TIME"},
	{regexp.MustCompile(`\b10\.(9[6-9]|1[0-9]{2})\.[0-9]+\.[0-9]+\b`), "CLUSTERIP"},
	{regexp.MustCompile(`(:)3[0-9]{4}(/(TCP|UDP|SCTP))`), "${1}NODEPORT$2"},
	{regexp.MustCompile(`^[0-9]+(s|ms)$`), "AGE"},
	{regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]+`), "TOKEN"},
	{regexp.MustCompile(`kube-api-access-[a-z0-9]{5}`), "kube-api-access-XXXXX"},
	{regexp.MustCompile(`\b(Bad_|made-)[a-z0-9]{5}\b`), "${1}XXXXX"},
	{regexp.MustCompile(`too old resource version: [0-9]+ \([0-9]+\)`), "too old resource version: RV (RV)"},
	{regexp.MustCompile(`(ResourceVersion in (?:record|object meta)[ :]*\(?)[0-9]+`), "${1}RV"},
	{regexp.MustCompile(`(Too large resource version: [0-9]+, current: )[0-9]+`), "${1}RV"},
}

// view is an answer as it is compared.
func (s *Server) view(step Step, answer Answer) map[string]any {
	shown := map[string]any{"status": json.Number(itoa(answer.Status))}
	chosen := map[string]any{}
	for _, name := range headers {
		if values := answer.Headers.Values(name); len(values) > 0 {
			chosen[name] = s.text(strings.Join(values, ", "))
		}
	}
	shown["headers"] = chosen
	shown["body"] = withoutOrder(s.value("", remove(parse(answer), step.Drop)))
	return shown
}

// withoutOrder sorts the causes of a refusal and takes each once: upstream walks maps in random order,
// and checks metadata up to three times. The message, which lists them again, keeps its opening.
func withoutOrder(body any) any {
	status, _ := body.(map[string]any)
	details, _ := status["details"].(map[string]any)
	causes, _ := details["causes"].([]any)
	if len(causes) < 2 {
		return body
	}
	slices.SortFunc(causes, func(one, other any) int { return strings.Compare(show(one), show(other)) })
	details["causes"] = slices.CompactFunc(causes, func(one, other any) bool { return show(one) == show(other) })
	if message, text := status["message"].(string); text {
		opening, _, _ := strings.Cut(message, " is invalid: ")
		status["message"] = opening + " is invalid"
	}
	return body
}

func itoa(number int) string {
	text, _ := json.Marshal(number)
	return string(text)
}

// parse reads a body: JSON, the lines of a watch, YAML, or the text itself.
func parse(answer Answer) any {
	content := answer.Body
	kind := answer.Headers.Get("Content-Type")
	if strings.Contains(kind, "yaml") {
		if plain, err := yaml.YAMLToJSON(content); err == nil {
			content = plain
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	var values []any
	for decoder.More() {
		var value any
		if decoder.Decode(&value) != nil {
			return string(answer.Body)
		}
		values = append(values, value)
	}
	if len(values) == 1 && !strings.Contains(kind, "stream=watch") {
		return values[0]
	}
	if len(values) == 0 {
		return string(content)
	}
	return values
}

func remove(value any, names []string) any {
	switch typed := value.(type) {
	case map[string]any:
		for name, member := range typed {
			if slices.Contains(names, name) {
				delete(typed, name)
				continue
			}
			typed[name] = remove(member, names)
		}
	case []any:
		for index, element := range typed {
			typed[index] = remove(element, names)
		}
	}
	return value
}

func (s *Server) value(name string, value any) any {
	switch typed := value.(type) {
	case map[string]any:
		made, _ := typed["generateName"].(string)
		generated := ""
		if full, named := typed["name"].(string); named && made != "" && strings.HasPrefix(full, made) {
			generated = made + "XXXXX"
		}
		for member, inner := range typed {
			typed[member] = s.value(member, inner)
		}
		if generated != "" {
			typed["name"] = generated
		}
		return typed
	case []any:
		for index, element := range typed {
			typed[index] = s.value(name, element)
		}
		return typed
	case json.Number:
		if (name == "nodePort" || name == "healthCheckNodePort") && typed != "0" {
			return "NODEPORT"
		}
		return typed
	case string:
		if typed != "" && typed != "0" && (name == "resourceVersion" || name == "continue") {
			return strings.ToUpper(name)
		}
		return s.text(typed)
	}
	return value
}

func (s *Server) text(text string) string {
	text = strings.ReplaceAll(text, s.URL, "SERVER")
	text = strings.ReplaceAll(text, "127.0.0.1:"+s.known["port"], "SERVER")
	for _, rewrite := range rewrites {
		text = rewrite.pattern.ReplaceAllString(text, rewrite.by)
	}
	return text
}

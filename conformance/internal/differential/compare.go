package differential

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Difference is one value that the two servers do not agree on.
type Difference struct {
	At       string // such as body.spec.replicas
	Original string
	Ours     string
}

type absence struct{}

// different lists what differs between two answers. Where already the status does, the rest says little.
func different(original, ours map[string]any) []Difference {
	first, second := show(original["status"]), show(ours["status"])
	if first == second {
		return compare("", original, ours)
	}
	return []Difference{{"status", first + " " + told(original["body"]), second + " " + told(ours["body"])}}
}

func told(body any) string {
	if status, object := body.(map[string]any); object && status["kind"] == "Status" {
		return show(status["message"])
	}
	return show(body)
}

// compare lists what differs, members in the order of their names.
func compare(at string, original, ours any) []Difference {
	switch left := original.(type) {
	case map[string]any:
		if right, same := ours.(map[string]any); same {
			return members(at, left, right)
		}
	case []any:
		if right, same := ours.([]any); same {
			return elements(at, left, right)
		}
	}
	first, second := show(original), show(ours)
	if first == second {
		return nil
	}
	return []Difference{{at, first, second}}
}

func members(at string, left, right map[string]any) []Difference {
	names := slices.Collect(maps.Keys(left))
	for name := range right {
		if _, both := left[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var found []Difference
	for _, name := range names {
		found = append(found, compare(at+"."+name, member(left, name), member(right, name))...)
	}
	return found
}

func member(of map[string]any, name string) any {
	if value, there := of[name]; there {
		return value
	}
	return absence{}
}

// elements pairs by name where the lists have different names, and by place elsewhere.
func elements(at string, left, right []any) []Difference {
	first, second := names(left), names(right)
	if first != nil && second != nil && !slices.Equal(first, second) {
		return byName(at, first, second, left, right)
	}
	var found []Difference
	for index := range max(len(left), len(right)) {
		var one, other any = absence{}, absence{}
		if index < len(left) {
			one = left[index]
		}
		if index < len(right) {
			other = right[index]
		}
		found = append(found, compare(fmt.Sprintf("%s[%d]", at, index), one, other)...)
	}
	return found
}

func byName(at string, first, second []string, left, right []any) []Difference {
	var found []Difference
	var both, again []string
	for index, name := range first {
		other := slices.Index(second, name)
		if other < 0 {
			found = append(found, Difference{at + "[" + name + "]", show(left[index]), show(absence{})})
			continue
		}
		both = append(both, name)
		found = append(found, compare(at+"["+name+"]", left[index], right[other])...)
	}
	for index, name := range second {
		if slices.Contains(first, name) {
			again = append(again, name)
			continue
		}
		found = append(found, Difference{at + "[" + name + "]", show(absence{}), show(right[index])})
	}
	if !slices.Equal(both, again) {
		found = append(found, Difference{at + "(order)", strings.Join(both, ","), strings.Join(again, ",")})
	}
	return found
}

// names of elements by which they can be told apart, or nil.
func names(list []any) []string {
	var found []string
	for _, element := range list {
		var name string
		switch typed := element.(type) {
		case map[string]any:
			name = nameOf(typed)
		case string:
			name = typed
		}
		if name == "" || slices.Contains(found, name) {
			return nil
		}
		found = append(found, name)
	}
	return found
}

func nameOf(object map[string]any) string {
	if metadata, inner := object["metadata"].(map[string]any); inner {
		if name, there := metadata["name"].(string); there {
			return name
		}
	}
	if field, cause := object["field"].(string); cause {
		return field + " " + show(object["reason"])
	}
	for _, field := range []string{"resource", "name", "groupVersion"} {
		if name, there := object[field].(string); there {
			if version, also := object["version"].(string); also {
				return name + "/" + version
			}
			return name
		}
	}
	return ""
}

func show(value any) string {
	if _, missing := value.(absence); missing {
		return "(absent)"
	}
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

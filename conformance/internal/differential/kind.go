package differential

import (
	"encoding/json"
	"maps"
	"strings"
)

// Kind is what the cases that every kind has in common are made of.
type Kind struct {
	// Path is api/v1 or apis/GROUP/VERSION.
	Path     string         `json:"path"`
	Resource string         `json:"resource"`
	Cluster  bool           `json:"cluster"`
	Object   map[string]any `json:"object"` // without its name
	// Name where the usual one does not fit the kind's rules.
	Name string `json:"name,omitempty"`
	// Status that is written through the subresource; empty where there is none.
	Status map[string]any `json:"status,omitempty"`
	// Changes are merge patches, allowed or not.
	Changes []map[string]any `json:"changes,omitempty"`
	// Bad are specs and the like that are laid over the object and refused.
	Bad []map[string]any `json:"bad,omitempty"`
}

func (k Kind) cases() []Case {
	group := strings.TrimPrefix(strings.TrimPrefix(k.Path, "apis/"), "api/")
	prefix := "kind/" + k.Resource + "." + strings.ReplaceAll(group, "/", ".") + "/"
	cases := []Case{
		{prefix + "life", k.life()},
		{prefix + "forms", k.forms()},
		{prefix + "patches", k.patches()},
		{prefix + "refusals", k.refusals()},
	}
	if len(k.Changes) > 0 {
		cases = append(cases, Case{prefix + "changes", k.changes()})
	}
	if len(k.Bad) > 0 {
		cases = append(cases, Case{prefix + "bad", k.bad()})
	}
	return cases
}

func (k Kind) collection() string {
	if k.Cluster {
		return "/" + k.Path + "/" + k.Resource
	}
	return "/" + k.Path + "/namespaces/${ns}/" + k.Resource
}

func (k Kind) name() string {
	switch {
	case k.Name != "":
		return k.Name
	case k.Cluster:
		return "${ns}-x"
	}
	return "one"
}

func (k Kind) one() string { return k.collection() + "/" + strings.ReplaceAll(k.name(), ":", "%3A") }

func (k Kind) mine() string { return "fieldSelector=metadata.name%3D" + k.name() }

// object is the kind's with other metadata.
func (k Kind) object(metadata map[string]any) json.RawMessage {
	object := maps.Clone(k.Object)
	full := map[string]any{"name": k.name(), "labels": map[string]any{"differential": "${ns}"}}
	if given, there := object["metadata"].(map[string]any); there {
		maps.Copy(full, given)
	}
	maps.Copy(full, metadata)
	for name, value := range full {
		if value == nil {
			delete(full, name)
		}
	}
	object["metadata"] = full
	return raw(object)
}

func raw(value any) json.RawMessage {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return text
}

type object = map[string]any

func (k Kind) life() []Step {
	steps := []Step{
		{Do: "POST " + k.collection() + "?dryRun=All", Body: k.object(nil)},
		{Do: "POST " + k.collection(), Body: k.object(nil), Save: map[string]string{"uid": "metadata.uid"}},
		{Do: "POST " + k.collection(), Body: k.object(nil)},
		{Do: "GET " + k.one(), Save: map[string]string{"whole": "", "rv": "metadata.resourceVersion"}},
		{Do: "PUT " + k.one(), Text: "${whole}"},
		{Do: "PUT " + k.one(), Body: k.object(nil)},
		{Do: "PUT " + k.one(), Body: k.object(object{"resourceVersion": "1"})},
		{Do: "PUT " + k.one(), Body: k.object(object{"uid": "0b6a5a4e-0000-4000-8000-000000000001"})},
		{Do: "PUT " + k.one(), Body: k.object(object{"name": "another"})},
		{Do: "PUT " + k.one() + "?dryRun=All", Body: k.object(object{"annotations": object{"a": "b"}})},
		{Do: "PUT " + k.one() + "?fieldManager=me", Body: k.object(object{"annotations": object{"a": "b"}, "resourceVersion": "${rv}"})},
		{Do: "GET " + k.one()},
		{Do: "GET " + k.collection() + "?watch=1&timeoutSeconds=3&" + k.mine(), Events: 1},
		{Do: "PUT " + k.collection() + "/missing", Body: k.object(object{"name": "missing"})},
		{Do: "DELETE " + k.collection() + "/missing2"},
	}
	if k.Status != nil {
		status := func(metadata object) json.RawMessage {
			var whole object
			_ = json.Unmarshal(k.object(metadata), &whole)
			whole["status"] = k.Status
			return raw(whole)
		}
		steps = append(steps,
			Step{Do: "GET " + k.one() + "/status"},
			Step{Do: "PUT " + k.one() + "/status", Body: status(object{"labels": object{"differential": "${ns}", "of": "status"}})},
			Step{Do: "PUT " + k.one() + "/status", Body: status(object{"resourceVersion": "1"})},
			Step{Do: "PATCH " + k.one() + "/status?fieldManager=patcher", Type: "merge-patch", Body: raw(object{
				"metadata": object{"annotations": object{"of": "status"}}, "status": k.Status})},
			Step{Do: "PUT " + k.one(), Body: status(nil)},
			Step{Do: "POST " + k.one() + "/status", Body: status(nil)},
			Step{Do: "DELETE " + k.one() + "/status"},
		)
	}
	return append(steps,
		Step{Do: "DELETE " + k.one(), Body: raw(object{"preconditions": object{"uid": "0b6a5a4e-0000-4000-8000-000000000001"}})},
		Step{Do: "DELETE " + k.one(), Body: raw(object{"preconditions": object{"resourceVersion": "1"}})},
		Step{Do: "DELETE " + k.one() + "?dryRun=All"},
		Step{Do: "DELETE " + k.one() + "?propagationPolicy=Foreground"},
		Step{Do: "GET " + k.one()},
		Step{Do: "PATCH " + k.one(), Type: "merge-patch", Body: raw(object{"metadata": object{"finalizers": nil}})},
		Step{Do: "GET " + k.one()},
		Step{Do: "POST " + k.collection(), Body: k.object(object{"finalizers": []string{"example.com/keep"}})},
		Step{Do: "DELETE " + k.one() + "?propagationPolicy=Orphan"},
		Step{Do: "DELETE " + k.one()},
		Step{Do: "GET " + k.one()},
		Step{Do: "PATCH " + k.one(), Type: "json-patch", Body: raw([]object{{"op": "remove", "path": "/metadata/finalizers"}})},
		Step{Do: "GET " + k.one()},
		Step{Do: "POST " + k.collection(), Body: k.object(nil)},
		Step{Do: "DELETE " + k.collection() + "?labelSelector=differential%3D${ns}"},
		Step{Do: "GET " + k.one()},
	)
}

func (k Kind) forms() []Step {
	list := k.collection() + "?" + k.mine()
	return []Step{
		{Do: "POST " + k.collection(), Body: k.object(nil)},
		{Do: "GET " + k.one(), Accept: "table"},
		{Do: "GET " + k.one() + "?includeObject=None", Accept: "table"},
		{Do: "GET " + k.one() + "?includeObject=Object", Accept: "table"},
		{Do: "GET " + k.one(), Accept: "partial"},
		{Do: "GET " + k.one(), Accept: "yaml"},
		{Do: "GET " + k.one(), Accept: "partial-list"},
		{Do: "GET " + k.one(), Accept: "text/plain"},
		{Do: "GET " + list},
		{Do: "GET " + list, Accept: "table"},
		{Do: "GET " + list + "&includeObject=Object", Accept: "table"},
		{Do: "GET " + list, Accept: "partial-list"},
		{Do: "GET " + list, Accept: "yaml"},
		{Do: "GET " + list + "&limit=1"},
		{Do: "GET " + k.collection() + "?labelSelector=differential%3D${ns}"},
		{Do: "GET " + k.collection() + "?labelSelector=differential%21%3D${ns},differential"},
		{Do: "GET " + k.collection() + "?fieldSelector=spec.nothing%3D1"},
		{Do: "GET " + k.collection() + "?fieldSelector=metadata.namespace%3D${ns}&labelSelector=differential%3D${ns}"},
		{Do: "GET /" + k.Path + "/" + k.Resource + "?" + k.mine() + "&labelSelector=differential%3D${ns}"},
		{Do: "GET " + list + "&watch=1&timeoutSeconds=3", Accept: "table", Events: 1},
		{Do: "GET " + list + "&watch=1&timeoutSeconds=3", Accept: "partial", Events: 1},
		{Do: "GET " + list + "&watch=1&timeoutSeconds=3&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true", Events: 2},
		{Do: "GET /" + k.Path + "/watch/" + k.Resource + "?timeoutSeconds=3&labelSelector=differential%3D${ns}", Events: 1},
		{Do: "DELETE " + k.one()},
	}
}

func (k Kind) patches() []Step {
	label := object{"metadata": object{"labels": object{"new": "1"}}}
	apply := func(metadata object) json.RawMessage { return k.object(metadata) }
	return []Step{
		{Do: "PATCH " + k.one() + "?fieldManager=applier", Type: "apply", Body: apply(nil)},
		{Do: "PATCH " + k.one() + "?fieldManager=applier", Type: "apply", Body: apply(object{"labels": object{"a": "1", "differential": "${ns}"}})},
		{Do: "PATCH " + k.one() + "?fieldManager=other", Type: "apply", Body: apply(object{"labels": object{"a": "2"}})},
		{Do: "PATCH " + k.one() + "?fieldManager=other&force=true", Type: "apply", Body: apply(object{"labels": object{"a": "2"}})},
		{Do: "PATCH " + k.one() + "?fieldManager=applier", Type: "apply", Body: apply(nil)},
		{Do: "PATCH " + k.one(), Type: "apply", Body: apply(nil)},
		{Do: "PATCH " + k.one(), Type: "merge-patch", Body: raw(label)},
		{Do: "PATCH " + k.one() + "?fieldManager=strategist", Type: "strategic", Body: raw(object{"metadata": object{"labels": object{"new": "2"}}})},
		{Do: "PATCH " + k.one(), Type: "json-patch", Body: raw([]object{{"op": "add", "path": "/metadata/labels/json", "value": "3"}})},
		{Do: "PATCH " + k.one(), Type: "json-patch", Body: raw([]object{{"op": "test", "path": "/metadata/labels/json", "value": "4"}})},
		{Do: "PATCH " + k.one(), Type: "json-patch", Body: raw([]object{{"op": "remove", "path": "/metadata/labels/none"}})},
		{Do: "PATCH " + k.one(), Type: "merge-patch", Body: raw(object{"metadata": object{"labels": object{"bad key!": "x y"}}})},
		{Do: "PATCH " + k.one(), Type: "merge-patch", Body: raw(object{"metadata": object{"name": "other"}})},
		{Do: "PATCH " + k.one(), Type: "merge-patch", Body: raw(object{"kind": "Other"})},
		{Do: "PATCH " + k.one(), Type: "merge-patch", Body: raw(object{"unknown": 1})},
		{Do: "PATCH " + k.one() + "?fieldValidation=Strict", Type: "merge-patch", Body: raw(object{"unknown": 1})},
		{Do: "PATCH " + k.one() + "?fieldValidation=Warn", Type: "strategic", Body: raw(object{"unknown": 1, "metadata": object{"odd": 1}})},
		{Do: "PATCH " + k.one(), Type: "application/json", Body: raw(label)},
		{Do: "PATCH " + k.one(), Type: "merge-patch", Text: "{"},
		{Do: "PATCH " + k.one(), Type: "merge-patch", Text: "[]"},
		{Do: "PATCH " + k.one(), Type: "strategic", Text: "[]"},
		{Do: "PATCH " + k.one(), Type: "json-patch", Text: "{}"},
		{Do: "PATCH " + k.one() + "?fieldManager=applier", Type: "apply", Text: "{"},
		{Do: "PATCH " + k.collection() + "/missing", Type: "merge-patch", Body: raw(label)},
		{Do: "PATCH " + k.one() + "?dryRun=All", Type: "merge-patch", Body: raw(object{"metadata": object{"annotations": object{"dry": "run"}}})},
		{Do: "GET " + k.one()},
		{Do: "DELETE " + k.one() + "?gracePeriodSeconds=0"},
	}
}

func (k Kind) refusals() []Step {
	var odd object
	_ = json.Unmarshal(k.object(nil), &odd)
	odd["unknown"] = 1
	odd["metadata"].(object)["strange"] = object{"a": 1}
	owner := []object{{"apiVersion": "", "kind": "", "name": "", "uid": ""}}
	two := []object{{"apiVersion": "v1", "kind": "A", "name": "a", "uid": "u", "controller": true},
		{"apiVersion": "v1", "kind": "B", "name": "b", "uid": "u", "controller": true}}
	post := "POST " + k.collection()
	return []Step{
		{Do: post, Text: "{}"},
		{Do: post, Text: ""},
		{Do: post, Text: "{"},
		{Do: post, Text: "[]"},
		{Do: post, Text: "null"},
		{Do: post, Text: `"text"`},
		{Do: post, Body: raw(object{"apiVersion": k.Object["apiVersion"], "kind": k.Object["kind"]})},
		{Do: post, Body: raw(object{"apiVersion": "v9", "kind": "Nothing", "metadata": object{"name": "x"}})},
		{Do: post, Body: raw(object{"apiVersion": k.Object["apiVersion"], "kind": k.Object["kind"], "metadata": object{"name": 5}})},
		{Do: post, Body: raw(object{"apiVersion": k.Object["apiVersion"], "kind": k.Object["kind"], "metadata": object{"name": "x"}, "spec": "text", "data": 5})},
		{Do: post + "?fieldValidation=Strict", Body: raw(odd)},
		{Do: post + "?fieldValidation=Warn&dryRun=All", Body: raw(odd)},
		{Do: post + "?fieldValidation=Ignore&dryRun=All", Body: raw(odd)},
		{Do: post + "?fieldValidation=Sometimes", Body: raw(odd)},
		{Do: post + "?dryRun=Some", Body: k.object(nil)},
		{Do: post, Type: "text/plain", Body: k.object(nil)},
		{Do: post, Body: k.object(object{"name": "Bad_Name/x"})},
		{Do: post, Body: k.object(object{"name": "-"})},
		{Do: post, Body: k.object(object{"name": "${fill:300}"})},
		{Do: post, Body: k.object(object{"name": nil, "generateName": "Bad_"})},
		{Do: post + "?dryRun=All", Body: k.object(object{"name": nil, "generateName": "made-"})},
		{Do: post, Body: k.object(object{"namespace": "elsewhere"})},
		{Do: post, Body: k.object(object{"labels": object{"bad key!": "x y", "/a": "b", "a/": strings.Repeat("v", 64)}})},
		{Do: post, Body: k.object(object{"annotations": object{"bad key!": "x"}, "finalizers": []string{"", "no slash at all", "kubernetes"}})},
		{Do: post, Body: k.object(object{"ownerReferences": owner})},
		{Do: post, Body: k.object(object{"ownerReferences": two})},
		{Do: post, Body: k.object(object{"annotations": object{"a": "${fill:270000}"}})},
		{Do: post + "?dryRun=All", Body: k.object(object{"resourceVersion": "5"})},
		{Do: post + "?dryRun=All", Body: k.object(object{"uid": "x", "creationTimestamp": "2020-01-01T00:00:00Z", "generation": 7, "selfLink": "/x",
			"deletionTimestamp": "2020-01-01T00:00:00Z", "deletionGracePeriodSeconds": 5})},
		{Do: post + "?dryRun=All", Body: k.object(object{"managedFields": []object{{"manager": "x", "operation": "Sideways"}}})},
		{Do: "PUT " + k.collection(), Body: k.object(nil)},
		{Do: "PATCH " + k.collection(), Type: "merge-patch", Text: "{}"},
		{Do: "POST " + k.one(), Body: k.object(nil)},
		{Do: "GET " + k.one() + "/nothing"},
		{Do: "GET " + k.one()},
	}
}

func (k Kind) changes() []Step {
	steps := []Step{{Do: "POST " + k.collection(), Body: k.object(nil)}}
	for _, change := range k.Changes {
		steps = append(steps, Step{Do: "PATCH " + k.one(), Type: "merge-patch", Body: raw(change)})
	}
	return append(steps, Step{Do: "GET " + k.one()}, Step{Do: "DELETE " + k.one() + "?gracePeriodSeconds=0"})
}

func (k Kind) bad() []Step {
	var steps []Step
	for _, bad := range k.Bad {
		var whole object
		_ = json.Unmarshal(k.object(nil), &whole)
		steps = append(steps, Step{Do: "POST " + k.collection() + "?dryRun=All", Body: raw(overlay(whole, bad))})
	}
	return steps
}

// overlay is a merge patch, done here.
func overlay(below, above object) object {
	for name, value := range above {
		inner, both := value.(object)
		under, there := below[name].(object)
		switch {
		case value == nil:
			delete(below, name)
		case both && there:
			below[name] = overlay(under, inner)
		default:
			below[name] = value
		}
	}
	return below
}

// Command zeros prints which fields upstream's types write also when nothing is in them, as
// zeros.tsv in the package decode of the API server holds them: type, field, value in JSON.
package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	batchv1 "k8s.io/api/batch/v1"
	certificatesv1 "k8s.io/api/certificates/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	eventsv1 "k8s.io/api/events/v1"
	flowcontrolv1 "k8s.io/api/flowcontrol/v1"
	networkingv1 "k8s.io/api/networking/v1"
	nodev1 "k8s.io/api/node/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	resourcev1 "k8s.io/api/resource/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

func main() {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		appsv1.AddToScheme, authenticationv1.AddToScheme, authorizationv1.AddToScheme, autoscalingv1.AddToScheme,
		batchv1.AddToScheme, certificatesv1.AddToScheme, coordinationv1.AddToScheme, corev1.AddToScheme,
		discoveryv1.AddToScheme, eventsv1.AddToScheme, flowcontrolv1.AddToScheme, networkingv1.AddToScheme,
		nodev1.AddToScheme, policyv1.AddToScheme, rbacv1.AddToScheme, resourcev1.AddToScheme,
		schedulingv1.AddToScheme, storagev1.AddToScheme,
	} {
		if err := add(scheme); err != nil {
			panic(err)
		}
	}
	rows := map[string]string{}
	seen := map[reflect.Type]bool{}
	for kind, each := range scheme.AllKnownTypes() {
		if kind.Version != "__internal" && !strings.HasSuffix(kind.Kind, "List") {
			visit(each, rows, seen)
		}
	}
	for _, row := range slices.Sorted(maps.Keys(rows)) {
		fmt.Printf("%s\t%s\n", row, rows[row])
	}
}

func visit(each reflect.Type, rows map[string]string, seen map[reflect.Type]bool) {
	for each.Kind() == reflect.Pointer || each.Kind() == reflect.Slice || each.Kind() == reflect.Map {
		each = each.Elem()
	}
	if each.Kind() != reflect.Struct || seen[each] || !strings.HasPrefix(each.PkgPath(), "k8s.io/api") || opaque(each) {
		return
	}
	seen[each] = true
	fields(each, name(each), rows, seen)
}

func opaque(each reflect.Type) bool {
	marshaler := reflect.TypeFor[json.Marshaler]()
	return each.Implements(marshaler) || reflect.PointerTo(each).Implements(marshaler)
}

func fields(of reflect.Type, owner string, rows map[string]string, seen map[reflect.Type]bool) {
	for number := range of.NumField() {
		field := of.Field(number)
		word, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Type.Kind() == reflect.Struct && word == "" {
			if field.Type.Name() != "TypeMeta" {
				fields(field.Type, owner, rows, seen)
			}
			continue
		}
		if field.Type.Kind() == reflect.Pointer && word == "" && field.Anonymous {
			continue
		}
		visit(field.Type, rows, seen)
		structure := field.Type.Kind() == reflect.Struct
		if word == "" || word == "-" || strings.Contains(options, "omitzero") ||
			(strings.Contains(options, "omitempty") && !structure) {
			continue
		}
		zero, err := json.Marshal(reflect.Zero(field.Type).Interface())
		if err != nil {
			panic(err)
		}
		if zero[0] == '{' {
			zero = []byte("{}")
		}
		rows[owner+"\t"+word] = string(zero)
	}
}

func name(of reflect.Type) string {
	path := strings.TrimPrefix(of.PkgPath(), "k8s.io/")
	return "io.k8s." + strings.ReplaceAll(path, "/", ".") + "." + of.Name()
}

package scenario

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"bulwark.io/benchmarks/peer/load"
)

const (
	jsonType     = "application/json"
	protobufType = "application/vnd.kubernetes.protobuf"
	pageSize     = 500
	apps         = 100 // pods are spread over so many label values
)

// List fills the side with pods and ConfigMaps, looks at its memory, and reads all pods whole, in
// pages and by label, in both encodings, plain and compressed.
type List struct{}

// Name of the scenario.
func (List) Name() string { return "list" }

// Run does it.
func (List) Run(bench *Bench) error {
	pods, maps := bench.count(10_000), bench.count(30_000)
	if err := bench.namespace("list"); err != nil {
		return err
	}
	if err := warmList(bench, 2000); err != nil {
		return err
	}
	if err := create(bench, "create pods, 64 clients", "/api/v1/namespaces/list/pods", pods,
		func(n int) []byte { return boundPod("list", n) }); err != nil {
		return err
	}
	time.Sleep(5 * time.Second)
	figure, err := bench.resident(fmt.Sprintf("resident memory with %d pods", pods))
	if err != nil {
		return err
	}
	figure.budget(2)
	if err := read(bench, pods); err != nil {
		return err
	}
	if err := create(bench, "create more ConfigMaps, 64 clients", "/api/v1/namespaces/list/configmaps", maps,
		func(n int) []byte { return configMap("list", n, "created") }); err != nil {
		return err
	}
	time.Sleep(5 * time.Second)
	_, err = bench.resident(fmt.Sprintf("resident memory with %d pods and %d ConfigMaps, after all reads", pods, maps))
	return err
}

// warmList lets both sides come up to speed with pods that are gone before the measurement.
func warmList(bench *Bench, pods int) error {
	if err := bench.namespace("warm"); err != nil {
		return err
	}
	const path = "/api/v1/namespaces/warm/pods"
	requests := []func(number int) load.Request{
		func(n int) load.Request { return load.Request{Method: "POST", Path: path, Body: boundPod("warm", n)} },
	}
	for _, accept := range []string{jsonType, protobufType} {
		for _, gzip := range []bool{false, true} {
			for _, query := range []string{"?limit=500", "?labelSelector=app%3Dapp-7"} {
				requests = append(requests, func(int) load.Request {
					return load.Request{Method: "GET", Path: path + query, Accept: accept, Gzip: gzip}
				})
			}
		}
	}
	requests = append(requests, func(n int) load.Request {
		return load.Request{Method: "DELETE", Path: fmt.Sprintf("%s/pod-%d?gracePeriodSeconds=0", path, n)}
	})
	for i, request := range requests {
		count := pods
		if i > 0 && i < len(requests)-1 {
			count = 50
		}
		if _, err := load.Run(bench, bench.Side.Access, 8, count, request); err != nil {
			return err
		}
	}
	return nil
}

func create(bench *Bench, name, path string, count int, body func(number int) []byte) error {
	if err := bench.onProcessor(name, func() error {
		result, err := load.Run(bench, bench.Side.Access, 64, count, func(n int) load.Request {
			return load.Request{Method: "POST", Path: path, Body: body(n)}
		})
		if err != nil {
			return err
		}
		bench.more(name, "/s", result.PerSecond()).budget(2)
		bench.less(name+": p99", "ms", millis(result.Percentile(99)))
		return nil
	}); err != nil {
		return err
	}
	client := bench.Side.Access.Client()
	defer client.Close()
	list, err := client.Must(bench, load.Request{Method: "GET", Path: path + "?limit=1"})
	if err != nil {
		return err
	}
	var page struct {
		Metadata struct{ RemainingItemCount int }
		Items    []struct{}
	}
	if err := json.Unmarshal(list, &page); err != nil {
		return err
	}
	return bench.did("objects stored after "+name, len(page.Items)+page.Metadata.RemainingItemCount, count)
}

func read(bench *Bench, pods int) error {
	for _, media := range []struct {
		name, accept string
		budget       float64
	}{{"JSON", jsonType, 5}, {"protobuf", protobufType, 2}} {
		for _, gzip := range []bool{false, true} {
			name := media.name
			if gzip {
				name += ", gzip"
			}
			whole := load.Request{Method: "GET", Path: "/api/v1/namespaces/list/pods", Accept: media.accept, Gzip: gzip}
			budget := media.budget
			if gzip {
				budget = 0
			}
			if err := times(bench, "LIST of all pods, "+name, whole, 5, pods, budget); err != nil {
				return err
			}
			label := whole
			label.Path += "?labelSelector=app%3Dapp-7"
			if err := times(bench, "LIST by label, "+name, label, 20, pods/apps, 0); err != nil {
				return err
			}
			if err := pages(bench, "LIST in pages of 500, "+name, whole, pods); err != nil {
				return err
			}
		}
	}
	return nil
}

// times reads something repeatedly and reports the median.
func times(bench *Bench, name string, request load.Request, repeats, wanted int, budget float64) error {
	client := bench.Side.Access.Client()
	defer client.Close()
	var into bytes.Buffer
	var items, size int
	if err := bench.onProcessor(name, func() error {
		var took []time.Duration
		// The first are not measured: buffers grow, and each side may prepare what it keeps.
		const unmeasured = 4
		for i := range unmeasured + repeats {
			begin := time.Now()
			status, zipped, err := client.Read(bench, request, &into)
			if err != nil {
				return err
			}
			if i >= unmeasured {
				took = append(took, time.Since(begin))
			}
			if status != 200 {
				return fmt.Errorf("%s: status %d: %.300s", name, status, into.String())
			}
			if i < unmeasured+repeats-1 {
				continue
			}
			size = into.Len()
			if items, err = countItems(into.Bytes(), zipped, request.Accept); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		slices.Sort(took)
		bench.less(name, "ms", millis(took[len(took)/2])).budget(budget)
		return nil
	}); err != nil {
		return err
	}
	bench.less(name+": size", "MB", float64(size)/1e6)
	return bench.did("objects in "+name, items, wanted)
}

// pages reads all pages, one after the other.
func pages(bench *Bench, name string, request load.Request, wanted int) error {
	client := bench.Side.Access.Client()
	defer client.Close()
	all := 0
	var into bytes.Buffer
	if err := bench.onProcessor(name, func() error {
		var took time.Duration
		next := ""
		for {
			page := request
			page.Path += fmt.Sprintf("?limit=%d&continue=%s", pageSize, next)
			begin := time.Now()
			status, zipped, err := client.Read(bench, page, &into)
			if err != nil {
				return err
			}
			took += time.Since(begin)
			if status != 200 {
				return fmt.Errorf("%s: status %d: %.300s", name, status, into.String())
			}
			items, token, err := pageOf(into.Bytes(), zipped, request.Accept)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			all += items
			if token == "" {
				break
			}
			next = token
		}
		bench.less(name, "ms", millis(took))
		return nil
	}); err != nil {
		return err
	}
	return bench.did("objects in "+name, all, wanted)
}

// Package side starts and ends what is measured: Bulwark, or upstream's own programs.
package side

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"bulwark.io/benchmarks/peer/load"
)

// Side is one of the two that are compared.
type Side interface {
	// Name is "bulwark" or "upstream".
	Name() string
	// Start begins with an empty store in a directory of its own and returns when the API server is ready.
	Start(directory string) (*Running, error)
}

// Running is a started side: an API server and a scheduler, without controllers and without nodes.
type Running struct {
	Access load.Access
	// Ready is the time from the launch of the first program until /readyz answered 200.
	Ready time.Duration
	// Pids of everything that belongs to the side.
	Pids []int
	// Stop ends it. Its data may stay.
	Stop func() error
}

// Usage is what the programs of a side took of the machine.
type Usage struct {
	CPU      time.Duration // user and system, since their start
	Resident int64         // bytes
}

// Usage reads the use of all programs of the side.
func (r *Running) Usage() (Usage, error) {
	var sum Usage
	for _, pid := range r.Pids {
		use, err := usage(pid)
		if err != nil {
			return Usage{}, err
		}
		sum.CPU += use.CPU
		sum.Resident += use.Resident
	}
	return sum, nil
}

// awaitReady asks until the API server says that it is ready.
func awaitReady(access func() (load.Access, error), alive func() bool, limit time.Duration) (load.Access, error) {
	var last error
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if !alive() {
			return load.Access{}, fmt.Errorf("it ended")
		}
		found, err := access()
		if err != nil {
			last = err
			continue
		}
		client := found.Client()
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		status, _, err := client.Do(ctx, load.Request{Method: http.MethodGet, Path: "/readyz"})
		cancel()
		client.Close()
		if err == nil && status == http.StatusOK {
			return found, nil
		}
		last = fmt.Errorf("/readyz: status %d, %v", status, err)
	}
	return load.Access{}, last
}

package suite

import (
	"encoding/json"
	"io"
	"net/http"
	"sync"
)

// server is what ginkgo's parallel processes talk to: it hands out the next test, lets the first
// process prepare for all, and is told about each test the moment that it ends.
//
// Source: ginkgo v2, the HTTP form of its parallel protocol.
type server struct {
	alive func(process int) bool // by number, from 1
	total int
	ended func(report)

	lock     sync.Mutex
	next     int
	stop     bool
	prepared json.RawMessage // of the first process; nil before
	reported json.RawMessage
}

func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	quiet := func(writer http.ResponseWriter, request *http.Request) {
		_, _ = io.Copy(io.Discard, request.Body)
	}
	for _, path := range []string{"/up", "/suite-will-begin", "/suite-did-end", "/emit-output", "/progress-report"} {
		mux.HandleFunc(path, quiet)
	}
	mux.HandleFunc("/did-run", s.didRun)
	mux.HandleFunc("/counter", s.counter)
	mux.HandleFunc("/abort", s.abort)
	mux.HandleFunc("/report-before-suite-completed", s.keep(&s.reported))
	mux.HandleFunc("/report-before-suite-state", s.tell(&s.reported))
	mux.HandleFunc("/before-suite-completed", s.keep(&s.prepared))
	mux.HandleFunc("/before-suite-state", s.tell(&s.prepared))
	mux.HandleFunc("/have-nonprimary-procs-finished", func(writer http.ResponseWriter, _ *http.Request) {
		if s.othersRun() {
			writer.WriteHeader(http.StatusTooEarly)
		}
	})
	mux.HandleFunc("/aggregated-nonprimary-procs-report", func(writer http.ResponseWriter, _ *http.Request) {
		if s.othersRun() {
			writer.WriteHeader(http.StatusTooEarly)
			return
		}
		_, _ = writer.Write([]byte("{}"))
	})
	return mux
}

func (s *server) didRun(writer http.ResponseWriter, request *http.Request) {
	var spec report
	if err := json.NewDecoder(request.Body).Decode(&spec); err != nil {
		writer.WriteHeader(http.StatusBadRequest)
		return
	}
	s.ended(spec)
}

func (s *server) counter(writer http.ResponseWriter, _ *http.Request) {
	s.lock.Lock()
	index := s.next
	s.next++
	s.lock.Unlock()
	_ = json.NewEncoder(writer).Encode(map[string]int{"Index": index})
}

func (s *server) abort(writer http.ResponseWriter, request *http.Request) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if request.Method != http.MethodGet {
		s.stop = true
	} else if s.stop {
		writer.WriteHeader(http.StatusGone)
	}
}

func (s *server) keep(slot *json.RawMessage) http.HandlerFunc {
	return func(writer http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			writer.WriteHeader(http.StatusBadRequest)
			return
		}
		s.lock.Lock()
		*slot = body
		s.lock.Unlock()
	}
}

func (s *server) tell(slot *json.RawMessage) http.HandlerFunc {
	return func(writer http.ResponseWriter, _ *http.Request) {
		s.lock.Lock()
		known := *slot
		s.lock.Unlock()
		switch {
		case known != nil:
			_, _ = writer.Write(known)
		case s.alive(1):
			writer.WriteHeader(http.StatusTooEarly)
		default:
			writer.WriteHeader(http.StatusGone)
		}
	}
}

func (s *server) othersRun() bool {
	for process := 2; process <= s.total; process++ {
		if s.alive(process) {
			return true
		}
	}
	return false
}

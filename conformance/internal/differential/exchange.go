package differential

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Server is one of the two, with clients of the administrator and of nobody.
type Server struct {
	Name string
	URL  string
	// Range has the first two numbers of its Services' addresses.
	Range     string
	admin     *http.Client
	anonymous *http.Client
	known     map[string]string // saved by earlier steps of the case
}

// Answer is what came back for one step.
type Answer struct {
	Status  int
	Headers http.Header
	Body    []byte
}

const patience = 8 * time.Second

// Reach reads an administrator's kubeconfig whose keys are inside the file.
func Reach(name, kubeconfig string) (*Server, error) {
	content, err := os.ReadFile(kubeconfig)
	if err != nil {
		return nil, err
	}
	fields := map[string]string{}
	for _, field := range []string{"server", "certificate-authority-data", "client-certificate-data", "client-key-data"} {
		match := regexp.MustCompile(field + `"?:\s*"?([^\s",]+)`).FindSubmatch(content)
		if match == nil {
			return nil, fmt.Errorf("%s has no %s", kubeconfig, field)
		}
		fields[field] = string(match[1])
		if strings.HasSuffix(field, "-data") {
			plain, err := base64.StdEncoding.DecodeString(fields[field])
			if err != nil {
				return nil, err
			}
			fields[field] = string(plain)
		}
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(fields["certificate-authority-data"]))
	pair, err := tls.X509KeyPair([]byte(fields["client-certificate-data"]), []byte(fields["client-key-data"]))
	if err != nil {
		return nil, err
	}
	client := func(pairs ...tls.Certificate) *http.Client {
		return &http.Client{
			Transport: &http.Transport{
				TLSClientConfig:    &tls.Config{RootCAs: roots, Certificates: pairs},
				ForceAttemptHTTP2:  true,
				DisableCompression: true,
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	return &Server{Name: name, URL: fields["server"], admin: client(pair), anonymous: client()}, nil
}

// Look learns the range of the server's Services.
func (s *Server) Look() error {
	answer, err := s.Ask(Step{Do: "GET /api/v1/namespaces/default/services/kubernetes", Until: http.StatusOK})
	if err != nil {
		return err
	}
	match := regexp.MustCompile(`"clusterIP": ?"([0-9]+\.[0-9]+)\.`).FindSubmatch(answer.Body)
	if match == nil {
		return fmt.Errorf("%s has no Service kubernetes: %s", s.Name, answer.Body)
	}
	s.Range = string(match[1])
	return nil
}

// Ask sends one step and reads the answer.
func (s *Server) Ask(step Step) (Answer, error) {
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		answer, err := s.once(step)
		if err != nil || step.Until == 0 || answer.Status == step.Until || time.Now().After(end) {
			return answer, err
		}
	}
}

func (s *Server) once(step Step) (Answer, error) {
	method, path, found := strings.Cut(step.Do, " ")
	if !found {
		return Answer{}, fmt.Errorf("%q is not a method and a path", step.Do)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	content := step.content(s.known)
	var body io.Reader
	if content != nil {
		body = bytes.NewReader(content)
	}
	request, err := http.NewRequestWithContext(ctx, method, s.URL+expand(path, s.known), body)
	if err != nil {
		return Answer{}, err
	}
	request.Header.Set("User-Agent", "differential/1")
	if content != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if step.Type != "" {
		request.Header.Set("Content-Type", mediaType(step.Type))
	}
	request.Header.Set("Accept", "application/json")
	if step.Accept != "" {
		request.Header.Set("Accept", mediaType(step.Accept))
	}
	for name, value := range step.Headers {
		request.Header.Del(name)
		if value != "" {
			request.Header.Set(name, expand(value, s.known))
		}
	}
	client := s.admin
	if step.As != "" {
		client = s.anonymous
	}
	if step.As != "" && step.As != "anonymous" {
		request.Header.Set("Authorization", "Bearer "+expand(step.As, s.known))
	}
	response, err := client.Do(request)
	if err != nil {
		return Answer{Body: []byte("no answer: " + err.Error())}, nil
	}
	defer response.Body.Close()
	answer := Answer{Status: response.StatusCode, Headers: response.Header}
	if answer.Body, err = read(response.Body, step.Events); err != nil {
		answer.Body = append(answer.Body, "... "+err.Error()...)
	}
	return answer, nil
}

// read takes everything, or so many lines of a watch. What ends by itself before is taken as it is.
func read(from io.Reader, events int) ([]byte, error) {
	if events == 0 {
		return io.ReadAll(from)
	}
	var all bytes.Buffer
	part := make([]byte, 64<<10)
	for bytes.Count(all.Bytes(), []byte("\n")) < events {
		count, err := from.Read(part)
		all.Write(part[:count])
		if err == io.EOF || (err != nil && all.Len() > 0) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	lines := bytes.SplitAfter(all.Bytes(), []byte("\n"))
	return bytes.Join(lines[:min(events, len(lines))], nil), nil
}

// begin forgets the case before and makes the namespace of this one.
func (s *Server) begin(each Case) error {
	namespace := each.Namespace()
	address, err := url.Parse(s.URL)
	if err != nil {
		return err
	}
	s.known = map[string]string{"ns": namespace, "server": s.URL, "port": address.Port(), "range": s.Range}
	for _, step := range []Step{
		{Do: "POST /api/v1/namespaces", Text: `{"metadata":{"name":` + strconv.Quote(namespace) + `}}`},
		{Do: "POST /api/v1/namespaces/${ns}/serviceaccounts", Text: `{"metadata":{"name":"default"}}`},
	} {
		answer, err := s.Ask(step)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", s.Name, step.Do, err)
		}
		if answer.Status != http.StatusCreated && answer.Status != http.StatusConflict {
			return fmt.Errorf("%s: %s: %d %s", s.Name, step.Do, answer.Status, answer.Body)
		}
	}
	return nil
}

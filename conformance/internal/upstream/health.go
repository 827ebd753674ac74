package upstream

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// healthClient asks a program whether it is well, with a client certificate.
type healthClient struct{ http http.Client }

func newHealthClient(authority string, client pair) (*healthClient, error) {
	trusted, err := os.ReadFile(authority)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(trusted) {
		return nil, fmt.Errorf("no certificate in %s", authority)
	}
	certificate, err := tls.LoadX509KeyPair(client.certificate, client.key)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{certificate}},
	}
	return &healthClient{http.Client{Transport: transport, Timeout: 2 * time.Second}}, nil
}

func (h *healthClient) ok(url string) bool {
	response, err := h.http.Get(url)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode == http.StatusOK
}

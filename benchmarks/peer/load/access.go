// Package load makes the requests: plain HTTP/2 with bodies that are ready beforehand, so that the
// generator leaves the machine to the side that is measured.
package load

import (
	"bytes"
	"compress/gzip"
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
	"strings"
)

// Access is an API server's address and the administrator's certificate for it.
type Access struct {
	Server string
	TLS    *tls.Config
}

// ReadAccess takes the first cluster and user of a kubeconfig whose keys are inside the file.
func ReadAccess(kubeconfig string) (Access, error) {
	content, err := os.ReadFile(kubeconfig)
	if err != nil {
		return Access{}, err
	}
	field := func(name string) (string, error) {
		match := regexp.MustCompile(name + `"?:\s*"?([^\s",]+)`).FindSubmatch(content)
		if match == nil {
			return "", fmt.Errorf("%s: no %s", kubeconfig, name)
		}
		return string(match[1]), nil
	}
	server, err := field("server")
	if err != nil {
		return Access{}, err
	}
	var data [3][]byte
	for i, name := range []string{"certificate-authority-data", "client-certificate-data", "client-key-data"} {
		text, err := field(name)
		if err != nil {
			return Access{}, err
		}
		if data[i], err = base64.StdEncoding.DecodeString(text); err != nil {
			return Access{}, err
		}
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(data[0]) {
		return Access{}, fmt.Errorf("%s: no certificate authority", kubeconfig)
	}
	pair, err := tls.X509KeyPair(data[1], data[2])
	if err != nil {
		return Access{}, err
	}
	return Access{server, &tls.Config{
		RootCAs:      roots,
		Certificates: []tls.Certificate{pair},
		NextProtos:   []string{"h2"},
		MinVersion:   tls.VersionTLS12,
	}}, nil
}

func (a Access) host() (string, error) {
	address, err := url.Parse(a.Server)
	if err != nil {
		return "", err
	}
	return address.Host, nil
}

// Client is one client with a connection of its own.
type Client struct {
	access    Access
	transport *http.Transport
}

// Client returns a new client.
func (a Access) Client() *Client {
	return &Client{a, &http.Transport{
		TLSClientConfig:    a.TLS.Clone(),
		ForceAttemptHTTP2:  true,
		DisableCompression: true,
		HTTP2: &http.HTTP2Config{
			MaxReceiveBufferPerConnection: 16 << 20,
			MaxReceiveBufferPerStream:     16 << 20,
			MaxReadFrameSize:              1 << 20,
		},
	}}
}

// Close ends the connection.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Request is what to ask; an empty Accept means JSON.
type Request struct {
	Method      string
	Path        string
	Body        []byte
	ContentType string
	Accept      string
	Gzip        bool
}

// Do sends a request and reads the answer whole, as it came.
func (c *Client) Do(ctx context.Context, request Request) (int, []byte, error) {
	var into bytes.Buffer
	status, _, err := c.Read(ctx, request, &into)
	return status, into.Bytes(), err
}

// Read is Do into a buffer that can be used again; it tells whether the answer is compressed.
func (c *Client) Read(ctx context.Context, request Request, into *bytes.Buffer) (int, bool, error) {
	var body io.Reader
	if request.Body != nil {
		body = bytes.NewReader(request.Body)
	}
	sent, err := http.NewRequestWithContext(ctx, request.Method, c.access.Server+request.Path, body)
	if err != nil {
		return 0, false, err
	}
	sent.Header.Set("Accept", orJSON(request.Accept))
	if request.Body != nil {
		sent.Header.Set("Content-Type", orJSON(request.ContentType))
	}
	if request.Gzip {
		sent.Header.Set("Accept-Encoding", "gzip")
	}
	answer, err := c.transport.RoundTrip(sent)
	if err != nil {
		return 0, false, err
	}
	defer answer.Body.Close()
	into.Reset()
	_, err = into.ReadFrom(answer.Body)
	return answer.StatusCode, strings.Contains(answer.Header.Get("Content-Encoding"), "gzip"), err
}

// Must is Do, and an error unless the answer is a success.
func (c *Client) Must(ctx context.Context, request Request) ([]byte, error) {
	status, answer, err := c.Do(ctx, request)
	if err != nil {
		return nil, err
	}
	if status/100 != 2 {
		return nil, fmt.Errorf("%s %s: %d %s", request.Method, request.Path, status, short(answer))
	}
	return answer, nil
}

// Unzip returns what was compressed.
func Unzip(content []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(reader)
}

func orJSON(mediaType string) string {
	if mediaType == "" {
		return "application/json"
	}
	return mediaType
}

func short(answer []byte) string { return string(answer[:min(len(answer), 400)]) }

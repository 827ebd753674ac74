package upstream

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestIssuedCertificatesServeAndIdentify(t *testing.T) {
	directory := t.TempDir()
	authority, err := newAuthority(directory, "ca")
	if err != nil {
		t.Fatal(err)
	}
	issued, err := authority.issue("server", subject{name: "kube-apiserver", hosts: []string{"kubernetes.default", "10.96.0.1"}})
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := tls.LoadX509KeyPair(issued.certificate, issued.key)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(authority.certificate)
	for _, host := range []string{"kubernetes.default", "10.96.0.1"} {
		if _, err := loaded.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: host}); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	if _, err := loaded.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: "other"}); err == nil {
		t.Error("valid for a host that was not named")
	}
}

func TestClientsGetNoServingCertificate(t *testing.T) {
	directory := t.TempDir()
	authority, err := newAuthority(directory, "ca")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(directory, "kubeconfig", "node-1")
	who := subject{name: "system:node:node-1", groups: []string{"system:nodes"}}
	if err := authority.writeKubeconfig(file, "https://127.0.0.1:6443", who); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var kubeconfig struct {
		Users []struct {
			User struct {
				Certificate string `json:"client-certificate-data"`
				Key         string `json:"client-key-data"`
			}
		}
	}
	if err := json.Unmarshal(content, &kubeconfig); err != nil {
		t.Fatal(err)
	}
	certificate, _ := base64.StdEncoding.DecodeString(kubeconfig.Users[0].User.Certificate)
	key, _ := base64.StdEncoding.DecodeString(kubeconfig.Users[0].User.Key)
	loaded, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(authority.certificate)
	client := []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	if _, err := loaded.Leaf.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: client}); err != nil {
		t.Error(err)
	}
	server := []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	if _, err := loaded.Leaf.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: server}); err == nil {
		t.Error("a client's certificate may serve")
	}
	if loaded.Leaf.Subject.CommonName != who.name || loaded.Leaf.Subject.Organization[0] != "system:nodes" {
		t.Errorf("identifies %s", loaded.Leaf.Subject)
	}
}

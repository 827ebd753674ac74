package upstream

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

const validity = 30 * 24 * time.Hour

// authority signs certificates and writes them as NAME.crt and NAME.key.
type authority struct {
	directory   string
	certificate *x509.Certificate
	key         crypto.Signer
	// File has the authority's certificate in PEM.
	File string
}

// subject is whom a certificate is for: a client when it has no hosts.
type subject struct {
	name   string
	groups []string
	hosts  []string
}

func newAuthority(directory, name string) (*authority, error) {
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template, err := template(subject{name: name})
	if err != nil {
		return nil, err
	}
	template.IsCA, template.BasicConstraintsValid = true, true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = nil
	encoded, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(encoded)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(directory, name+".crt")
	if err := writePEM(file, "CERTIFICATE", encoded); err != nil {
		return nil, err
	}
	if err := writeKey(filepath.Join(directory, name+".key"), key); err != nil {
		return nil, err
	}
	return &authority{directory, certificate, key, file}, nil
}

// pair is where a certificate and its key are.
type pair struct{ certificate, key string }

func (a *authority) issue(file string, who subject) (pair, error) {
	result := pair{filepath.Join(a.directory, file+".crt"), filepath.Join(a.directory, file+".key")}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return result, err
	}
	template, err := template(who)
	if err != nil {
		return result, err
	}
	encoded, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return result, err
	}
	if err := writePEM(result.certificate, "CERTIFICATE", encoded); err != nil {
		return result, err
	}
	return result, writeKey(result.key, key)
}

func template(who subject) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	certificate := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: who.name, Organization: who.groups},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(validity),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	if len(who.hosts) > 0 {
		certificate.ExtKeyUsage = append(certificate.ExtKeyUsage, x509.ExtKeyUsageServerAuth)
	}
	for _, host := range who.hosts {
		if address := net.ParseIP(host); address != nil {
			certificate.IPAddresses = append(certificate.IPAddresses, address)
		} else {
			certificate.DNSNames = append(certificate.DNSNames, host)
		}
	}
	return certificate, nil
}

// writeSigningKeys makes the pair that signs service-account tokens.
func writeSigningKeys(directory string) (pair, error) {
	result := pair{filepath.Join(directory, "sa.pub"), filepath.Join(directory, "sa.key")}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return result, err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return result, err
	}
	if err := writePEM(result.certificate, "PUBLIC KEY", public); err != nil {
		return result, err
	}
	return result, writeKey(result.key, key)
}

func writeKey(file string, key crypto.Signer) error {
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	return writePEM(file, "PRIVATE KEY", encoded)
}

func writePEM(file, kind string, encoded []byte) error {
	return os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: encoded}), 0o600)
}

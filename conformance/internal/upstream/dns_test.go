package upstream

import (
	"os"
	"strings"
	"testing"
)

func TestTheNameServersImageIsNamedAfterItsModule(t *testing.T) {
	module, err := os.ReadFile("../../coredns/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(module), "github.com/coredns/coredns "+dnsVersion+"\n") {
		t.Errorf("coredns/go.mod does not require %s", dnsVersion)
	}
}

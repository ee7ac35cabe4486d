package httpapi_test

import (
	"net"
	"strings"
	"testing"

	"despensa/platform/httpapi"
)

// direcciones is a listener at an address that the machine of the test need not have.
type direcciones struct{ net.Listener }

func (direcciones) Addr() net.Addr {
	return &net.TCPAddr{IP: net.ParseIP("fe80::1"), Zone: "eth0", Port: 8080}
}

// TestListening: a listener on every address of the machine is reached at the loopback address, and 0.0.0.0 means
// IPv4.
func TestListening(t *testing.T) {
	for direccion, row := range map[string]struct{ url, red string }{
		"127.0.0.1:0":        {"http://127.0.0.1:", "tcp4"},
		"0.0.0.0:0":          {"http://127.0.0.1:", "tcp4"},
		"[::ffff:0.0.0.0]:0": {"http://127.0.0.1:", "tcp4"},
		":0":                 {"http://127.0.0.1:", ""},
		"[::]:0":             {"http://[::1]:", ""},
		"[::1]:0":            {"http://[::1]:", ""},
	} {
		l, err := httpapi.Listen(t.Context(), direccion)
		if err != nil && strings.Contains(direccion, "::") {
			continue // a machine without IPv6
		}
		if err != nil {
			t.Fatalf("%s: %v", direccion, err)
		}
		u := httpapi.URLOf(l, direccion)
		host, puerto, _ := net.SplitHostPort(l.Addr().String())
		if u != row.url+puerto || row.red == "tcp4" && net.ParseIP(host).To4() == nil {
			t.Errorf("%s: listens on %s, is opened at %s", direccion, l.Addr(), u)
		}
		c, err := net.Dial("tcp", strings.TrimPrefix(u, "http://"))
		if err != nil {
			t.Errorf("%s: %s cannot be opened: %v", direccion, u, err)
		} else {
			_ = c.Close()
		}
		if c, err := net.Dial("tcp6", "[::1]:"+puerto); row.red == "tcp4" && err == nil {
			_ = c.Close()
			t.Errorf("%s listens on IPv6 too", direccion)
		}
		_, err = httpapi.Listen(t.Context(), l.Addr().String())
		if err == nil || !strings.Contains(err.Error(), "in use") {
			t.Errorf("a port in use: %v", err)
		}
		_ = l.Close()
	}
	if u := httpapi.URLOf(direcciones{}, "x:1"); u != "http://[fe80::1%25eth0]:8080" {
		t.Errorf("with a zone: %s", u)
	}
	for _, mala := range []string{
		"s3creto", "127.0.0.1:s3creto", "s3creto.invalid:0", "127.0.0.1:99999", "1.2.3.s3creto:1",
	} {
		l, err := httpapi.Listen(t.Context(), mala)
		if err == nil || strings.Contains(err.Error(), "s3c") ||
			strings.Contains(err.Error(), "99999") {
			t.Errorf("%s: %v %v", mala, l, err)
		}
	}
}

package httpapi

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"os"
)

// errAddress says that a listener's address names a host or a port that there is not. It does not show the address.
var errAddress = errors.New("no such host or port on this machine")

// Listen listens on direccion, host:port. An IPv4 address means IPv4 alone: without that, 0.0.0.0 would take IPv6
// connections too. Errors: those of the kernel, such as a port in use; errAddress, which does not show the address,
// for an address that cannot be used.
func Listen(ctx context.Context, direccion string) (net.Listener, error) {
	red := "tcp"
	host, _, err := net.SplitHostPort(direccion)
	if err != nil {
		return nil, errAddress
	}
	if ip, err := netip.ParseAddr(host); err == nil &&
		ip.Unmap().Is4() { // [::ffff:0.0.0.0] is 0.0.0.0
		red = "tcp4"
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, red, direccion)
	var kernel *os.SyscallError
	if err != nil && !errors.As(err, &kernel) {
		return nil, errAddress
	}
	return l, err
}

// URLOf is the address at which a browser of this machine reaches listener, which was asked to listen on
// address. For 0.0.0.0 and [::], which no browser can open, it is the loopback address.
func URLOf(listener net.Listener, direccion string) string {
	abre := listener.Addr().String()
	if a, err := netip.ParseAddrPort(abre); err == nil && a.Addr().IsUnspecified() {
		propia := netip.IPv6Loopback()
		if host, _, _ := net.SplitHostPort(direccion); host == "" || a.Addr().Is4() {
			propia = netip.AddrFrom4([4]byte{127, 0, 0, 1})
		}
		abre = netip.AddrPortFrom(propia, a.Port()).String()
	}
	return (&url.URL{Scheme: "http", Host: abre}).String()
}

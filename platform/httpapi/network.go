package httpapi

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/labstack/echo/v4"
)

// extractor returns the function that finds the address of a client. proxies are the trusted networks:
// X-Forwarded-For is read only on connections from them, and the client is the nearest address outside them. No other
// network is trusted, not even loopback and private ones. Without proxies the client is the peer of the connection
// and the header is ignored. Errors: those of ParseProxy.
func extractor(proxies []string) (echo.IPExtractor, error) {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect(), nil
	}
	trust := []echo.TrustOption{
		echo.TrustLoopback(false),
		echo.TrustLinkLocal(false),
		echo.TrustPrivateNet(false),
	}
	for _, s := range proxies {
		p, err := ParseProxy(s)
		if err != nil {
			return nil, err
		}
		trust = append(trust, echo.TrustIPRange(&net.IPNet{
			IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen()),
		}))
	}
	nearest := echo.ExtractIPFromXFFHeader(trust...)
	return func(r *http.Request) string {
		forwarded := withoutPorts(r.Header.Values(echo.HeaderXForwardedFor))
		return nearest(
			&http.Request{
				RemoteAddr: r.RemoteAddr,
				Header:     http.Header{echo.HeaderXForwardedFor: forwarded},
			},
		)
	}, nil
}

// withoutPorts gives the members of the lines of X-Forwarded-For without the ports that some proxies write behind
// addresses (203.0.113.9:4711, [2001:db8::9]:4711): a member that is not read would count its client as the proxy.
func withoutPorts(lines []string) []string {
	var members []string
	for _, line := range lines {
		for member := range strings.SplitSeq(line, ",") {
			member = strings.TrimSpace(member)
			if ap, err := netip.ParseAddrPort(member); err == nil {
				member = ap.Addr().String()
			}
			members = append(members, member)
		}
	}
	return members
}

// ParseProxy reads one member of http.proxies: a network such as 10.1.0.0/16, or one address. Errors: any other text;
// a network written with bits set behind its prefix (10.1.2.3/16); an IPv4 network written as IPv6.
func ParseProxy(s string) (netip.Prefix, error) {
	prefix, err := netip.ParsePrefix(s)
	if err != nil {
		ip, e := netip.ParseAddr(s)
		if e != nil || ip.Zone() != "" {
			return prefix, fmt.Errorf(
				"http.proxies: networks such as 10.1.0.0/16 or addresses expected",
			)
		}
		prefix = netip.PrefixFrom(ip, ip.BitLen())
	}
	switch {
	case prefix.Addr().Is4In6():
		return prefix, fmt.Errorf("http.proxies: write IPv4 networks as such")
	case prefix != prefix.Masked():
		return prefix, fmt.Errorf(
			"http.proxies: a network expected, not an address inside it: %v",
			prefix.Masked(),
		)
	}
	return prefix, nil
}

// network returns an IPv4 address as it is and an IPv6 address as its /64, because a /64 belongs to one subscriber.
// Any other text is returned unchanged.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		return ip.String()
	}
	return netip.PrefixFrom(ip, 64).Masked().String()
}

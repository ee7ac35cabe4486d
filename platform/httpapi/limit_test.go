package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"despensa/platform/fault"
)

func TestMeasureIsATokenBucketPerKey(t *testing.T) {
	start := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	for name, row := range map[string]struct {
		calls   int           // of one key at once
		later   time.Duration // and one more after that
		allowed bool
		retry   time.Duration
		fields  string
	}{
		"fresh":        {calls: 0, allowed: true, fields: `"limite";q=4;w=2 "limite";r=3;t=1`},
		"the last one": {calls: 3, allowed: true, fields: `"limite";q=4;w=2 "limite";r=0;t=2`},
		"one too many": {calls: 4, retry: 500 * time.Millisecond, fields: `"limite";q=4;w=2 "limite";r=0;t=2`},
		"a little later": {calls: 4, later: 250 * time.Millisecond, retry: 250 * time.Millisecond,
			fields: `"limite";q=4;w=2 "limite";r=0;t=2`},
		"when there is one": {calls: 4, later: 500 * time.Millisecond, allowed: true,
			fields: `"limite";q=4;w=2 "limite";r=0;t=2`},
		"refused ones count": {calls: 400, later: 500 * time.Millisecond, allowed: true,
			fields: `"limite";q=4;w=2 "limite";r=0;t=2`},
		"full, not fuller": {calls: 4, later: time.Hour, allowed: true, fields: `"limite";q=4;w=2 "limite";r=3;t=1`},
	} {
		t.Run(name, func(t *testing.T) {
			now := start
			m := newMeasure("limite", 2, func() time.Time { return now })
			for range row.calls {
				m.take("a")
			}
			now = now.Add(row.later)
			if m.spent("a") == row.allowed {
				t.Errorf("spent before the call: %t", row.allowed)
			}
			q := m.take("a")
			h := http.Header{}
			q.say(h)
			if said := h.Get("RateLimit-Policy") + " " + h.Get("RateLimit"); said != row.fields {
				t.Errorf("fields %s, want %s", said, row.fields)
			}
			err := q.err()
			e, _ := fault.As(err)
			if (err == nil) != row.allowed ||
				err != nil && (!errors.Is(err, ErrTooMany) || e.RetryAfter != row.retry) {
				t.Errorf("%v, want retry after %v", e, row.retry)
			}
			if !m.take("b").allowed {
				t.Error("another key pays for it")
			}
		})
	}
}

func TestMeasureKeepsSoManyKeys(t *testing.T) {
	m := newMeasure("limite", 1, time.Now)
	for i := range bucketsMax + 10_000 {
		m.take(fmt.Sprint(i))
	}
	m.buckets.CleanUp()
	if n := m.buckets.EstimatedSize(); n > bucketsMax {
		t.Errorf("%d kept", n)
	}
}

// TestMeasureTurnsOfAKey: one call at a time holds the turn of a key. A call that gives up waiting leaves the queue,
// and each key has a turn of its own.
func TestMeasureTurnsOfAKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMeasure("limite_fallos", 1, time.Now)
		release, err := m.alone(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		other, err := m.alone(t.Context(), "b")
		if err != nil {
			t.Fatal(err)
		}
		other()
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := m.alone(short, "a"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a second turn: %v", err)
		}
		got := make(chan func(), 1)
		go func() {
			f, _ := m.alone(t.Context(), "a")
			got <- f
		}()
		synctest.Wait()
		if len(got) != 0 {
			t.Fatal("two turns at once")
		}
		release()
		(<-got)()
	})
}

func TestNetworkOfAnAddress(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7":                "192.0.2.7",
		"::ffff:192.0.2.7":         "192.0.2.7",
		"2001:db8:1:2::1":          "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff:1:2:3":  "2001:db8:1:2::/64",
		"2001:0DB8:0001:0002::0:1": "2001:db8:1:2::/64",
		"2001:db8:1:3::1":          "2001:db8:1:3::/64",
		"fe80::1%eth0":             "fe80::/64",
		"::1":                      "::/64",
		"":                         "",
		"pipe":                     "pipe",
	} {
		if got := network(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

func TestWhoseForwardedForIsBelieved(t *testing.T) {
	for name, row := range map[string]struct {
		proxies   []string
		peer      string
		forwarded []string
		want      string
	}{
		"direct":                {peer: "198.51.100.1:5", want: "198.51.100.1"},
		"direct, forged":        {peer: "198.51.100.1:5", forwarded: []string{"203.0.113.9"}, want: "198.51.100.1"},
		"loopback is not named": {peer: "127.0.0.1:5", forwarded: []string{"203.0.113.9"}, want: "127.0.0.1"},
		"loopback, another is named": {proxies: []string{"10.0.0.0/8"}, peer: "127.0.0.1:5",
			forwarded: []string{"203.0.113.9"}, want: "127.0.0.1"},
		"private, another is named": {proxies: []string{"10.0.0.0/8"}, peer: "192.168.0.4:5",
			forwarded: []string{"203.0.113.9"}, want: "192.168.0.4"},
		"link-local, another named": {proxies: []string{"10.0.0.0/8"}, peer: "169.254.0.4:5",
			forwarded: []string{"203.0.113.9"}, want: "169.254.0.4"},
		"private IPv6, another named": {proxies: []string{"10.0.0.0/8"}, peer: "[fd00::4]:5",
			forwarded: []string{"203.0.113.9"}, want: "fd00::4"},
		"named": {proxies: []string{"10.0.0.0/8"}, peer: "10.1.1.1:5",
			forwarded: []string{"203.0.113.9"}, want: "203.0.113.9"},
		"named as one address": {proxies: []string{"10.1.1.1"}, peer: "10.1.1.1:5",
			forwarded: []string{"203.0.113.9"}, want: "203.0.113.9"},
		"its neighbour": {proxies: []string{"10.1.1.1"}, peer: "10.1.1.2:5",
			forwarded: []string{"203.0.113.9"}, want: "10.1.1.2"},
		"named, IPv6": {proxies: []string{"::1"}, peer: "[::1]:5", forwarded: []string{"2001:db8::9"},
			want: "2001:db8::9"},
		"client's own lines before": {proxies: []string{"10.0.0.0/8"}, peer: "10.1.1.1:5",
			forwarded: []string{"8.8.8.8, 203.0.113.9"}, want: "203.0.113.9"},
		"in a line of its own": {proxies: []string{"10.0.0.0/8"}, peer: "10.1.1.1:5",
			forwarded: []string{"8.8.8.8", "203.0.113.9"}, want: "203.0.113.9"},
		"garbage before": {proxies: []string{"10.0.0.0/8"}, peer: "10.1.1.1:5",
			forwarded: []string{"no soy nadie, 203.0.113.9"}, want: "203.0.113.9"},
		"nothing but garbage": {proxies: []string{"10.0.0.0/8"}, peer: "10.1.1.1:5",
			forwarded: []string{"no soy nadie"}, want: "10.1.1.1"},
		"two proxies in a row": {proxies: []string{"10.0.0.0/8", "192.168.0.1"}, peer: "10.1.1.1:5",
			forwarded: []string{"8.8.8.8, 203.0.113.9, 192.168.0.1"}, want: "203.0.113.9"},
		"with a port": {proxies: []string{"10.0.0.0/8"}, peer: "10.1.1.1:5",
			forwarded: []string{"203.0.113.9:4711"}, want: "203.0.113.9"},
		"IPv6 with a port": {proxies: []string{"10.0.0.0/8"}, peer: "10.1.1.1:5",
			forwarded: []string{"[2001:db8::9]:4711"}, want: "2001:db8::9"},
		"two proxies with ports": {proxies: []string{"10.0.0.0/8"}, peer: "10.1.1.1:5",
			forwarded: []string{"8.8.8.8, 203.0.113.9:1, 10.2.2.2:80"}, want: "203.0.113.9"},
		"a port and garbage": {proxies: []string{"10.0.0.0/8"}, peer: "10.1.1.1:5",
			forwarded: []string{"203.0.113.9:port"}, want: "10.1.1.1"},
		"an empty member at the end": {proxies: []string{"10.0.0.0/8"}, peer: "10.1.1.1:5",
			forwarded: []string{"203.0.113.9,"}, want: "10.1.1.1"},
		"no header": {proxies: []string{"10.0.0.0/8"}, peer: "10.1.1.1:5", want: "10.1.1.1"},
	} {
		t.Run(name, func(t *testing.T) {
			of, err := extractor(row.proxies)
			if err != nil {
				t.Fatal(err)
			}
			r := &http.Request{RemoteAddr: row.peer, Header: http.Header{}}
			for _, f := range row.forwarded {
				r.Header.Add("X-Forwarded-For", f)
			}
			r.Header.Set("X-Real-Ip", "8.8.4.4") // this header is never trusted
			r.Header.Set("Forwarded", "for=8.8.4.4")
			if got := of(r); got != row.want {
				t.Errorf("%s, want %s", got, row.want)
			}
		})
	}
}

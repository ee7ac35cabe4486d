package skew_test

import (
	"testing"
	"time"

	"despensa/platform/skew"
)

var now = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

func TestLimit(t *testing.T) {
	for name, x := range map[string]struct{ got, want time.Time }{
		"a wait":  {skew.Limit(now, time.Hour), now.Add(time.Hour + skew.Slack)},
		"a lease": {skew.LeaseLimit(now), now.Add(12 * time.Minute)},
	} {
		if !x.got.Equal(x.want) {
			t.Errorf("%s: %v, want %v", name, x.got, x.want)
		}
	}
}

func TestPast(t *testing.T) {
	for name, x := range map[string]struct{ after, want time.Duration }{
		"a year ago":              {-365 * 24 * time.Hour, -365 * 24 * time.Hour},
		"now":                     {0, 0},
		"another replica's clock": {skew.Slack, skew.Slack},
		"a clock that was ahead":  {skew.Slack + time.Millisecond, 0},
	} {
		if got := skew.Past(now.Add(x.after), now); !got.Equal(now.Add(x.want)) {
			t.Errorf("%s: %v after now, want %v", name, got.Sub(now), x.want)
		}
	}
}

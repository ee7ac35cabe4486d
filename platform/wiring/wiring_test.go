package wiring_test

import (
	"log/slog"
	"testing"
	"time"

	"despensa/platform/wiring"

	"github.com/prometheus/client_golang/prometheus"
)

// TestComplete: a member that is nil gets its default, and a member that is set stays.
func TestComplete(t *testing.T) {
	var empty wiring.Options
	empty.Complete()
	if empty.Now == nil || empty.Log != slog.Default() || empty.Metrics == nil {
		t.Errorf("a default is missing: %+v", empty)
	}
	if empty.Cut != nil || empty.Observe != nil {
		t.Error("a hook of tests is set")
	}
	noon := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	log, metrics := slog.New(slog.DiscardHandler), prometheus.NewRegistry()
	full := wiring.Options{Now: func() time.Time { return noon }, Log: log, Metrics: metrics}
	full.Complete()
	if full.Now() != noon || full.Log != log || full.Metrics != metrics {
		t.Errorf("a member was replaced: %+v", full)
	}
}

// Package wiring has the options that the program gives to each of its modules.
package wiring

import (
	"log/slog"
	"time"

	"despensa/platform/joblease"
	"despensa/platform/sqldb"

	"github.com/prometheus/client_golang/prometheus"
)

// Options are the options that every module takes. A module embeds them beside those of its own.
type Options struct {
	// Folder holds the files of the module's embedded stores. It must exist unless the module's stores are on servers.
	Folder string
	// Now is the clock; nil: time.Now.
	Now func() time.Time
	// Log receives the module's records; nil: the default logger.
	Log *slog.Logger
	// Metrics takes the module's metrics; nil: a registry of its own.
	Metrics prometheus.Registerer
	// Cut is called around every write of the stores, and around each call of the gateway. Crash tests only.
	Cut sqldb.Cut
	// Observe is called with each statement of an embedded store; nil: statements are not reported.
	Observe func(sqldb.Execution)
	// Jobs identifies this process among the replicas that share the stores. The module fills in Registry and Guard.
	Jobs joblease.Options
}

// Complete gives each member that is nil its default.
func (o *Options) Complete() {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Metrics == nil {
		o.Metrics = prometheus.NewRegistry()
	}
}

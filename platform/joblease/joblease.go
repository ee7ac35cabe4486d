// Package joblease lets one of the processes that share a database run a background job at a time. The process that
// holds the job's lease (its turn) renews it; the other processes ask for it again and again.
package joblease

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"despensa/platform/guard"
	"despensa/platform/skew"

	"github.com/google/uuid"
)

// DefaultLease is the default of Options.Lease.
const DefaultLease = 15 * time.Second

// Config is the section trabajos of the settings.
type Config struct {
	// Lease is how long a process holds a background job without renewing its lease.
	Lease time.Duration `yaml:"lease"`
}

// Validate reports a Lease outside of 1 s to skew.MaxLease; the error names the setting.
func (c Config) Validate() error {
	if c.Lease < time.Second || c.Lease > skew.MaxLease {
		return errors.New("trabajos.lease: 1s to 10m")
	}
	return nil
}

// Registry stores the leases of the jobs for all processes. Its errors are those of the store.
type Registry interface {
	// Take gives the lease of the job nombre to the process quien until hasta, and returns a zero libre: when no process
	// holds the lease, when the lease is not Running at ahora, or when quien holds it already. Otherwise another process
	// holds the lease, and libre is the time at which it ends.
	Take(
		ctx context.Context,
		nombre, quien string,
		ahora, hasta time.Time,
	) (libre time.Time, err error)
	// Release ends the lease of the job nombre if the process quien holds it; otherwise it changes nothing and returns
	// nil.
	Release(ctx context.Context, nombre, quien string) error
}

// Running reports whether a lease that ends at hasta is held at ahora. A lease that ends after skew.LeaseLimit is not:
// a process with a fast clock wrote it.
func Running(hasta, ahora time.Time) bool {
	return hasta.After(ahora) && !hasta.After(skew.LeaseLimit(ahora))
}

// Options are the settings of New.
type Options struct {
	// Registry is shared by all processes; nil: this is the only process, and it needs no leases.
	Registry Registry
	// Holder is the id of this process (default: a new UUID).
	Holder string
	// Lease is how long a lease lasts without renewal (default DefaultLease).
	Lease time.Duration
	// Now is the clock that all processes share (default time.Now).
	Now func() time.Time
	// Log receives the leases won and lost (default slog.Default).
	Log *slog.Logger
	// Guard catches the panics of jobs; its zero value logs them.
	Guard guard.Guard
}

// Jobs runs the background jobs of one process under their leases. Safe for concurrent use.
type Jobs struct{ o Options }

// New makes the Jobs of a process, and fills in the defaults of o. It does not ask the Registry yet.
func New(options Options) *Jobs {
	if options.Holder == "" {
		options.Holder = uuid.NewString()
	}
	if options.Lease <= 0 {
		options.Lease = DefaultLease
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Log == nil {
		options.Log = slog.Default()
	}
	return &Jobs{options}
}

// Run runs job whenever this process holds the lease of the job nombre, until ctx ends. The ctx of job ends when
// the lease is lost, or is about to end without renewal; job then returns soon. Another process begins no earlier than
// the end of the lease. When job returns, Run gives the lease back. When job panics, Run runs it again a third
// of the lease later.
func (t *Jobs) Run(ctx context.Context, nombre string, job func(ctx context.Context)) {
	if t.o.Registry == nil {
		for !t.guarded(ctx, nombre, job) && wait(ctx, t.pause(time.Time{})) {
		}
		return
	}
	for ctx.Err() == nil {
		pedido := time.Now()
		libre, err := t.take(ctx, nombre)
		switch {
		case err != nil && ctx.Err() == nil:
			t.o.Log.WarnContext(ctx, "asking for a turn", "job", nombre, "error", err)
		case err == nil && libre.IsZero():
			t.work(ctx, nombre, pedido, job)
		}
		wait(ctx, t.pause(libre))
	}
}

// take asks for the lease, or renews it. It returns when another process's lease ends; zero: this process holds it.
func (t *Jobs) take(ctx context.Context, nombre string) (time.Time, error) {
	corto, soltar := context.WithTimeout(ctx, t.o.Lease/4)
	defer soltar()
	ahora := t.o.Now()
	return t.o.Registry.Take(corto, nombre, t.o.Holder, ahora, ahora.Add(t.o.Lease))
}

// pause is the time until this process asks for the lease again: until libre, when another process's lease ends, but
// at most a third of a lease, so that a lease given back early is noticed.
func (t *Jobs) pause(libre time.Time) time.Duration {
	if libre.IsZero() {
		return t.o.Lease / 3
	}
	return max(time.Millisecond, min(t.o.Lease/3, libre.Sub(t.o.Now())))
}

// work runs job under a lease that was asked for at pedido, renews the lease meanwhile, and gives it back.
func (t *Jobs) work(
	ctx context.Context,
	nombre string,
	pedido time.Time,
	job func(ctx context.Context),
) {
	t.o.Log.InfoContext(ctx, "turn taken", "job", nombre)
	propio, perder := context.WithCancel(ctx)
	fin := time.AfterFunc(t.remaining(pedido), perder)
	renovado := make(chan struct{})
	go func() {
		defer close(renovado)
		defer perder()
		t.o.Guard.Void(propio, "trabajos.renovar", func() { t.renew(propio, nombre, fin) })
	}()
	t.guarded(propio, nombre, job)
	perdido := propio.Err() != nil && ctx.Err() == nil
	perder()
	<-renovado
	fin.Stop()
	if perdido {
		t.o.Log.WarnContext(ctx, "turn lost", "job", nombre)
	}
	t.release(ctx, nombre)
}

// guarded runs job and reports whether it returned without a panic.
func (t *Jobs) guarded(ctx context.Context, nombre string, job func(ctx context.Context)) bool {
	return t.o.Guard.Void(ctx, nombre, func() { job(ctx) })
}

// remaining is how much longer f may run under a lease that was asked for at pedido: until 11/12 of the lease have
// passed.
func (t *Jobs) remaining(pedido time.Time) time.Duration {
	return time.Until(pedido.Add(t.o.Lease * 11 / 12))
}

// renew renews the lease, and puts off fin, every third of the lease, until ctx ends or another process holds the
// lease. It tries again after an error; meanwhile fin may fire and end f.
func (t *Jobs) renew(ctx context.Context, nombre string, fin *time.Timer) {
	for wait(ctx, t.o.Lease/3) {
		pedido := time.Now()
		libre, err := t.take(ctx, nombre)
		switch {
		case err == nil && !libre.IsZero():
			return
		case err == nil && ctx.Err() == nil:
			fin.Reset(t.remaining(pedido))
		}
	}
}

// release gives the lease back, so that the other processes need not wait for its end.
func (t *Jobs) release(ctx context.Context, nombre string) {
	corto, fin := context.WithTimeout(context.WithoutCancel(ctx), t.o.Lease/4)
	defer fin()
	if err := t.o.Registry.Release(corto, nombre, t.o.Holder); err != nil {
		t.o.Log.WarnContext(ctx, "giving a turn back", "job", nombre, "error", err)
	}
}

// wait waits for d. It returns false when ctx has ended.
func wait(ctx context.Context, d time.Duration) bool {
	reloj := time.NewTimer(d)
	defer reloj.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-reloj.C:
		return ctx.Err() == nil
	}
}

// Package joblease lets one of the processes that share a database do a background job, one
// at a time: whoever has the turn renews it, and who does not asks again.
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

// LeaseDefecto is how long a turn lasts unless Options say otherwise.
const LeaseDefecto = 15 * time.Second

// Config is the section joblease.
type Config struct {
	// Lease is how long a process keeps a background job without renewing its turn.
	Lease time.Duration `yaml:"lease"`
}

// Validar names the key whose value is not possible.
func (c Config) Validar() error {
	if c.Lease < time.Second || c.Lease > skew.MaxLease {
		return errors.New("turno.lease: 1s to 10m")
	}
	return nil
}

// Registry is where turns are written down, for all processes.
type Registry interface {
	// Tomar gives the job nombre to quien until hasta when nobody has it, when its turn
	// is not Running at ahora, or when it is quien's already: then libre is zero. Otherwise
	// libre is when the turn of the other ends.
	Tomar(ctx context.Context, nombre, quien string, ahora, hasta time.Time) (libre time.Time, err error)
	// Soltar ends the turn of quien; a success when it is not, or no longer, quien's.
	Soltar(ctx context.Context, nombre, quien string) error
}

// Running says that a turn which ends at hasta is somebody's at ahora. One that would end after skew.LeaseLimit is
// not: a clock wrote it which was ahead.
func Running(hasta, ahora time.Time) bool {
	return hasta.After(ahora) && !hasta.After(skew.LeaseLimit(ahora))
}

// Options of Jobs.
type Options struct {
	// Registry is shared by all processes; nil: there are no others.
	Registro Registry
	// Quien is this process (default: made up).
	Quien string
	// Lease is how long a turn lasts that is not renewed (default LeaseDefecto).
	Lease time.Duration
	// Ahora is the clock that all processes share (default time.Now).
	Ahora func() time.Time
	// Log is told of turns won and lost (default slog.Default).
	Log *slog.Logger
	// Guard catches the panics of jobs; its zero value logs them.
	Guard guard.Guard
}

// Jobs are the turns of one process. Safe for concurrent use.
type Jobs struct{ o Options }

// New makes the turns of a process; nothing is asked yet.
func New(o Options) *Jobs {
	if o.Quien == "" {
		o.Quien = uuid.NewString()
	}
	if o.Lease <= 0 {
		o.Lease = LeaseDefecto
	}
	if o.Ahora == nil {
		o.Ahora = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Jobs{o}
}

// Correr runs f whenever the job nombre is this process's turn, until ctx ends. f works
// until its own ctx ends, which is when the turn is lost or about to run out unrenewed,
// and then returns soon: another process begins no earlier than the lease's end. Correr
// gives the turn back at the end, and returns when f has. An f that panics begins anew a
// third of the lease later.
func (t *Jobs) Correr(ctx context.Context, nombre string, f func(ctx context.Context)) {
	if t.o.Registro == nil {
		for !t.vigilado(ctx, nombre, f) && esperar(ctx, t.pausa(time.Time{})) {
		}
		return
	}
	for ctx.Err() == nil {
		pedido := time.Now()
		libre, err := t.tomar(ctx, nombre)
		switch {
		case err != nil && ctx.Err() == nil:
			t.o.Log.WarnContext(ctx, "asking for a turn", "job", nombre, "error", err)
		case err == nil && libre.IsZero():
			t.trabajar(ctx, nombre, pedido, f)
		}
		esperar(ctx, t.pausa(libre))
	}
}

// tomar asks for the turn, or for more of it.
func (t *Jobs) tomar(ctx context.Context, nombre string) (time.Time, error) {
	corto, soltar := context.WithTimeout(ctx, t.o.Lease/4)
	defer soltar()
	ahora := t.o.Ahora()
	return t.o.Registro.Tomar(corto, nombre, t.o.Quien, ahora, ahora.Add(t.o.Lease))
}

// pausa is how long to wait before asking again: until the other's turn ends, and often
// enough to notice one that was given back.
func (t *Jobs) pausa(libre time.Time) time.Duration {
	if libre.IsZero() {
		return t.o.Lease / 3
	}
	return max(time.Millisecond, min(t.o.Lease/3, libre.Sub(t.o.Ahora())))
}

// trabajar runs f under a turn that was asked for at pedido.
func (t *Jobs) trabajar(ctx context.Context, nombre string, pedido time.Time, f func(ctx context.Context)) {
	t.o.Log.InfoContext(ctx, "turn taken", "job", nombre)
	propio, perder := context.WithCancel(ctx)
	fin := time.AfterFunc(t.resta(pedido), perder)
	renovado := make(chan struct{})
	go func() {
		defer close(renovado)
		defer perder()
		t.o.Guard.Void(propio, "turno.renovar", func() { t.renovar(propio, nombre, fin) })
	}()
	t.vigilado(propio, nombre, f)
	perdido := propio.Err() != nil && ctx.Err() == nil
	perder()
	<-renovado
	fin.Stop()
	if perdido {
		t.o.Log.WarnContext(ctx, "turn lost", "job", nombre)
	}
	t.soltar(ctx, nombre)
}

// vigilado runs f and reports whether it returned without a panic.
func (t *Jobs) vigilado(ctx context.Context, nombre string, f func(ctx context.Context)) bool {
	return t.o.Guard.Void(ctx, nombre, func() { f(ctx) })
}

// resta is how long a turn that was asked for at pedido may still be worked under: a
// little less than it lasts.
func (t *Jobs) resta(pedido time.Time) time.Duration {
	return time.Until(pedido.Add(t.o.Lease * 11 / 12))
}

// renovar puts fin off at every third of the lease, until ctx ends or somebody else has
// the turn. What fails is tried again: fin does not wait.
func (t *Jobs) renovar(ctx context.Context, nombre string, fin *time.Timer) {
	for esperar(ctx, t.o.Lease/3) {
		pedido := time.Now()
		libre, err := t.tomar(ctx, nombre)
		switch {
		case err == nil && !libre.IsZero():
			return
		case err == nil && ctx.Err() == nil:
			fin.Reset(t.resta(pedido))
		}
	}
}

// soltar lets the others know that they need not wait for the lease's end.
func (t *Jobs) soltar(ctx context.Context, nombre string) {
	corto, fin := context.WithTimeout(context.WithoutCancel(ctx), t.o.Lease/4)
	defer fin()
	if err := t.o.Registro.Soltar(corto, nombre, t.o.Quien); err != nil {
		t.o.Log.WarnContext(ctx, "giving a turn back", "job", nombre, "error", err)
	}
}

// esperar waits; false when ctx has ended.
func esperar(ctx context.Context, d time.Duration) bool {
	reloj := time.NewTimer(d)
	defer reloj.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-reloj.C:
		return ctx.Err() == nil
	}
}

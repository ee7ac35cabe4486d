package auditoria

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"despensa/platform/audit"
	"despensa/platform/guard"
)

// The words of the trail for a call without a good token, and for its origin.
const (
	accionIngreso = "ingreso"
	claseOrigen   = "origen"
	otrosOrigenes = "otros"
)

// origenesMax is the largest number of addresses that one second counts apart. A flood of calls writes that many rows
// each second and one more, for all other addresses together.
const origenesMax = 64

// Rechazos counts calls without a good token, per address and second, in memory. A process that is killed loses the
// counts of its last second. Safe for concurrent use.
type Rechazos struct {
	rastro *Rastro
	origen func(direccion string) (string, error)
	log    *slog.Logger

	mu      sync.Mutex
	segundo int64 // Unix; of cuentas
	cuentas map[string]int64
	otros   int64
	listas  []audit.Record // of the second before, not written yet
}

// NewRechazos makes a counter that writes to a. origen turns an address into the text that the trail has in its
// place; the address cannot be computed from that text without a key.
func NewRechazos(
	rastro *Rastro,
	origen func(direccion string) (string, error),
	log *slog.Logger,
) *Rechazos {
	return &Rechazos{rastro: rastro, origen: origen, log: log, cuentas: map[string]int64{}}
}

// Anotar counts one call from direccion. It does not wait for anything.
func (r *Rechazos) Anotar(direccion string) {
	direccion = red(direccion)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pasar(r.rastro.ahora())
	if _, ya := r.cuentas[direccion]; ya || len(r.cuentas) < origenesMax {
		r.cuentas[direccion]++
		return
	}
	r.otros++
}

// red returns an IPv4 address as it is and an IPv6 address as its /64, because a /64 belongs to one subscriber. ""
// where direccion is no address.
func red(direccion string) string {
	ip, err := netip.ParseAddr(direccion)
	if err != nil {
		return ""
	}
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		return ip.String()
	}
	p, err := ip.Prefix(64)
	if err != nil {
		return ""
	}
	return p.String()
}

// pasar closes the second that is being counted, once it is over. Records of the second before that have not been
// written by then are added to it, without their addresses.
func (r *Rechazos) pasar(ahora time.Time) {
	if ahora.Unix() == r.segundo {
		return
	}
	if len(r.cuentas) > 0 {
		for _, x := range r.listas {
			r.otros += x.Times
		}
		r.listas = r.cerrar()
	}
	r.segundo = ahora.Unix()
}

// cerrar makes the records of the second that is counted and empties it.
func (r *Rechazos) cerrar() []audit.Record {
	uno := func(origen string, veces int64) audit.Record {
		return audit.Record{
			At:       time.Unix(r.segundo, 0).UTC(),
			Action:   accionIngreso,
			Resource: audit.Resource{Kind: claseOrigen, ID: origen},
			Outcome:  audit.Denied,
			Times:    veces,
		}
	}
	var rs []audit.Record
	for d, n := range r.cuentas {
		o, err := r.origen(d)
		if err != nil || o == "" {
			r.otros += n
			continue
		}
		rs = append(rs, uno(o, n))
	}
	if r.otros > 0 {
		rs = append(rs, uno(otrosOrigenes, r.otros))
	}
	clear(r.cuentas)
	r.otros = 0
	return rs
}

// Correr writes the counts each second, with one write, until ctx ends; then it writes the rest.
func (r *Rechazos) Correr(ctx context.Context) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			caught := guard.Guard{Log: r.log}
			caught.Void(ctx, "clientes.rechazos", func() { r.Volcar(ctx, false) })
		case <-ctx.Done():
			fin, soltar := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer soltar()
			r.Volcar(fin, true)
			return
		}
	}
}

// Volcar writes the counts of the seconds that are over; with todo also those of the present second. Counts that
// cannot be written are added to the next second, without their addresses. It writes the refusals that Rastro keeps,
// too.
func (r *Rechazos) Volcar(ctx context.Context, todo bool) {
	if n, err := r.rastro.Volcar(ctx, todo); err != nil {
		r.log.ErrorContext(ctx, "refusals wait for their store", "rows", n, "last", todo, "error", err)
	}
	r.mu.Lock()
	r.pasar(r.rastro.ahora())
	rs := r.listas
	r.listas = nil
	if todo {
		rs = append(rs, r.cerrar()...)
	}
	r.mu.Unlock()
	if len(rs) == 0 {
		return
	}
	if err := r.rastro.RegistrarVarios(ctx, rs); err != nil {
		r.log.ErrorContext(ctx, "refused calls were not recorded", "rows", len(rs), "error", err)
		r.devolver(rs)
	}
}

// devolver adds the counts of recordes, which could not be written, to the present second, without their addresses.
func (r *Rechazos) devolver(recordes []audit.Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, x := range recordes {
		r.otros += x.Times
	}
}

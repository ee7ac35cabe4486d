package auditoria

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"despensa/platform/guard"

	"gorm.io/gorm"
)

// Relevo gives the records their numbers and sends them to Buscador, in this order, a batch at a time. One Relevo for
// all replicas is enough; two at once do no harm.
type Relevo struct {
	Rastro   *Rastro
	Buscador Buscador
	Limites  Limites
	// Lote is the largest number of records of a batch.
	Lote int
	// Intervalo is the pause when there is nothing to do; EsperaMax bounds the pause, which
	// doubles, while Buscador does not answer.
	Intervalo, EsperaMax time.Duration
	// Guarda is how long a record stays in the schema clientes after it was sent.
	Guarda time.Duration
	// Retencion is the age at which whole indices are removed; 0: never.
	Retencion time.Duration
	Log       *slog.Logger
	// Guard catches the panics of a batch; its zero value logs them.
	Guard guard.Guard

	rehusados map[int64]bool // numbers of records that Buscador refuses while it takes others
}

// Correr runs Ronda again and again until ctx ends. A batch that fails, or panics, is tried again after a pause.
func (r *Relevo) Correr(ctx context.Context) {
	limpieza := time.NewTicker(limpiezaCada)
	defer limpieza.Stop()
	fallos := 0
	for {
		var n int
		err := r.Guard.Run(ctx, "clientes.rastro", func() (err error) {
			n, err = r.Ronda(ctx)
			return err
		})
		espera := r.Intervalo
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			if fallos++; fallos == 1 || fallos%20 == 0 {
				r.Log.ErrorContext(ctx, "the audit trail is not carried on", "tries", fallos, "error", err)
			}
			espera = r.pausa(fallos)
		case fallos > 0:
			r.Log.InfoContext(ctx, "the audit trail is carried on again", "tries", fallos)
			fallos = 0
		}
		if err == nil && n == r.Lote {
			continue
		}
		if !r.esperar(ctx, espera, limpieza.C) {
			return
		}
	}
}

// limpiezaCada is how often old records are looked for.
const limpiezaCada = 10 * time.Minute

// esperar waits; false: ctx has ended.
func (r *Relevo) esperar(ctx context.Context, d time.Duration, limpieza <-chan time.Time) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-t.C:
			return true
		case <-limpieza:
			if err := r.Limpiar(ctx); err != nil && ctx.Err() == nil {
				r.Log.ErrorContext(ctx, "old records of the audit trail stay", "error", err)
			}
		}
	}
}

// pausa is the wait after so many failures in a row. It doubles with each, up to EsperaMax, and is shortened by a
// random part of up to a half.
func (r *Relevo) pausa(fallos int) time.Duration {
	d := r.Intervalo
	for range min(fallos, 30) {
		if d *= 2; d >= r.EsperaMax {
			d = r.EsperaMax
			break
		}
	}
	return d/2 + rand.N(d/2+1)
}

// Ronda numbers one batch and sends one batch. It returns the size of the larger of the two.
func (r *Relevo) Ronda(ctx context.Context) (int, error) {
	n, err := r.Rastro.Numerar(ctx, r.Limites, r.Lote)
	if err != nil {
		return 0, err
	}
	m, err := r.enviar(ctx)
	return max(n, m), err
}

// enviar sends the oldest records that have not been sent, and then marks them as sent. A record whose mark is lost is
// sent again, to the same index under the same id. A record that Buscador refuses while it takes others is left out
// until the next start of the program.
func (r *Relevo) enviar(ctx context.Context) (int, error) {
	as, err := desdeNumero(ctx, r.Rastro.db, 1, r.Lote+len(r.rehusados), true)
	as = slices.DeleteFunc(as, func(a Asiento) bool { return r.rehusados[a.Numero] })
	if err != nil || len(as) == 0 {
		return 0, err
	}
	enviados, err := r.mandar(ctx, as)
	if err != nil {
		return 0, fmt.Errorf("auditoria: send: %w", err)
	}
	ahora := r.Rastro.ahora().UnixMilli()
	err = r.Rastro.db.Write(ctx, "clientes.auditoria.enviado", func(tx *gorm.DB) error {
		return tx.Exec(
			"update auditoria set enviado = ? where numero in ? and enviado is null",
			ahora,
			enviados,
		).Error
	})
	if err != nil {
		return 0, fmt.Errorf("auditoria: note what was sent: %w", err)
	}
	return len(as), nil
}

// mandar sends as and gives the numbers of those that were taken. Errors: ErrBuscador, when no record was.
func (r *Relevo) mandar(ctx context.Context, asientos []Asiento) (enviados []int64, err error) {
	if err = r.Buscador.Enviar(ctx, asientos); err == nil {
		return numeros(asientos), nil
	}
	if len(asientos) == 1 || !r.contesta(ctx, asientos) {
		return nil, err
	}
	for i := range asientos { // Buscador answers, and refuses one record or more
		if e := r.Buscador.Enviar(ctx, asientos[i:i+1]); e == nil {
			enviados = append(enviados, asientos[i].Numero)
			continue
		} else if ctx.Err() != nil {
			return nil, e
		}
		r.rehusar(ctx, asientos[i], err)
	}
	return enviados, nil
}

// contesta reports whether Buscador takes the last, the first or a random record of as. If so, Buscador answers, and it
// is another record of as that it refuses.
func (r *Relevo) contesta(ctx context.Context, asientos []Asiento) bool {
	for _, i := range []int{len(asientos) - 1, 0, rand.N(len(asientos))} {
		if r.Buscador.Enviar(ctx, asientos[i:i+1]) == nil {
			return true
		}
	}
	return false
}

// rehusar leaves a record out of further batches.
func (r *Relevo) rehusar(ctx context.Context, asiento Asiento, err error) {
	if r.rehusados == nil {
		r.rehusados = map[int64]bool{}
	}
	r.rehusados[asiento.Numero] = true
	r.Log.ErrorContext(ctx, "a record of the audit trail is refused where it is searched",
		"numero", asiento.Numero, "error", err)
}

func numeros(asientos []Asiento) []int64 {
	out := make([]int64, len(asientos))
	for i, a := range asientos {
		out[i] = a.Numero
	}
	return out
}

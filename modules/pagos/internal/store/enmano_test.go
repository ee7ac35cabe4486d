package store_test

import (
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
	"despensa/modules/pagos/internal/gateway"

	"gorm.io/gorm"
)

// aChangeOfWhatIsInHand: it is applied to the version in hand where the row still has it, and to the row as it stands
// where it does not; either way once, and it loses nothing that another writer did.
func aChangeOfWhatIsInHand(t *testing.T, banco *banco) {
	tests := map[string]struct {
		otro    bool // another writer is first
		hacer   func(f *cobros.CobroEntero) error
		veces   int // that the change is tried
		version int64
		quiero  error
	}{
		"as the row is": {
			hacer:   func(f *cobros.CobroEntero) error { f.Sondeos++; return nil },
			veces:   1,
			version: 2,
		},
		"after another": {
			otro:    true,
			hacer:   func(f *cobros.CobroEntero) error { f.Sondeos++; return nil },
			veces:   2,
			version: 3,
		},
		"that changes nothing": {
			hacer:   func(*cobros.CobroEntero) error { return nil },
			veces:   2,
			version: 1,
		},
		"that is refused": {
			otro:    true,
			hacer:   func(*cobros.CobroEntero) error { return errHacer },
			veces:   2,
			version: 2,
			quiero:  errHacer,
		},
		"with a refund":         {hacer: devolver, veces: 1, version: 2},
		"with a refund, second": {otro: true, hacer: devolver, veces: 2, version: 3},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			banco.vaciar(t)
			enMano := banco.guardar(
				t,
				1,
				func(f *cobros.CobroEntero) { f.Sondeos, f.Cuotas = 0, 1 },
			)
			if tt.otro {
				_, err := banco.Cambiar(
					t.Context(),
					cambio(1, func(f *cobros.CobroEntero) error { f.Cuotas = 7; return nil }),
				)
				bien(t, err)
			}
			veces := 0
			c := cambio(1, func(f *cobros.CobroEntero) error { veces++; return tt.hacer(f) })
			c.Desde = &enMano
			f, err := banco.Cambiar(t.Context(), c)
			igual(t, "tries", veces, tt.veces)
			hay, _, e := banco.PorID(t.Context(), c.ID)
			bien(t, e)
			igual(t, "version", hay.Version, tt.version)
			igual(t, "the other's change", hay.Cuotas == 7, tt.otro)
			igual(t, "in hand", enMano.Version, 1)
			if falla(t, err, tt.quiero); err == nil {
				igual(t, "given", f.Cobro, hay.Cobro)
				igual(t, "refunds", len(hay.Reembolsos), len(f.Reembolsos))
			}
		})
	}
}

// devolver takes the money and asks for a refund of a part.
func devolver(cobroEntero *cobros.CobroEntero) error {
	cobroEntero.Cobrado = cobroEntero.Monto
	cobroEntero.Reembolsos = append(
		cobroEntero.Reembolsos,
		cobros.Reembolso{ID: "r", Monto: 1, Estado: cobros.Solicitado, Orden: 1},
	)
	return nil
}

// refundsThatNobodyNoted: an earlier release, which does not write sin_reembolsos, adds a refund and a version to the
// charge. The next reader reads the refund.
func refundsThatNobodyNoted(t *testing.T, banco *banco) {
	cobrado := banco.guardar(t, 1, func(f *cobros.CobroEntero) { f.Cobrado = f.Monto })
	bien(t, banco.db.Write(t.Context(), "viejo", func(tx *gorm.DB) error {
		err := tx.Exec(
			"insert into reembolsos (cobro, id, orden, monto, estado, ajeno) values (?, 'r', 1, 5, 'pedido', '')",
			cobrado.ID,
		).Error
		if err == nil {
			err = tx.Exec("update cobros set version = version + 1, cambiado = ? where id = ?",
				time.Now().UnixMilli(), cobrado.ID).Error
		}
		return err
	}))
	hay, _, err := banco.PorID(t.Context(), cobrado.ID)
	bien(t, err)
	igual(t, "refunds", len(hay.Reembolsos), 1)
}

// estados calls probar with a charge in every state that the rules in SQL tell apart, with a refund and without one.
func estados(t *testing.T, probar func(t *testing.T, f cobros.CobroEntero)) {
	for _, vista := range []gateway.Estado{"", gateway.EnProceso, gateway.EnEspera, gateway.Reservada, gateway.Rechazada,
		gateway.Cancelada, gateway.Cobrada} {
		for _, cierre := range []pagos.Estado{"", pagos.Anulado} {
			for _, accion := range []cobros.Accion{"", cobros.Capturar} {
				for _, reembolso := range []cobros.EstadoReembolso{"", cobros.Solicitado, cobros.Hecho} {
					if reembolso != "" && vista != gateway.Cobrada {
						continue // there are no refunds before money was taken
					}
					f := cobroEntero(1)
					f.Vista, f.Cierre, f.Accion, f.Anulado, f.Vence = vista, cierre, accion, cierre != "", time.Time{}
					if vista == gateway.Cobrada {
						f.Cobrado = f.Monto
					}
					if reembolso != "" {
						f.Reembolsos = []cobros.Reembolso{
							{ID: "r", Monto: f.Monto, Estado: reembolso, Orden: 1},
						}
					}
					if reembolso == cobros.Hecho {
						f.Reembolsado = f.Cobrado
					}
					probar(t, f)
				}
			}
		}
	}
}

// guardada is cobroEntero as the store has it, its refunds too.
func (b *banco) guardada(t *testing.T, cobroEntero cobros.CobroEntero) cobros.CobroEntero {
	t.Helper()
	b.vaciar(t)
	sin := cobroEntero
	sin.Reembolsos = nil
	b.guardar(t, 1, func(g *cobros.CobroEntero) { *g = sin })
	if len(cobroEntero.Reembolsos) > 0 {
		_, err := b.Cambiar(
			t.Context(),
			cambio(
				1,
				func(g *cobros.CobroEntero) error { g.Reembolsos = cobroEntero.Reembolsos; return nil },
			),
		)
		bien(t, err)
	}
	hay, _, err := b.PorID(t.Context(), cobroEntero.ID)
	bien(t, err)
	igual(t, "refunds", len(hay.Reembolsos), len(cobroEntero.Reembolsos))
	return hay
}

// aCaptureBegins: in the very states of which the rules say that money can be taken, and at once.
func aCaptureBegins(t *testing.T, banco *banco) {
	veces := 0
	estados(t, func(t *testing.T, f cobros.CobroEntero) {
		antes := banco.guardada(t, f)
		x := cobros.CapturaIniciada{
			ID:    f.ID,
			Ahora: alba.Add(time.Hour),
			Hasta: alba.Add(2 * time.Hour),
			Debe:  alba.Add(3 * time.Hour),
		}
		g, tomado, err := banco.IniciarCaptura(t.Context(), x)
		bien(t, err)
		if tomado != antes.Capturable() {
			t.Errorf("taken is %v of %+v", tomado, antes)
		}
		hay, _, err := banco.PorID(t.Context(), f.ID)
		bien(t, err)
		if !tomado {
			igual(t, "untouched", hay.Cobro, antes.Cobro)
			return
		}
		veces++
		want := antes.Cobro
		want.Accion, want.Hasta, want.Debe = cobros.Capturar, x.Hasta, x.Debe
		want.Cambiado, want.Version = x.Ahora, antes.Version+1
		igual(t, "given", g.Cobro, want)
		igual(t, "stored", hay.Cobro, want)
		if _, otra, err := banco.IniciarCaptura(t.Context(), x); otra || err != nil {
			t.Errorf("taken twice: %v", err)
		}
	})
	igual(t, "states that can be taken", veces > 0, true)
	if _, tomado, err := banco.IniciarCaptura(t.Context(), cobros.CapturaIniciada{ID: "x"}); tomado ||
		err != nil {
		t.Errorf("one that there is not: %v", err)
	}
}

// aNoticeMayLie: Recibir makes a notice due later exactly where CobroEntero.EnReposo holds for its charge. A notice of
// an order that no charge has is due at once.
func aNoticeMayLie(t *testing.T, banco *banco) {
	reposo := alba.Add(time.Minute)
	lie := 0
	estados(t, func(t *testing.T, f cobros.CobroEntero) {
		antes := banco.guardada(t, f)
		nuevo, debe, err := banco.Recibir(t.Context(), webhook(1, 0), reposo)
		bien(t, err)
		igual(t, "new", nuevo, true)
		if debe != map[bool]time.Time{true: reposo, false: alba}[antes.EnReposo(alba.Add(24*time.Hour))] {
			t.Errorf("due at %v: %+v", debe, antes)
		}
		if debe.Equal(reposo) {
			lie++
		}
	})
	igual(t, "some lie", lie > 0, true)
	nuevo, debe, err := banco.Recibir(t.Context(), webhook(7, 0), reposo)
	bien(t, err)
	igual(t, "new", nuevo, true)
	igual(t, "of an unknown order", debe, alba)
}

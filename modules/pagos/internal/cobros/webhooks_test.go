package cobros_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
	"despensa/modules/pagos/internal/gateway"
	"despensa/modules/pagos/internal/gateway/gatewaytest"
)

func (b *banco) atender() {
	b.t.Helper()
	if _, err := b.Atender(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

func TestNoticesAreJudged(t *testing.T) {
	buena := gateway.Noticia{Firma: "si", Solicitud: "n", Dato: "ORD1", Tipo: "order"}
	tests := map[string]struct {
		proveedor string
		cambio    func(*gateway.Noticia)
		err       error
		guardados int
	}{
		"signed": {
			proveedor: gateway.MercadoPago,
			cambio:    func(*gateway.Noticia) {},
			guardados: 1,
		},
		"not signed": {
			proveedor: gateway.MercadoPago,
			cambio:    func(n *gateway.Noticia) { n.Firma = "" },
			err:       cobros.ErrFirma,
		},
		"about nothing": {
			proveedor: gateway.MercadoPago,
			cambio:    func(n *gateway.Noticia) { n.Dato = "" },
			err:       cobros.ErrFirma,
		},
		"a path": {
			proveedor: gateway.MercadoPago,
			cambio:    func(n *gateway.Noticia) { n.Dato = "../x" },
			err:       cobros.ErrFirma,
		},
		"another topic": {
			proveedor: gateway.MercadoPago,
			cambio:    func(n *gateway.Noticia) { n.Tipo = "payment" },
		},
		"unknown provider": {
			proveedor: "nadie",
			cambio:    func(*gateway.Noticia) {},
			err:       cobros.ErrProveedor,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t)
			n := buena
			tt.cambio(&n)
			if err := b.Recibir(t.Context(), tt.proveedor, n); !errors.Is(err, tt.err) ||
				tt.err == nil && err != nil {
				t.Fatalf("got %v, want %v", err, tt.err)
			}
			as, err := b.s.Pendientes(t.Context(), alba.Add(time.Hour), nunca, 10)
			if err != nil || len(as) != tt.guardados {
				t.Fatalf("%d stored, %v", len(as), err)
			}
		})
	}
}

func TestTheSameNoticeFiftyTimes(t *testing.T) {
	for nombre, solicitud := range map[string]string{"one delivery": "n", "fifty deliveries": "n%d"} {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t)
			b.autorizar(lenta(alba.Add(time.Hour)), pagos.ErrPendiente)
			b.p.Poner(referencia, gateway.Cobrada)
			for i := range 50 {
				s := solicitud
				if s != "n" {
					s = fmt.Sprintf(s, i)
				}
				b.webhook(s)
			}
			leidas := b.p.Veces("leer")
			b.atender()
			if n := b.p.Veces("leer") - leidas; n != 1 {
				t.Errorf("asked the gateway %d times", n)
			}
			if n := b.escribe(func() { b.webhook("n"); b.webhook("n7"); b.atender() }); nombre == "one delivery" &&
				n > 2 {
				t.Errorf("a repetition wrote %d times", n)
			}
			b.revisar(time.Minute)
			b.espera(pagos.Cobrado)
			if n := b.avisados(); n != 1 {
				t.Errorf("%d announcements", n)
			}
		})
	}
}

// TestNoticeBeforeItsOrder: it is kept, and applied once the cobro is there.
func TestNoticeBeforeItsOrder(t *testing.T) {
	b := nuevoBanco(t)
	b.webhook("n1") // the gateway does not know the order either
	b.atender()
	p := gateway.SolicitudDePago{
		Clave:      referencia + "-crear",
		Referencia: referencia,
		Monto:      monto,
		Metodo:     pagos.TarjetaCredito,
		Token:      "APRO",
		Reservar:   true,
	}
	if _, err := b.p.Crear(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	b.revisar(3 * time.Hour) // no cobro is stored for the order of this notice
	b.p.Falla = func(a string) gatewaytest.Falla {
		if a == "crear" || a == "buscar" {
			return gatewaytest.Perdida
		}
		return gatewaytest.Ninguna
	}
	b.autorizar(tarjeta("APRO"), pagos.ErrSinPasarela)
	b.revisar(20 * time.Minute)
	b.espera(pagos.Reservado)
	as, err := b.s.Pendientes(t.Context(), alba.Add(1000*time.Hour), nunca, 10)
	if err != nil || len(as) != 0 {
		t.Errorf("%d notices still wait, %v", len(as), err)
	}
}

func TestNoticesAreDroppedAfterDays(t *testing.T) {
	b := nuevoBanco(t)
	b.webhook("n1")
	b.revisar(8 * 24 * time.Hour)
	as, err := b.s.Pendientes(t.Context(), b.r.ahora().Add(time.Hour), nunca, 10)
	if err != nil || len(as) != 0 {
		t.Fatalf("%d notices still wait, %v", len(as), err)
	}
	if n, err := b.Limpiar(t.Context()); err != nil || n != 1 {
		t.Errorf("removed %d, %v", n, err)
	}
}

// TestAnyOrderOfNotices: whatever the gateway is seen to say, in any order, the end is
// the same and nothing goes back.
func TestAnyOrderOfNotices(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short: 48 stories, one after another")
	}
	historias := map[string]struct {
		vistas []gateway.Estado
		estado pagos.Estado
	}{
		"card": {
			[]gateway.Estado{gateway.EnProceso, gateway.Reservada, gateway.Cobrada},
			pagos.Cobrado,
		},
		"voucher": {
			[]gateway.Estado{gateway.EnEspera, gateway.EnProceso, gateway.Cobrada},
			pagos.Cobrado,
		},
		"declined": {
			[]gateway.Estado{gateway.EnProceso, gateway.EnProceso, gateway.Rechazada},
			pagos.Rechazado,
		},
		"lapsed": {
			[]gateway.Estado{gateway.EnProceso, gateway.Reservada, gateway.Cancelada},
			pagos.Vencido,
		},
	}
	for nombre, h := range historias {
		for i, vistas := range append(permutaciones(h.vistas), permutaciones(h.vistas)...) {
			primero := i / 6 // the first look is by notice, or by poll
			t.Run(fmt.Sprint(nombre, " ", i), func(t *testing.T) {
				b := nuevoBanco(t)
				b.autorizar(tarjeta("CONT"), pagos.ErrPendiente)
				hasta := 0
				for n, e := range vistas {
					b.p.Poner(referencia, e)
					if n%2 == primero { // notices and polls in turn
						b.webhook(fmt.Sprint("n", n))
						b.r.pasar(2 * time.Second)
						b.atender()
					} else {
						_, err := b.Autorizar(t.Context(), tarjeta("CONT"))
						if err != nil && !errors.Is(err, pagos.ErrPendiente) && b.cobroEntero().Cierre == "" {
							t.Fatal(err)
						}
					}
					if a := altura[b.cobroEntero().Estado]; a < hasta {
						t.Fatalf("went back to %s", b.cobroEntero().Estado)
					} else {
						hasta = a
					}
				}
				b.p.Poner(referencia, h.vistas[2]) // where it really ended
				b.webhook("z")
				b.r.pasar(2 * time.Second)
				b.atender()
				b.espera(h.estado)
			})
		}
	}
}

// altura ranks the states in which a customer sees a payment; the rank of a payment never goes down.
var altura = map[pagos.Estado]int{
	pagos.Pendiente: 0,
	pagos.Reservado: 1,
	pagos.Rechazado: 2,
	pagos.Vencido:   2,
	pagos.Cobrado:   3,
}

func permutaciones[T any](xs []T) [][]T {
	if len(xs) < 2 {
		return [][]T{append([]T(nil), xs...)}
	}
	var out [][]T
	for i := range xs {
		resto := append(append([]T(nil), xs[:i]...), xs[i+1:]...)
		for _, p := range permutaciones(resto) {
			out = append(out, append([]T{xs[i]}, p...))
		}
	}
	return out
}

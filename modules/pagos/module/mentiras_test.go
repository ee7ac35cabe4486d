package module

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/platform/money"

	simulador "despensa/platform/dev/mercadopago"
)

// vecesMax bounds how often a step is repeated until the gateway has told the truth.
const vecesMax = 60

// insistir does all steps, each until it has an answer.
func (v vida) insistir(t *testing.T, module *Module, intento pagos.Intento, token string) {
	t.Helper()
	for _, p := range v.pasos {
		err := v.paso(t.Context(), module, intento, token, p)
		for n := 0; n < vecesMax && errors.Is(err, pagos.ErrSinPasarela); n++ {
			err = v.paso(t.Context(), module, intento, token, p)
		}
		if err != nil && !errors.Is(err, pagos.ErrAnulado) {
			t.Fatalf("step %c: %v", p, err)
		}
	}
}

// mentirosas are the ways of answering wrongly after which everything still ends as it
// would have: such an answer is none.
func mentirosas() []simulador.Failure {
	sinRastro := []string{"monto", "pagado", "cobra", "negada"} // these end otherwise
	var fs []simulador.Failure
	for _, c := range simulador.Classes() {
		if !slices.Contains(sinRastro, c) {
			fs = append(fs, simulador.Failure{Clase: c})
		}
	}
	for _, codigo := range []string{
		"forbidden", "resource_locked", "too_many_requests", "idempotency_validation_failed", "internal_error",
	} {
		fs = append(fs, simulador.Failure{Clase: "negada", Valor: codigo})
	}
	return append(fs,
		simulador.Failure{Clase: "pagado", Valor: "NaN"},
		simulador.Failure{Clase: "monto", Valor: "-5.00"})
}

// TestALyingGateway: one call in so many is answered wrongly, in each way; every payment ends
// as it would have, and the ledger agrees to the centavo.
func TestALyingGateway(t *testing.T) {
	p := servir(t)
	m := abrir(t, p, t.TempDir(), nil)
	defer cerrar(t, m)
	for n, f := range mentirosas() {
		for _, cada := range []int{4} {
			t.Run(fmt.Sprintf("%s %s one in %d", f.Clase, f.Valor, cada), func(t *testing.T) {
				f.Cada = cada
				p.mentir(t, f)
				for _, nombre := range slices.Sorted(maps.Keys(vidas)) { // which call is answered wrongly stays the same
					v := vidas[nombre]
					i := pagos.Intento{
						Pedido: fmt.Sprintf("%s-%d-%d", pedidoDe(nombre), n, cada),
						Numero: 1,
					}
					token := ""
					if v.metodo.Tarjeta() {
						token = p.cardToken(t, v.titular)
					}
					v.insistir(t, m, i, token)
					v.cuadrar(t, p, m, i, 0)
				}
				if j := p.Failures(); j[0].Hechas == 0 && f.Clase != "filas" {
					t.Error("it told no lie")
				}
			})
		}
	}
}

func (p pasarela) mentir(t *testing.T, failures ...simulador.Failure) {
	t.Helper()
	if err := p.Configure(simulador.Settings{Failures: failures}); err != nil {
		t.Fatal(err)
	}
}

// TestAnotherAmountGoesBack: the ledger itself has another amount, or one answer says so.
// The intento ends with its reason, and nothing stays with the gateway.
func TestAnotherAmountGoesBack(t *testing.T) {
	tests := map[string]struct {
		falla  simulador.Failure
		metodo pagos.Metodo
		taken  money.Centavos
	}{
		"1.00 was taken": {
			falla:  simulador.Failure{Clase: "cobra", Valor: "1.00"},
			metodo: pagos.TarjetaDebito,
			taken:  100,
		},
		"ten times was taken": {
			falla:  simulador.Failure{Clase: "cobra", Valor: "2000.00"},
			metodo: pagos.TarjetaDebito,
			taken:  200_000,
		},
		"1.00 was reserved": {
			falla:  simulador.Failure{Clase: "cobra", Valor: "1.00"},
			metodo: pagos.TarjetaCredito,
		},
		"it says 1.00": {
			falla:  simulador.Failure{Clase: "monto", Accion: "crear"},
			metodo: pagos.TarjetaDebito,
			taken:  total,
		},
		"it says 1.00 was paid": {
			falla:  simulador.Failure{Clase: "pagado", Accion: "crear"},
			metodo: pagos.TarjetaDebito,
			taken:  total,
		},
		"it says 1.00, a voucher": {
			falla:  simulador.Failure{Clase: "monto", Accion: "crear"},
			metodo: pagos.Efectivo,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			p := arrancar(t, func(*Config) {})
			tt.falla.Veces = 1
			p.mentir(t, tt.falla)
			i := pagos.Intento{Pedido: "p-monto", Numero: 1}
			o := pagos.OrdenDePago{
				Intento: i,
				Cliente: "c",
				Monto:   total,
				Metodo:  tt.metodo,
				Correo:  "c@testuser.com",
			}
			if tt.metodo.Tarjeta() {
				o.Token, o.MarcaDeTarjeta, o.Cuotas = p.cardToken(t, "APRO"), "master", 1
			} else {
				o.Vence = time.Now().Add(time.Hour)
			}
			r, err := p.Autorizar(t.Context(), o)
			if !errors.Is(err, pagos.ErrRechazado) || r.Motivo != "monto-distinto" {
				t.Fatalf("got %+v, %v", r, err)
			}
			hasta(t, "it goes back", func() bool {
				a := p.orden(t, i.Pedido)
				nada := tt.taken > 0 || a.Estado == "canceled"
				return money.Centavos(a.Cobrado) == tt.taken && a.Reembolsado == a.Cobrado &&
					nada
			})
		})
	}
}

package worker

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"despensa/modules/pedidos/internal/fases"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
)

// TestALostLease: a worker loses its lease to another one while its phase runs. It does not overwrite the new
// holder's order.
func TestALostLease(t *testing.T) {
	tests := map[string]func(p *pedido.Pedido){
		"another holds it":         func(p *pedido.Pedido) { p.Duenio, p.Lease = "otro", time.Now().Add(time.Hour) },
		"it has been given back":   func(p *pedido.Pedido) { p.Duenio, p.Lease = "", time.Time{} },
		"it has run out meanwhile": func(p *pedido.Pedido) { p.Lease = time.Now() },
	}
	for nombre, perder := range tests {
		t.Run(nombre, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var x *taller
				veces := 0
				x = nuevoTaller(
					1,
					func(_ context.Context, p *pedido.Pedido) (fases.Resultado, error) {
						if veces++; veces > 1 {
							t.Error("the phase after a lost lease was done, too")
							return descansar, nil
						}
						x.ajeno(p.ID, func(p *pedido.Pedido) { perder(p); p.Descansar() })
						return func(p *pedido.Pedido, _ time.Time) error { p.Motivo = "tarde"; return nil }, nil
					},
				)
				x.durante(time.Second)
				if p := x.ps[id(0)]; p.Motivo != "" || x.salvados != 0 {
					t.Errorf("saved %d times, motivo %q", x.salvados, p.Motivo)
				}
			})
		})
	}
}

// TestAConflict: after a conflict the result is applied to the order as it is stored then, and the order is due
// at once.
func TestAConflict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var x *taller
		fasesHechas := 0
		x = nuevoTaller(1, func(_ context.Context, p *pedido.Pedido) (fases.Resultado, error) {
			if fasesHechas++; fasesHechas > 1 {
				return descansar, nil
			}
			x.ajeno(p.ID, func(p *pedido.Pedido) { p.Codigo = "ajeno" })
			return func(p *pedido.Pedido, ahora time.Time) error {
				p.Motivo = "propio"
				p.Deber(ahora.Add(time.Hour))
				return nil
			}, nil
		})
		x.durante(time.Second)
		if p := x.ps[id(0)]; p.Codigo != "ajeno" || p.Motivo != "propio" || p.Debe != nil ||
			fasesHechas != 2 {
			t.Errorf(
				"%d phases, codigo %q, motivo %q, debe %v",
				fasesHechas,
				p.Codigo,
				p.Motivo,
				p.Debe,
			)
		}
	})
}

// TestAConflictWithAnOrderThatHasMovedOn: when the stored order refuses the result after a conflict, it stays
// as it is, and is due at once.
func TestAConflictWithAnOrderThatHasMovedOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var x *taller
		var estados []pedido.Estado
		x = nuevoTaller(1, func(_ context.Context, p *pedido.Pedido) (fases.Resultado, error) {
			if estados = append(estados, p.Estado); len(estados) > 1 {
				return descansar, nil
			}
			x.ajeno(p.ID, func(p *pedido.Pedido) { p.Estado = pedido.Cancelado })
			return func(p *pedido.Pedido, _ time.Time) error {
				if p.Estado != pedido.Creado {
					return pedido.ErrPaso
				}
				return nil
			}, nil
		})
		x.durante(time.Second)
		p := x.ps[id(0)]
		if !slices.Equal(estados, []pedido.Estado{pedido.Creado, pedido.Cancelado}) ||
			p.Esperas != 0 ||
			strings.Contains(x.log.String(), "ERROR") {
			t.Errorf("phases of %v, %d waits\n%s", estados, p.Esperas, x.log)
		}
	})
}

// TestPutOff: after an error or a panic in a phase, or a result that the order refuses, the order is put off
// with a backoff that grows up to its bound. The log has the reason, and another order goes on.
func TestPutOff(t *testing.T) {
	var nada map[string]int
	tests := map[string]struct {
		fase    func(p *pedido.Pedido) (fases.Resultado, error)
		log     []string
		panicos string // the label under which the panics are counted
	}{
		"an unknown error": {
			fase: func(*pedido.Pedido) (fases.Resultado, error) { return nil, errors.New("unheard of") },
			log:  []string{"phase put off", "unheard of"},
		},
		"a panic": {
			fase: func(p *pedido.Pedido) (fases.Resultado, error) {
				p.Motivo = "a medias"
				nada["x"] = 1
				return descansar, nil
			},
			log: []string{
				"level=ERROR",
				"nil map",
				"worker_test.go",
				"pedido=pedido-0",
				"phase put off",
			},
			panicos: "pedidos.fase",
		},
		"a refused result": {
			fase: func(*pedido.Pedido) (fases.Resultado, error) {
				return func(p *pedido.Pedido, _ time.Time) error { p.Motivo = "a medias"; return pedido.ErrPaso }, nil
			},
			log: []string{"level=ERROR", "result refused"},
		},
		"a result that panics": {
			fase: func(*pedido.Pedido) (fases.Resultado, error) {
				return func(p *pedido.Pedido, _ time.Time) error { p.Motivo = "a medias"; nada["x"] = 1; return nil }, nil
			},
			log:     []string{"level=ERROR", "nil map", "worker_test.go", "pedido=pedido-0"},
			panicos: "pedidos.resultado",
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				inicio := time.Now()
				var hora []time.Duration
				x := nuevoTaller(
					2,
					func(_ context.Context, p *pedido.Pedido) (fases.Resultado, error) {
						if p.ID != id(0) {
							return descansar, nil
						}
						if hora = append(hora, time.Since(inicio)); len(hora) > 100 {
							return descansar, nil // this order is not put off
						}
						return tt.fase(p)
					},
				)
				x.durante(40 * time.Second)
				want := []time.Duration{
					0, 1 * minima, 3 * minima, 7 * minima, 15 * minima, 23 * minima, 31 * minima, 39 * minima,
				}
				if !slices.Equal(hora, want) {
					t.Errorf("tried at %v, want %v", hora, want)
				}
				if p := x.ps[id(0)]; p.Motivo != "" || p.Duenio != "" {
					t.Errorf("motivo %q, duenio %q", p.Motivo, p.Duenio)
				}
				if p := x.ps[id(1)]; p.Debe != nil {
					t.Error("the other order did not go on")
				}
				for _, palabra := range tt.log {
					if !strings.Contains(x.log.String(), palabra) {
						t.Errorf("the log does not say %q", palabra)
					}
				}
				if len(x.panicos) > 0 != (tt.panicos != "") ||
					tt.panicos != "" && x.panicos[0] != tt.panicos {
					t.Errorf("panics %v, want some of %q", x.panicos, tt.panicos)
				}
			})
		})
	}
}

// TestSavingHasItsOwnTime: the deeds of a phase that used all its time are saved.
func TestSavingHasItsOwnTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x := nuevoTaller(
			1,
			func(ctx context.Context, _ *pedido.Pedido) (fases.Resultado, error) {
				<-ctx.Done()
				return descansar, nil
			},
		)
		x.alSalvar = func(ctx context.Context, _ string) error {
			if fin, hay := ctx.Deadline(); !hay || time.Until(fin) != lease/4 {
				t.Errorf("%v left to save in, want %v", time.Until(fin), lease/4)
			}
			return nil
		}
		x.durante(lease)
		if p := x.ps[id(0)]; p.Debe != nil {
			t.Error("not saved")
		}
	})
}

// TestASaveThatFails: if the result of a phase could not be saved, the phase is done again when the lease has
// run out.
func TestASaveThatFails(t *testing.T) {
	for nombre, falla := range map[string]func() error{
		"with an error": func() error { return errors.New("away") },
		"with a panic":  func() error { panic("encoding") },
	} {
		t.Run(nombre, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				veces := 0
				x := nuevoTaller(
					1,
					func(context.Context, *pedido.Pedido) (fases.Resultado, error) { return descansar, nil },
				)
				x.alSalvar = func(context.Context, string) error {
					if veces++; veces == 1 {
						return falla()
					}
					return nil
				}
				x.durante(lease / 2)
				if p := x.ps[id(0)]; p.Debe == nil || veces != 1 {
					t.Fatalf("debe %v after %d saves", p.Debe, veces)
				}
				x.Worker = nuevoComo(x.Worker)
				x.durante(lease)
				if p := x.ps[id(0)]; p.Debe != nil || veces != 2 {
					t.Errorf("debe %v after %d saves", p.Debe, veces)
				}
			})
		})
	}
}

// nuevoComo is a worker of another process on the same store.
func nuevoComo(worker *Worker) *Worker { return New(worker.o) }

// TestAClaimThatFails: an order that cannot be read, or a claim that panics, stops no other order and keeps no
// place.
func TestAClaimThatFails(t *testing.T) {
	for nombre, falla := range map[string]func(x *taller, cual string) error{
		"unreadable": func(x *taller, cual string) error { // the store sets it aside
			p := x.ps[cual]
			p.Debe = nil
			x.ps[cual] = p
			return &store.Ilegible{ID: cual, Err: errors.New("cut short")}
		},
		"a panic": func(x *taller, cual string) error {
			p := x.ps[cual]
			p.Debe = nil
			x.ps[cual] = p
			panic("decoding")
		},
	} {
		t.Run(nombre, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := nuevoTaller(
					20,
					func(context.Context, *pedido.Pedido) (fases.Resultado, error) { return descansar, nil },
				)
				x.claims = func(cual string) error {
					if cual == id(7) {
						return nil
					}
					return falla(x, cual)
				}
				x.durante(10 * time.Second)
				for n := range 20 {
					if x.ps[id(n)].Debe != nil {
						t.Errorf("%s was left alone", id(n))
					}
				}
				if len(x.lugares) != 0 {
					t.Errorf("%d places taken", len(x.lugares))
				}
			})
		})
	}
}

// TestEmpujar: Empujar takes up an order while there are places, and then makes it due. It answers ErrOcupado
// for an order that a worker holds, and after Parar.
func TestEmpujar(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sigue := make(chan struct{})
		x := nuevoTaller(6, func(context.Context, *pedido.Pedido) (fases.Resultado, error) {
			<-sigue
			return descansar, nil
		})
		x.ajeno(id(4), func(p *pedido.Pedido) { p.Deber(time.Now().Add(time.Hour)) })
		x.ajeno(id(5), func(p *pedido.Pedido) { p.Lease = time.Now().Add(time.Minute) })
		for _, tt := range []struct {
			nombre, cual string
			want         error
		}{
			{nombre: "no order", cual: "nadie", want: store.ErrNoExiste},
			{nombre: "another's lease", cual: id(5), want: ErrOcupado},
			{nombre: "an order", cual: id(0)},
			{nombre: "the same once more", cual: id(0), want: ErrOcupado},
			{nombre: "the second place", cual: id(1)},
			{nombre: "the third place", cual: id(2)},
			{nombre: "the fourth place", cual: id(3)},
			{nombre: "no place", cual: id(4)},
			{nombre: "no place, another's lease", cual: id(5), want: ErrOcupado},
			{nombre: "no place, no order", cual: "nadie", want: store.ErrNoExiste},
		} {
			if err := x.Empujar(t.Context(), tt.cual); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v", tt.nombre, err)
			}
		}
		if p := x.ps[id(4)]; p.Duenio != "" || p.Debe == nil || p.Debe.After(time.Now()) ||
			!x.fila.hay() {
			t.Errorf("without a place the order is %q's, due %v", p.Duenio, p.Debe)
		}
		close(sigue)
		x.Parar()
		if err := x.Empujar(t.Context(), id(4)); !errors.Is(err, ErrOcupado) {
			t.Errorf("after the end: %v", err)
		}
	})
}

// TestAPhaseFollowsAnother: Seguido tells a phase whether the phase before it was done and saved under the same
// claim, without a conflict.
func TestAPhaseFollowsAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var x *taller
		var seguidos []bool
		deber := func(cuando time.Duration) fases.Resultado {
			return func(p *pedido.Pedido, ahora time.Time) error { p.Deber(ahora.Add(cuando)); return nil }
		}
		x = nuevoTaller(1, func(_ context.Context, p *pedido.Pedido) (fases.Resultado, error) {
			switch seguidos = append(seguidos, p.Seguido); len(seguidos) {
			case 1:
				return deber(0), nil // the next phase comes at once
			case 2:
				return deber(time.Second), nil // and the one after it under a claim of its own
			case 3:
				x.ajeno(p.ID, func(*pedido.Pedido) {})
				return deber(0), nil // a conflict
			}
			return descansar, nil
		})
		x.durante(3 * time.Second)
		if want := []bool{false, true, false, false}; !slices.Equal(seguidos, want) {
			t.Errorf("told %v, want %v", seguidos, want)
		}
	})
}

// medidor counts marks.
type medidor struct {
	sinMedir
	marcas []string
}

func (m *medidor) Marca(codigo string) { m.marcas = append(m.marcas, codigo) }

// TestAMarkIsToldOnce: a mark is counted and logged once, when it is saved.
func TestAMarkIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		vueltas := 0
		x := nuevoTaller(1, func(context.Context, *pedido.Pedido) (fases.Resultado, error) {
			vueltas++
			return func(p *pedido.Pedido, ahora time.Time) error {
				p.Marcar(pedido.MarcaDisputa, ahora)
				if p.Deber(ahora); vueltas > 3 {
					p.Descansar()
				}
				return nil
			}, nil
		})
		medidas := &medidor{}
		x.o.Medir = medidas
		x.durante(3 * time.Second)
		if n := strings.Count(x.log.String(), "marca=contracargo"); n != 1 ||
			!slices.Equal(medidas.marcas, []string{"contracargo"}) {
			t.Errorf("logged %d times, counted %v", n, medidas.marcas)
		}
	})
}

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
)

// avance is the result of each phase of an order up to aceptado. The first phase chooses a depot.
func avance(ped *pedido.Pedido) fases.Resultado {
	estado := ped.Estado
	en := func(r fases.Resultado) fases.Resultado {
		return func(p *pedido.Pedido, ahora time.Time) error {
			if p.Estado != estado {
				return pedido.ErrPaso
			}
			return r(p, ahora)
		}
	}
	paso := map[pedido.Estado]pedido.Paso{
		pedido.Creado: pedido.Preprocesar, pedido.Preprocesado: pedido.Autorizar, pedido.Autorizado: pedido.Aceptar,
	}[estado]
	_, _, abierta := ped.Vuelta()
	switch {
	case paso == "":
		return en(descansar)
	case !abierta:
		return en(func(p *pedido.Pedido, ahora time.Time) error {
			p.Elegir("norte", ahora)
			p.Deber(ahora)
			return nil
		})
	}
	return en(func(p *pedido.Pedido, ahora time.Time) error { return p.Avanzar(paso, ahora) })
}

// TestPhasesThatShareASave: an order is saved once between the choice of its depot and aceptado, unless an
// event of entre comes between.
func TestPhasesThatShareASave(t *testing.T) {
	errCaso := errors.New("away")
	tests := map[string]struct {
		// entre is called in the phase of an order in estado, before avance. If it returns a result, that is the
		// phase's.
		estado   pedido.Estado
		entre    func(x *taller, p *pedido.Pedido) (fases.Resultado, error)
		guardado []pedido.Estado // the estado of the order in each save
		fin      pedido.Estado
	}{
		"nothing": {
			guardado: []pedido.Estado{pedido.Creado, pedido.Aceptado, pedido.Aceptado},
			fin:      pedido.Aceptado,
		},
		"the gateway is away once": {estado: pedido.Preprocesado,
			entre: func(*taller, *pedido.Pedido) (fases.Resultado, error) { return nil, errCaso },
			guardado: []pedido.Estado{
				pedido.Creado,
				pedido.Preprocesado,
				pedido.Autorizado,
				pedido.Aceptado,
				pedido.Aceptado,
			},
			fin: pedido.Aceptado},
		"a slow phase": {estado: pedido.Preprocesado,
			entre: func(*taller, *pedido.Pedido) (fases.Resultado, error) {
				time.Sleep(lease / margen)
				return nil, nil
			},
			guardado: []pedido.Estado{
				pedido.Creado,
				pedido.Autorizado,
				pedido.Aceptado,
				pedido.Aceptado,
			},
			fin: pedido.Aceptado},
		"another saves it": {estado: pedido.Autorizado,
			entre: func(x *taller, p *pedido.Pedido) (fases.Resultado, error) {
				x.ajeno(p.ID, func(p *pedido.Pedido) { p.Codigo = "ajeno" })
				return nil, nil
			},
			guardado: []pedido.Estado{
				pedido.Creado,
				pedido.Aceptado,
				pedido.Aceptado,
			},
			fin: pedido.Aceptado},
		"another cancels it": {estado: pedido.Autorizado,
			entre: func(x *taller, p *pedido.Pedido) (fases.Resultado, error) {
				x.ajeno(
					p.ID,
					func(p *pedido.Pedido) { _ = p.PedirCancelacion(pedido.Nota{}, time.Now()) },
				)
				return nil, nil
			},
			guardado: []pedido.Estado{
				pedido.Creado,
				pedido.Cancelado,
				pedido.Cancelado,
			},
			fin: pedido.Cancelado},
		"a panic": {estado: pedido.Autorizado,
			entre: func(*taller, *pedido.Pedido) (fases.Resultado, error) { panic("no truck") },
			guardado: []pedido.Estado{
				pedido.Creado,
				pedido.Creado,
				pedido.Aceptado,
				pedido.Aceptado,
			},
			fin: pedido.Aceptado},
		"the process stops": {estado: pedido.Preprocesado,
			entre: func(x *taller, _ *pedido.Pedido) (fases.Resultado, error) {
				x.alto()
				x.parar()
				return nil, nil
			},
			guardado: []pedido.Estado{
				pedido.Creado,
				pedido.Autorizado,
				pedido.Autorizado,
			},
			fin: pedido.Autorizado},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var x *taller
				hecho := false
				x = nuevoTaller(
					1,
					func(_ context.Context, p *pedido.Pedido) (fases.Resultado, error) {
						if !hecho && tt.estado == p.Estado {
							hecho = true
							if r, err := tt.entre(x, p); err != nil {
								return r, err
							}
						}
						return avance(p), nil
					},
				)
				var guardado []pedido.Estado
				x.guardan = func(p *pedido.Pedido) { guardado = append(guardado, p.Estado) }
				x.durante(10 * time.Second)
				p := x.ps[id(0)]
				if !slices.Equal(guardado, tt.guardado) || p.Estado != tt.fin {
					t.Errorf(
						"saved as %v, want %v; then it is %s",
						guardado,
						tt.guardado,
						p.Estado,
					)
				}
				var tipos []string
				for n, e := range p.Eventos {
					if tipos = append(tipos, e.Tipo); e.Seq != int64(n)+1 {
						t.Errorf("event %d has the number %d", n+1, e.Seq)
					}
				}
				quiero := "creado preprocesar autorizar aceptar"
				if tt.fin == pedido.Aceptado && strings.Join(tipos, " ") != quiero {
					t.Errorf("its history is %v", tipos)
				}
			})
		})
	}
}

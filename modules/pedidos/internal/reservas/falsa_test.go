package reservas

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
)

var errFin = errors.New("the process ends here")

// falsa is store.Existencias in memory. The effect number corte fails: with despues after it has
// happened, else before.
type falsa struct {
	store.Existencias // nil: the methods that these tests do not call

	mu              sync.Mutex
	es              map[string]existencias.Existencia
	movs            map[string]existencias.Movimiento
	lapidas         map[existencias.Clave]bool
	fechas          map[string]*time.Time // of batches, by product and name
	llamadas, corte int
	despues         bool
	juntas          bool // a write of many is one transaction
	guardados       int  // writes
	consultas       int
}

func nuevaFalsa() *falsa {
	return &falsa{
		es:      map[string]existencias.Existencia{},
		movs:    map[string]existencias.Movimiento{},
		lapidas: map[existencias.Clave]bool{},
		fechas:  map[string]*time.Time{},
	}
}

func (f *falsa) efecto(hacer func() error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.llamadas++
	if f.llamadas == f.corte && !f.despues {
		return errFin
	}
	err := hacer()
	if f.llamadas == f.corte {
		return errFin
	}
	return err
}

func copia(existencia existencias.Existencia) *existencias.Existencia {
	existencia.Lotes = slices.Clone(existencia.Lotes)
	existencia.Reservas = slices.Clone(existencia.Reservas)
	existencia.Movimientos = slices.Clone(existencia.Movimientos)
	return &existencia
}

func (f *falsa) Leer(_ context.Context, id string) (out *existencias.Existencia, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e, ok := f.es[id]
	if !ok {
		return nil, store.ErrNoExiste
	}
	return copia(e), nil
}

func (f *falsa) LeerProductos(
	_ context.Context,
	ps []string,
) (out []*existencias.Existencia, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.es {
		if slices.Contains(ps, e.Producto) {
			out = append(out, copia(e))
		}
	}
	return out, nil
}

func (f *falsa) Lotes(
	ctx context.Context,
	ps []string,
) (out []existencias.EnDeposito, err error) {
	es, err := f.LeerProductos(ctx, ps)
	for _, e := range es {
		out = append(
			out,
			existencias.EnDeposito{Producto: e.Producto, Deposito: e.Deposito, Lotes: e.Lotes},
		)
	}
	return out, err
}

func (f *falsa) Juntas() bool { return f.juntas }

func (f *falsa) Guardar(ctx context.Context, existencia *existencias.Existencia) error {
	return f.GuardarVarias(ctx, []*existencias.Existencia{existencia}, nil)
}

// GuardarVarias is one effect with juntas, else one for the movements and one for each aggregate.
func (f *falsa) GuardarVarias(
	ctx context.Context,
	es []*existencias.Existencia,
	movimientos []existencias.Movimiento,
) error {
	f.mu.Lock()
	f.guardados++
	f.mu.Unlock()
	if f.juntas {
		return f.efecto(func() error {
			for _, e := range es {
				if f.es[e.ID].Version != e.Version {
					return store.ErrConflicto
				}
			}
			for _, e := range es {
				f.poner(e)
			}
			return f.publicar(movimientos)
		})
	}
	if len(movimientos) > 0 {
		if err := f.GuardarMovimientos(ctx, movimientos); err != nil {
			return err
		}
	}
	for _, e := range es {
		err := f.efecto(func() error {
			if f.es[e.ID].Version != e.Version {
				return store.ErrConflicto
			}
			f.poner(e)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *falsa) poner(existencia *existencias.Existencia) {
	existencia.Version++
	f.es[existencia.ID] = *copia(*existencia)
}

func (f *falsa) publicar(movimientos []existencias.Movimiento) error {
	for _, m := range movimientos {
		if _, hay := f.movs[m.ID]; !hay {
			f.movs[m.ID] = m
		}
	}
	return nil
}

// Consultar answers as of one moment.
func (f *falsa) Consultar(_ context.Context, cuestion store.Cuestion) (store.Respuesta, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.consultas++
	r := store.NewRespuesta()
	for _, id := range cuestion.Existencias {
		if e, ok := f.es[id]; ok {
			r.Existencias[id] = copia(e)
		}
	}
	for _, c := range cuestion.Claves {
		if f.lapidas[c] {
			r.Lapidas[c] = true
		}
	}
	for _, id := range cuestion.Movimientos {
		if m, ok := f.movs[id]; ok {
			r.Movimientos[id] = m
		}
	}
	return r, nil
}

func (f *falsa) ConMovimientos(_ context.Context, limite int) (ids []string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for id, e := range f.es {
		if len(e.Movimientos) > 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids[:min(limite, len(ids))], nil
}

func (f *falsa) GuardarMovimientos(
	_ context.Context,
	movimientos []existencias.Movimiento,
) error {
	return f.efecto(func() error { return f.publicar(movimientos) })
}

func (f *falsa) Movimientos(
	_ context.Context,
	ids []string,
) (out []existencias.Movimiento, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range ids {
		if m, ok := f.movs[id]; ok {
			out = append(out, m)
		}
	}
	return out, nil
}

func (f *falsa) PonerLapida(_ context.Context, clave existencias.Clave, _ time.Time) error {
	return f.efecto(func() error { f.lapidas[clave] = true; return nil })
}

func (f *falsa) FijarLote(
	_ context.Context,
	producto, lote string,
	vence *time.Time,
) (fija *time.Time, err error) {
	err = f.efecto(func() error {
		if _, hay := f.fechas[producto+lote]; !hay {
			f.fechas[producto+lote] = vence
		}
		fija = f.fechas[producto+lote]
		return nil
	})
	return fija, err
}

// parada stops the first save until sigue is closed, and closes llego when that save begins.
type parada struct {
	store.Existencias
	una          sync.Once
	llego, sigue chan struct{}
}

func parar(s store.Existencias) *parada {
	return &parada{Existencias: s, llego: make(chan struct{}), sigue: make(chan struct{})}
}

func (p *parada) GuardarVarias(
	ctx context.Context,
	es []*existencias.Existencia,
	movimientos []existencias.Movimiento,
) error {
	p.una.Do(func() { close(p.llego); <-p.sigue })
	return p.Existencias.GuardarVarias(ctx, es, movimientos)
}

func bien(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func es(t testing.TB, err, quiero error) {
	t.Helper()
	if !errors.Is(err, quiero) {
		t.Errorf("got %v, want %v", err, quiero)
	}
}

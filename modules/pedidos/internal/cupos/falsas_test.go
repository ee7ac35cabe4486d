package cupos_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"time"

	"despensa/modules/pedidos/internal/cupos"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
)

var (
	t0       = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	errLejos = errors.New("the store is away")
)

// mesa is the clock and both stores in memory. leer has the errors with which orders are read, by id.
type mesa struct {
	mu    sync.Mutex
	ahora time.Time
	docs  map[string]pedido.Cupo
	hay   map[string]*pedido.Pedido
	leer  map[string]error
}

func nuevaMesa() *mesa {
	return &mesa{
		ahora: t0, docs: map[string]pedido.Cupo{}, hay: map[string]*pedido.Pedido{}, leer: map[string]error{},
	}
}

// servicio is a replica over the mesa.
func (m *mesa) servicio() *cupos.Cupos {
	return cupos.New(cupos.Opciones{
		Cupos: documentos{m}, Pedidos: m, Ahora: func() time.Time { return m.ahora },
		Topes: cupos.Topes{Lentos: 3, RechazosCliente: 5, RechazosDesdeUna: 7},
	})
}

// poner stores an order of the customer ana in estado, paid by metodo.
func (m *mesa) poner(id string, estado pedido.Estado, metodo string) *pedido.Pedido {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := &pedido.Pedido{
		ID:      id,
		Cliente: "ana",
		Estado:  estado,
		Intento: 1,
		Pago:    pedido.Pago{Metodo: metodo},
		Creado:  m.ahora,
	}
	m.hay[id] = p
	return p
}

func (m *mesa) Leer(_ context.Context, id string) (*pedido.Pedido, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.leer[id]; err != nil {
		return nil, err
	}
	if p := m.hay[id]; p != nil {
		return p, nil
	}
	return nil, store.ErrNoExiste
}

func (m *mesa) Listar(
	_ context.Context,
	filtro store.Filtro,
	_ *store.Cursor,
	_ int,
) (out []*pedido.Pedido, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.hay {
		if p.Cliente == filtro.Cliente && p.Estado == filtro.Estado {
			out = append(out, p)
		}
	}
	return out, nil
}

type documentos struct{ m *mesa }

func (d documentos) Leer(_ context.Context, id string) (*pedido.Cupo, error) {
	d.m.mu.Lock()
	c := d.m.docs[id]
	c.ID, c.Puestos = id, slices.Clone(c.Puestos)
	d.m.mu.Unlock()
	runtime.Gosched() // another goroutine comes between the reading and the saving
	return &c, nil
}

func (d documentos) LeerVarios(
	ctx context.Context,
	ids []string,
) (out []*pedido.Cupo, _ error) {
	for _, id := range ids {
		c, _ := d.Leer(ctx, id)
		out = append(out, c)
	}
	return out, nil
}

func (d documentos) Guardar(_ context.Context, cupo *pedido.Cupo) error {
	d.m.mu.Lock()
	defer d.m.mu.Unlock()
	if d.m.docs[cupo.ID].Version != cupo.Version {
		return store.ErrConflicto
	}
	cupo.Version++
	guardado := *cupo
	guardado.Puestos = slices.Clone(cupo.Puestos)
	d.m.docs[cupo.ID] = guardado
	return nil
}

func (d documentos) Limpiar(_ context.Context, ahora time.Time, limite int) (n int, _ error) {
	d.m.mu.Lock()
	defer d.m.mu.Unlock()
	for id, c := range d.m.docs {
		if n < limite && c.Vence.Before(ahora) {
			delete(d.m.docs, id)
			n++
		}
	}
	return n, nil
}

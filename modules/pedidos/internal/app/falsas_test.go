package app_test

import (
	"context"
	"maps"
	"slices"

	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
)

// pedidos is the order store in memory. A test sets its errors.
type pedidos struct {
	hay        map[string]*pedido.Pedido
	insertar   error          // of every Insertar
	antes      *pedido.Pedido // an order that another call inserts just before Insertar
	guardar    error          // of every Guardar
	leer       error          // of every Leer
	insertados int
	conflictos int          // saves that fail because another writer was first
	filtro     store.Filtro // the filter of the last list
	listas     int
	listados   []string // ids on the first page of a list

	publicado map[string][]pedido.Evento
	marcas    []store.Publicacion
	publicar  error // of every Publicar; with sana, of the next one
	sana      bool  // the next call of Publicar is the last to fail
	entradas  []int // events that the next calls of Asentar number
	asentar   error // of every Asentar
	asentadas int   // calls of Asentar
	paginas   int   // calls of EnEstado
	listar    error // of every EnEstado
	leidos    int   // calls of Leer
	guardados int   // calls of Guardar
}

// copia is ped as the store gives it to another reader.
func copia(ped *pedido.Pedido) *pedido.Pedido {
	c := *ped
	c.Acciones = slices.Clone(ped.Acciones)
	c.Eventos = slices.Clone(ped.Eventos)
	c.Intentos = slices.Clone(ped.Intentos)
	c.Reembolsos, c.Devoluciones = slices.Clone(ped.Reembolsos), slices.Clone(ped.Devoluciones)
	return &c
}

func (f *pedidos) Insertar(_ context.Context, ped *pedido.Pedido) error {
	if f.insertar != nil {
		return f.insertar
	}
	if f.antes != nil {
		f.hay[f.antes.ID] = f.antes
	}
	if f.hay[ped.ID] != nil {
		return store.ErrRepetido
	}
	f.hay[ped.ID] = copia(ped)
	f.insertados++
	return nil
}

func (f *pedidos) Leer(_ context.Context, id string) (*pedido.Pedido, error) {
	if f.leidos++; f.leer != nil {
		return nil, f.leer
	}
	p, ok := f.hay[id]
	if !ok {
		return nil, store.ErrNoExiste
	}
	return copia(p), nil
}

func (f *pedidos) Guardar(_ context.Context, ped *pedido.Pedido) error {
	if f.guardados++; f.conflictos > 0 {
		f.conflictos--
		f.hay[ped.ID].Version++
	}
	if f.guardar != nil {
		return f.guardar
	}
	if f.hay[ped.ID].Version != ped.Version {
		return store.ErrConflicto
	}
	ped.Version++
	f.hay[ped.ID] = copia(ped)
	return nil
}

func (f *pedidos) Listar(
	_ context.Context, filtro store.Filtro, desde *store.Cursor, limite int,
) (ps []*pedido.Pedido, err error) {
	f.filtro, f.listas = filtro, f.listas+1
	quedan := f.listados
	if desde != nil {
		quedan = nil
		if i := slices.Index(f.listados, desde.ID); i >= 0 {
			quedan = f.listados[i+1:]
		}
	}
	for _, id := range quedan[:min(limite, len(quedan))] {
		ps = append(ps, copia(f.hay[id]))
	}
	return ps, nil
}

func (f *pedidos) EnEstado(
	_ context.Context,
	estado pedido.Estado,
	desde *store.Cursor,
	limite int,
) ([]store.Cursor, error) {
	f.paginas++
	var ms []store.Cursor
	for _, id := range slices.Sorted(maps.Keys(f.hay)) {
		if f.hay[id].Estado == estado && (desde == nil || id > desde.ID) && len(ms) < limite {
			ms = append(ms, store.Cursor{ID: id})
		}
	}
	return ms, f.listar
}

func (f *pedidos) PorPublicar(_ context.Context, limite int) (ps []*pedido.Pedido, err error) {
	for _, p := range f.hay {
		if p.Publicados < int64(len(p.Eventos)) && len(ps) < limite {
			ps = append(ps, copia(p))
		}
	}
	return ps, nil
}

func (f *pedidos) Publicar(
	_ context.Context,
	eventos map[string][]pedido.Evento,
	marcas ...store.Publicacion,
) error {
	if err := f.publicar; err != nil {
		if f.sana {
			f.publicar = nil
		}
		return err
	}
	for id, es := range eventos {
		f.publicado[id] = append(f.publicado[id], es...)
	}
	f.marcas = append(f.marcas, marcas...)
	for _, m := range marcas {
		f.hay[m.Pedido].Publicados = m.Hasta
	}
	return nil
}

func (f *pedidos) Asentar(context.Context, int) (n int, err error) {
	f.asentadas++
	if len(f.entradas) > 0 {
		n, f.entradas = f.entradas[0], f.entradas[1:]
	}
	return n, f.asentar
}

func (f *pedidos) Diario(
	_ context.Context,
	tipo string,
	despuesDe int64,
	limite int,
) ([]store.EntradaDelDiario, int64, error) {
	return []store.EntradaDelDiario{
			{Numero: despuesDe + 1, Pedido: tipo},
		}, int64(
			limite,
		), f.leer
}

// productos is the catalogue in memory.
type productos struct {
	hay     map[string]*catalogo.Producto
	filtro  store.FiltroProductos
	guardar error
}

func (f *productos) Insertar(_ context.Context, producto *catalogo.Producto) error {
	if f.hay[producto.ID] != nil {
		return store.ErrRepetido
	}
	f.hay[producto.ID] = producto
	return nil
}

func (f *productos) Leer(_ context.Context, ids []string) (ps []*catalogo.Producto, err error) {
	for _, id := range ids {
		if p := f.hay[id]; p != nil {
			c := *p
			ps = append(ps, &c)
		}
	}
	return ps, nil
}

func (f *productos) Guardar(_ context.Context, producto *catalogo.Producto) error {
	if f.guardar == nil {
		f.hay[producto.ID] = producto
	}
	return f.guardar
}

func (f *productos) Listar(
	_ context.Context,
	filtroProductos store.FiltroProductos,
	_ *store.Cursor,
	n int,
) (ps []*catalogo.Producto, err error) {
	f.filtro = filtroProductos
	for _, p := range f.hay {
		if len(ps) < n {
			ps = append(ps, p)
		}
	}
	return ps, nil
}

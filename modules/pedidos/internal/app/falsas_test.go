package app_test

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"despensa/modules/clientes"
	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/rutas"
	"despensa/platform/audit"
)

// pedidos is the order store in memory.
type pedidos struct {
	hay        map[string]*pedido.Pedido
	insertar   error          // of every Insertar
	antes      *pedido.Pedido // what another call inserts just before
	guardar    error          // of every Guardar
	leer       error          // of every Leer
	insertados int
	conflictos int // saves that another writer comes before
	enEspera   int
	filtro     store.Filtro // of the last list
	listas     int

	publicado map[string][]pedido.Evento
	marcas    []store.Publicacion
	publicar  error // of every Publicar, or of the next alone
	sana      bool  // the next alone
}

// copia is p as another reader of the store would get it.
func copia(p *pedido.Pedido) *pedido.Pedido {
	c := *p
	c.Acciones, c.Eventos, c.Intentos = slices.Clone(p.Acciones), slices.Clone(p.Eventos), slices.Clone(p.Intentos)
	c.Reembolsos, c.Devoluciones = slices.Clone(p.Reembolsos), slices.Clone(p.Devoluciones)
	return &c
}

func (f *pedidos) Insertar(_ context.Context, p *pedido.Pedido) error {
	if f.insertar != nil {
		return f.insertar
	}
	if f.antes != nil {
		f.hay[f.antes.ID] = f.antes
	}
	if f.hay[p.ID] != nil {
		return store.ErrRepetido
	}
	f.hay[p.ID] = copia(p)
	f.insertados++
	return nil
}

func (f *pedidos) Leer(_ context.Context, id string) (*pedido.Pedido, error) {
	if f.leer != nil {
		return nil, f.leer
	}
	p, ok := f.hay[id]
	if !ok {
		return nil, store.ErrNoExiste
	}
	return copia(p), nil
}

func (f *pedidos) Guardar(_ context.Context, p *pedido.Pedido) error {
	if f.conflictos > 0 {
		f.conflictos--
		f.hay[p.ID].Version++
	}
	if f.guardar != nil {
		return f.guardar
	}
	if f.hay[p.ID].Version != p.Version {
		return store.ErrConflicto
	}
	p.Version++
	f.hay[p.ID] = copia(p)
	return nil
}

func (f *pedidos) Listar(_ context.Context, x store.Filtro, _ *store.Marca, _ int) ([]*pedido.Pedido, error) {
	f.filtro, f.listas = x, f.listas+1
	return nil, nil
}

func (f *pedidos) EnEspera(_ context.Context, _ string, _ pedido.Estado, tope int) (int, error) {
	return min(f.enEspera, tope), nil
}

func (f *pedidos) PorPublicar(_ context.Context, limite int) (ps []*pedido.Pedido, err error) {
	for _, p := range f.hay {
		if p.Publicados < int64(len(p.Eventos)) && len(ps) < limite {
			ps = append(ps, copia(p))
		}
	}
	return ps, nil
}

func (f *pedidos) Publicar(_ context.Context, eventos map[string][]pedido.Evento) error {
	if err := f.publicar; err != nil {
		if f.sana {
			f.publicar = nil
		}
		return err
	}
	for id, es := range eventos {
		f.publicado[id] = append(f.publicado[id], es...)
	}
	return nil
}

func (f *pedidos) Publicadas(_ context.Context, marcas []store.Publicacion) error {
	f.marcas = append(f.marcas, marcas...)
	for _, m := range marcas {
		f.hay[m.Pedido].Publicados = m.Hasta
	}
	return nil
}

// productos is the catalogue in memory.
type productos struct {
	hay     map[string]*catalogo.Producto
	filtro  store.FiltroProductos
	guardar error
}

func (f *productos) Insertar(_ context.Context, p *catalogo.Producto) error {
	if f.hay[p.ID] != nil {
		return store.ErrRepetido
	}
	f.hay[p.ID] = p
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

func (f *productos) Guardar(_ context.Context, p *catalogo.Producto) error {
	if f.guardar == nil {
		f.hay[p.ID] = p
	}
	return f.guardar
}

func (f *productos) Listar(_ context.Context, x store.FiltroProductos, _ *store.Marca,
	n int) (ps []*catalogo.Producto, err error) {
	f.filtro = x
	for _, p := range f.hay {
		if len(ps) < n {
			ps = append(ps, p)
		}
	}
	return ps, nil
}

// clientela is the customers: ana alone, with one address. A seal is the purpose before
// the plain text.
type clientela struct {
	correo  string
	sellar  error
	abrir   error
	abierto int
}

func (f *clientela) Ficha(_ context.Context, id string) (clientes.Ficha, error) {
	if id != ana {
		return clientes.Ficha{}, clientes.ErrNoExiste
	}
	return clientes.Ficha{ID: ana, Nombre: "Ana", Correo: f.correo, Telefono: "4321-0000"}, nil
}

func (f *clientela) Direccion(_ context.Context, _, id string) (clientes.Direccion, error) {
	if id != casa {
		return clientes.Direccion{}, clientes.ErrDireccion
	}
	return clientes.Direccion{ID: casa, Calle: "Yatay 1", Notas: "timbre 2", Lat: -34.6, Lon: -58.4}, nil
}

func (f *clientela) Sellar(_ context.Context, _, proposito string, claro []byte) ([]byte, error) {
	return []byte(proposito + "|" + string(claro)), f.sellar
}

func (f *clientela) Abrir(_ context.Context, _, proposito string, sellado []byte) ([]byte, error) {
	f.abierto++
	claro, ok := strings.CutPrefix(string(sellado), proposito+"|")
	if !ok {
		return nil, clientes.ErrSinClave
	}
	return []byte(claro), f.abrir
}

// camiones is rutas: what it offers, how it frees, which visit there is.
type camiones struct {
	rutas.Servicio // what the app does not call
	ofrecer        error
	liberar        error
	visita         rutas.Visita
	verVisita      error
	pedida         rutas.Clave // of the last visit that was read or freed
	sinDepositos   bool
	deLejos        []rutas.Ventana // what the depot lejos offers
}

func (f *camiones) depositos(context.Context) ([]rutas.Deposito, error) {
	if f.sinDepositos {
		return nil, nil
	}
	return []rutas.Deposito{{ID: lejos, Codigo: "DEP-2"}, {ID: cerca, Codigo: "DEP-1"}}, nil
}

func (f *camiones) Ofrecer(context.Context, rutas.Consulta) ([]rutas.DepositoCercano, error) {
	return []rutas.DepositoCercano{
		{ID: lejos, Ventanas: f.deLejos},
		{ID: cerca, Ventanas: ventanas(2, 1)},
	}, f.ofrecer
}

func (f *camiones) Liberar(_ context.Context, c rutas.Clave) error {
	f.pedida = c
	return f.liberar
}

func (f *camiones) Visita(_ context.Context, c rutas.Clave) (rutas.Visita, error) {
	f.pedida = c
	return f.visita, f.verVisita
}

// rastro is the audit trail in memory. Its server does not answer a caller who has left.
type rastro struct {
	hay   []audit.Registro
	falla error
}

func (f *rastro) Registrar(ctx context.Context, r audit.Registro) error {
	if err := cmp.Or(f.falla, ctx.Err()); err != nil {
		return err
	}
	f.hay = append(f.hay, r)
	return nil
}

// obrero is the worker: how many leases it may still give, and what it was handed.
type obrero struct {
	cupo      int
	sueltos   int
	llevados  []string
	empujados []string
	falla     error
}

func (f *obrero) Arrendar(*pedido.Pedido) bool { f.cupo--; return f.cupo >= 0 }
func (f *obrero) Soltar()                      { f.sueltos++ }
func (f *obrero) Llevar(p *pedido.Pedido)      { f.llevados = append(f.llevados, p.ID) }

func (f *obrero) Empujar(_ context.Context, id string) error {
	f.empujados = append(f.empujados, id)
	return f.falla
}

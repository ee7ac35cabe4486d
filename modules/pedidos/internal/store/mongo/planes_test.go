package mongo

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/mongodb/mongodbtest"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/event"
)

var actualizar = flag.Bool("update", false, "write testdata/ordenes.golden anew")

// llamada is one call of a port, and the index that answers its command.
type llamada struct {
	nombre, indice string
	hacer          func(context.Context, *Tienda) error
}

// hora is the time of every call.
var hora = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

func nada[T any](_ T, err error) error { return err }

// llamadas are every method of the ports, with every filter that changes the plan.
func llamadas() []llamada {
	luego, marca := hora.Add(time.Minute), &store.Cursor{Creado: hora, ID: "m"}
	lista := func(nombre, indice string, f store.Filtro) llamada {
		return llamada{
			nombre: "Pedidos.Listar " + nombre,
			indice: indice,
			hacer: func(ctx context.Context, t *Tienda) error {
				return nada(t.Pedidos().Listar(ctx, f, marca, 50))
			},
		}
	}
	pedir := func(nombre, indice string, f func(context.Context, store.Pedidos) error) llamada {
		return llamada{
			nombre: "Pedidos." + nombre,
			indice: indice,
			hacer:  func(ctx context.Context, t *Tienda) error { return f(ctx, t.Pedidos()) },
		}
	}
	contar := func(nombre, indice string, f func(context.Context, store.Existencias) error) llamada {
		return llamada{
			nombre: "Existencias." + nombre,
			indice: indice,
			hacer:  func(ctx context.Context, t *Tienda) error { return f(ctx, t.Existencias()) },
		}
	}
	contarPuestos := func(nombre, indice string, f func(context.Context, store.Cupos) error) llamada {
		return llamada{
			nombre: "Cupos." + nombre,
			indice: indice,
			hacer:  func(ctx context.Context, t *Tienda) error { return f(ctx, t.Cupos()) },
		}
	}
	vender := func(nombre, indice string, f func(context.Context, store.Productos) error) llamada {
		return llamada{
			nombre: "Productos." + nombre,
			indice: indice,
			hacer:  func(ctx context.Context, t *Tienda) error { return f(ctx, t.Productos()) },
		}
	}
	turnar := func(nombre, indice string, f func(context.Context, Trabajos) error) llamada {
		return llamada{
			nombre: "Trabajos." + nombre,
			indice: indice,
			hacer:  func(ctx context.Context, t *Tienda) error { return f(ctx, t.Trabajos()) },
		}
	}
	orden := func(version int64) *pedido.Pedido {
		return &pedido.Pedido{
			ID:      "p1",
			Codigo:  "C",
			Cliente: "c",
			Estado:  "creado",
			Version: version,
			Creado:  hora,
			Cambio:  hora,
			Debe:    &hora,
			Eventos: []pedido.Evento{{Seq: 1, Tipo: "creado", En: hora}},
		}
	}
	stock := func(version int64) *existencias.Existencia {
		e := existencias.New("a", "d")
		e.Version = version
		return e
	}
	producto := func(version int64) *catalogo.Producto {
		return &catalogo.Producto{
			ID:       "a",
			Nombre:   "Leche",
			Buscable: "leche",
			Version:  version,
			Creado:   hora,
			Activo:   true,
		}
	}
	return []llamada{
		pedir(
			"Insertar",
			"",
			func(ctx context.Context, s store.Pedidos) error { return s.Insertar(ctx, orden(1)) },
		),
		pedir(
			"Leer",
			"_id_",
			func(ctx context.Context, s store.Pedidos) error { return nada(s.Leer(ctx, "p1")) },
		),
		pedir(
			"Guardar",
			"_id_",
			func(ctx context.Context, s store.Pedidos) error { return s.Guardar(ctx, orden(1)) },
		),
		pedir("Reclamar", "debe", func(ctx context.Context, s store.Pedidos) error {
			return nada(s.Reclamar(ctx, "yo", hora, luego))
		}),
		pedir("ReclamarLejano", "lease debe", func(ctx context.Context, s store.Pedidos) error {
			ls := []store.Lejos{{Estados: []pedido.Estado{pedido.Creado}, Hasta: luego}}
			_, err := s.ReclamarLejano(ctx, ls, "yo", hora, luego)
			if errors.Is(err, store.ErrNadaQueHacer) {
				return nil
			}
			return err
		}),
		pedir("Tomar", "_id_", func(ctx context.Context, s store.Pedidos) error {
			return nada(s.Tomar(ctx, "p1", "yo", hora, luego))
		}),
		pedir("SoltarLeases", "lease", func(ctx context.Context, s store.Pedidos) error {
			return nada(s.SoltarLeases(ctx, hora))
		}),
		lista("all", "lista", store.Filtro{}),
		lista("by day", "lista", store.Filtro{Desde: hora, Hasta: luego}),
		lista("by client", "cliente", store.Filtro{Cliente: "c"}),
		lista("by estado", "estado", store.Filtro{Estado: "creado"}),
		lista("by both", "cliente_estado", store.Filtro{Cliente: "c", Estado: "creado"}),
		lista("by codigo", "codigo", store.Filtro{Codigo: "C"}),
		lista("by reference", "referencia", store.Filtro{Referencia: "R"}),
		lista(
			"by reference and client",
			"cliente_referencia",
			store.Filtro{Cliente: "c", Referencia: "R"},
		),
		pedir("EnEstado", "estado", func(ctx context.Context, s store.Pedidos) error {
			return nada(s.EnEstado(ctx, pedido.Confirmado, marca, 500))
		}),
		pedir("Alcances", "_id_", func(ctx context.Context, s store.Pedidos) error {
			return nada(s.Alcances(ctx, []string{"p1", "p2"}))
		}),
		pedir("Resumir", "estado_debe", func(ctx context.Context, s store.Pedidos) error {
			return nada(s.Resumir(ctx, hora))
		}),
		pedir("PorPublicar", "publicar", func(ctx context.Context, s store.Pedidos) error {
			return nada(s.PorPublicar(ctx, 10))
		}),
		pedir("Publicar", "", func(ctx context.Context, s store.Pedidos) error {
			return s.Publicar(ctx, map[string][]pedido.Evento{"p1": orden(1).Eventos})
		}),
		pedir("Publicadas", "_id_", func(ctx context.Context, s store.Pedidos) error {
			return s.Publicadas(ctx, []store.Publicacion{{Pedido: "p1", Hasta: 1}})
		}),
		pedir("Eventos", "pedido", func(ctx context.Context, s store.Pedidos) error {
			return nada(s.Eventos(ctx, "p1", 0, 10))
		}),
		pedir(
			"Asentar",
			"asentado _id_ evento _id_ _id_",
			func(ctx context.Context, s store.Pedidos) error {
				return nada(s.Asentar(ctx, 10))
			},
		),
		pedir("Diario", "_id_", func(ctx context.Context, s store.Pedidos) error {
			_, _, err := s.Diario(ctx, "", 0, 10)
			return err
		}),
		pedir(
			"Diario of a tipo",
			"_id_ tipo",
			func(ctx context.Context, s store.Pedidos) error {
				_, _, err := s.Diario(ctx, "creado", 0, 10)
				return err
			},
		),
		contar(
			"Guardar (new)",
			"",
			func(ctx context.Context, s store.Existencias) error { return s.Guardar(ctx, stock(0)) },
		),
		contar(
			"Guardar",
			"_id_",
			func(ctx context.Context, s store.Existencias) error { return s.Guardar(ctx, stock(1)) },
		),
		contar(
			"Consultar",
			"_id_ _id_ _id_",
			func(ctx context.Context, s store.Existencias) error {
				return nada(s.Consultar(ctx, store.Cuestion{
					Existencias: []string{"a:d", "b:d"},
					Claves:      []existencias.Clave{{Pedido: "p1", Intento: 1, Vuelta: 1}},
					Movimientos: []string{"v"},
				}))
			},
		),
		contar("Leer", "_id_", func(ctx context.Context, s store.Existencias) error {
			return nada(s.Leer(ctx, stock(1).ID))
		}),
		contar(
			"LeerProductos",
			"producto",
			func(ctx context.Context, s store.Existencias) error {
				return nada(s.LeerProductos(ctx, []string{"a", "b"}))
			},
		),
		contar("Disponibles", "producto", func(ctx context.Context, s store.Existencias) error {
			return nada(s.Lotes(ctx, []string{"a", "b"}))
		}),
		contar(
			"ConMovimientos",
			"pendientes",
			func(ctx context.Context, s store.Existencias) error {
				return nada(s.ConMovimientos(ctx, 10))
			},
		),
		contar("GuardarMovimientos", "", func(ctx context.Context, s store.Existencias) error {
			return s.GuardarMovimientos(
				ctx,
				[]existencias.Movimiento{{ID: "v", Producto: "a", En: hora}},
			)
		}),
		contar("Movimientos", "_id_", func(ctx context.Context, s store.Existencias) error {
			return nada(s.Movimientos(ctx, []string{"v", "w"}))
		}),
		contar("CambiarMotivo", "_id_", func(ctx context.Context, s store.Existencias) error {
			return s.CambiarMotivo(ctx, "v", "de", "a")
		}),
		contar(
			"ListarMovimientos",
			"producto",
			func(ctx context.Context, s store.Existencias) error {
				return nada(
					s.ListarMovimientos(ctx, store.FiltroMovimientos{Producto: "a"}, marca, 50),
				)
			},
		),
		contar(
			"ListarMovimientos of a batch",
			"lote",
			func(ctx context.Context, s store.Existencias) error {
				return nada(
					s.ListarMovimientos(
						ctx,
						store.FiltroMovimientos{Producto: "a", Lote: "L"},
						marca,
						50,
					),
				)
			},
		),
		contar("FijarLote", "_id_", func(ctx context.Context, s store.Existencias) error {
			return nada(s.FijarLote(ctx, "a", "L", &hora))
		}),
		pedir("Apartados", "apartado", func(ctx context.Context, s store.Pedidos) error {
			return nada(s.Apartados(ctx, 10))
		}),
		pedir(
			"Retomar",
			"apartado",
			func(ctx context.Context, s store.Pedidos) error { return nada(s.Retomar(ctx)) },
		),
		contar(
			"Apartar",
			"_id_",
			func(ctx context.Context, s store.Existencias) error { return s.Apartar(ctx, "a:d") },
		),
		contar("Apartadas", "apartadas", func(ctx context.Context, s store.Existencias) error {
			return nada(s.Apartadas(ctx))
		}),
		contar(
			"Retomar",
			"apartadas",
			func(ctx context.Context, s store.Existencias) error { return nada(s.Retomar(ctx)) },
		),
		contar("PonerLapida", "_id_", func(ctx context.Context, s store.Existencias) error {
			return s.PonerLapida(
				ctx,
				existencias.Clave{Pedido: "p1", Intento: 1, Vuelta: 1},
				hora,
			)
		}),
		contar("HayLapida", "_id_", func(ctx context.Context, s store.Existencias) error {
			return nada(
				s.HayLapida(ctx, existencias.Clave{Pedido: "p1", Intento: 1, Vuelta: 1}),
			)
		}),
		contar(
			"LimpiarLapidas",
			"hasta _id_",
			func(ctx context.Context, s store.Existencias) error {
				_, err := s.LimpiarLapidas(ctx, luego, 10)
				return err
			},
		),
		contarPuestos("Guardar (new)", "", func(ctx context.Context, s store.Cupos) error {
			return s.Guardar(
				ctx,
				&pedido.Cupo{
					ID:      "lentos:c",
					Vence:   hora,
					Puestos: []pedido.Puesto{{Quien: "p1", En: hora}},
				},
			)
		}),
		contarPuestos("Guardar", "_id_", func(ctx context.Context, s store.Cupos) error {
			return s.Guardar(ctx, &pedido.Cupo{ID: "lentos:c", Version: 1, Vence: hora})
		}),
		contarPuestos("Leer", "_id_", func(ctx context.Context, s store.Cupos) error {
			return nada(s.Leer(ctx, "lentos:c"))
		}),
		contarPuestos("Limpiar", "vence _id_", func(ctx context.Context, s store.Cupos) error {
			_, err := s.Limpiar(ctx, luego, 10)
			return err
		}),
		turnar("Tomar", "_id_", func(ctx context.Context, s Trabajos) error {
			return nada(s.Take(ctx, "limpieza", "yo", hora, luego))
		}),
		turnar(
			"Soltar",
			"_id_",
			func(ctx context.Context, s Trabajos) error { return s.Release(ctx, "limpieza", "yo") },
		),
		vender(
			"Insertar",
			"",
			func(ctx context.Context, s store.Productos) error { return s.Insertar(ctx, producto(1)) },
		),
		vender("Leer", "_id_", func(ctx context.Context, s store.Productos) error {
			return nada(s.Leer(ctx, []string{"a", "b"}))
		}),
		vender(
			"Guardar",
			"_id_",
			func(ctx context.Context, s store.Productos) error { return s.Guardar(ctx, producto(1)) },
		),
		vender("Listar", "lista", func(ctx context.Context, s store.Productos) error {
			return nada(s.Listar(ctx, store.FiltroProductos{Q: "leche entera"}, marca, 50))
		}),
		vender(
			"Listar a category",
			"categoria_plegada",
			func(ctx context.Context, s store.Productos) error {
				return nada(
					s.Listar(
						ctx,
						store.FiltroProductos{Categoria: "c", Todos: true},
						marca,
						50,
					),
				)
			},
		),
	}
}

// testigo keeps the commands that were sent.
type testigo struct {
	mu      sync.Mutex
	ordenes []bson.Raw
}

func (g *testigo) monitor() *event.CommandMonitor {
	return &event.CommandMonitor{
		Started: func(_ context.Context, e *event.CommandStartedEvent) {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.ordenes = append(g.ordenes, append(bson.Raw{}, e.Command...))
		},
	}
}

// tomar gives the commands that were sent since the last call of tomar.
func (g *testigo) tomar() []bson.Raw {
	g.mu.Lock()
	defer g.mu.Unlock()
	out := g.ordenes
	g.ordenes = nil
	return out
}

// enviadas runs every call and gives the commands that each sent, by the name of the call.
func enviadas(t testing.TB, direccion string) map[string][]bson.Raw {
	t.Helper()
	g, ctx := &testigo{}, context.Background()
	tienda, err := Open(ctx, Opciones{URL: direccion, Monitor: g.monitor()})
	if err != nil {
		t.Fatal(err)
	}
	g.tomar()
	out := map[string][]bson.Raw{}
	for _, l := range llamadas() {
		if err := l.hacer(ctx, tienda); err != nil {
			t.Errorf("%s: %v", l.nombre, err)
		}
		out[l.nombre] = g.tomar()
	}
	if err := tienda.Cerrar(); err != nil {
		t.Error(err)
	}
	return out
}

// deADos are the methods that take two commands and more; the comment of each says why.
var deADos = []string{
	"Pedidos.Asentar", "Pedidos.Diario", "Pedidos.Diario of a tipo", "Pedidos.ReclamarLejano",
	"Existencias.Consultar", "Existencias.LimpiarLapidas", "Cupos.Limpiar", "Trabajos.Tomar",
}

// TestOrdenes compares the commands of each method with the golden file: filter, order, limit, write concern. Each
// method is one command, but for those of deADos. A person has looked the golden file through.
func TestOrdenes(t *testing.T) {
	base := mongodbtest.Database(t)
	if base == "" {
		t.Skip("SKIPPED: the commands to MongoDB: DESPENSA_TEST_MONGODB names no server")
	}
	todas := enviadas(t, base)
	var b strings.Builder
	for _, l := range llamadas() {
		if n := len(todas[l.nombre]); n != 1 && !slices.Contains(deADos, l.nombre) {
			t.Errorf("%s sends %d commands", l.nombre, n)
		}
		fmt.Fprintf(&b, "%s\n\tindex: %s\n", l.nombre, l.indice)
		for _, o := range todas[l.nombre] {
			fmt.Fprintf(&b, "\t%s\n", escrita(t, o))
		}
	}
	archivo := filepath.Join("testdata", "ordenes.golden")
	if *actualizar {
		if err := os.WriteFile(archivo, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	quiero, err := os.ReadFile(archivo)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(quiero), b.String()); d != "" {
		t.Errorf("the commands differ (-want +got), see -update:\n%s", d)
	}
}

// escrita is a command as JSON, without the members that differ from one time or server to the next.
func escrita(t testing.TB, raw bson.Raw) string {
	t.Helper()
	els, err := raw.Elements()
	if err != nil {
		t.Fatal(err)
	}
	var out bson.D
	for _, e := range els {
		switch e.Key() {
		case "lsid", "$clusterTime", "txnNumber", "$db":
		case "maxTimeMS": // the rest of the deadline
			out = append(out, bson.E{Key: "maxTimeMS", Value: "…"})
		default:
			out = append(out, bson.E{Key: e.Key(), Value: e.Value()})
		}
	}
	b, err := bson.MarshalExtJSON(out, false, false)
	if err != nil || !json.Valid(b) {
		t.Fatalf("%v: %s", err, b)
	}
	return string(b)
}

// planes asks MongoDB for the plan of every command: the command uses its index, reads no collection
// through and sorts nothing in memory.
func planes(t testing.TB, direccion string) {
	t.Helper()
	todas := enviadas(t, direccion)
	tienda, err := Open(context.Background(), Opciones{URL: direccion})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tienda.Cerrar() }()
	for _, l := range llamadas() {
		for i, o := range todas[l.nombre] {
			if _, err := o.LookupErr("insert"); err == nil {
				continue
			}
			plan := explicar(t, tienda, o)
			quiero := strings.Fields(l.indice)[min(i, len(strings.Fields(l.indice))-1)]
			porIndice := strings.Contains(plan, `"indexName":"`+quiero+`"`) ||
				quiero == "_id_" &&
					(strings.Contains(plan, `"IDHACK"`) || strings.Contains(plan, `"EXPRESS`))
			if !porIndice || strings.Contains(plan, `"COLLSCAN"`) ||
				strings.Contains(plan, `"stage":"SORT"`) {
				t.Errorf("%s does not use %s:\n%s", l.nombre, quiero, plan)
			}
		}
	}
}

// explicar gives the plan of the command o, as JSON.
func explicar(t testing.TB, tienda *Tienda, raw bson.Raw) string {
	t.Helper()
	var orden bson.D
	if err := bson.Unmarshal(raw, &orden); err != nil {
		t.Fatal(err)
	}
	var limpia bson.D
	for _, e := range orden {
		switch e.Key {
		case "lsid", "$clusterTime", "txnNumber", "$db", "maxTimeMS", "writeConcern":
		default:
			limpia = append(limpia, e)
		}
	}
	var r bson.M
	explain := bson.D{
		{Key: "explain", Value: limpia},
		{Key: "verbosity", Value: "queryPlanner"},
	}
	if err := tienda.db.Database().RunCommand(context.Background(), explain).Decode(&r); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(r["queryPlanner"])
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

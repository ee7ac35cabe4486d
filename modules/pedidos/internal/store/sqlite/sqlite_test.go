package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/pedidos/internal/store/storetest"

	"gorm.io/gorm"
)

func TestPuertos(t *testing.T) {
	t.Log("RAN ON SQLite: the suite of the order store")
	storetest.Probar(t, abrirPuertos)
}

// abrirPuertos opens the stores on a file of their own.
func abrirPuertos(t testing.TB) storetest.Puertos {
	return puertos(t, filepath.Join(t.TempDir(), "pedidos.db"))
}

// puertos opens the adapter on a file of its own, for storetest.
func puertos(t testing.TB, archivo string) storetest.Puertos {
	t.Helper()
	tienda, err := Open(context.Background(), Opciones{Archivo: archivo})
	if err != nil {
		t.Fatal(err)
	}
	cerrada := false
	cerrar := func() {
		if !cerrada {
			cerrada = true
			if err := tienda.Cerrar(); err != nil {
				t.Errorf("Cerrar: %v", err)
			}
		}
	}
	t.Cleanup(cerrar)
	return storetest.Puertos{
		Pedidos: tienda.Pedidos(), Existencias: tienda.Existencias(), Productos: tienda.Productos(), Cupos: tienda.Cupos(),
		Reabrir: func(t testing.TB) storetest.Puertos { cerrar(); return puertos(t, archivo) },
		Cargar:  func(t testing.TB, ps []*pedido.Pedido) { cargar(t, tienda, ps) },
		Planes:  func(t testing.TB) { planes(t, tienda) },
		Romper:  func(t testing.TB, clase, id string, modo int) func() { return romper(t, tienda, clase, id, modo) },
	}
}

// romper cuts a document short, or puts a word where a number belongs.
func romper(t testing.TB, tienda *Tienda, clase, id string, modo int) func() {
	t.Helper()
	clave := map[bool]string{true: "pedido = ? and seq = 1", false: "id = ?"}[clase == "eventos"]
	columna := []string{"doc", "publicados"}[modo]
	valor := []string{"substr(doc, 1, length(doc) / 2)", "'muchos'"}[modo]
	var antes any
	sqlLeer := "select " + columna + " from " + clase + " where " + clave
	if err := tienda.db.Read(t.Context()).Raw(sqlLeer, id).Row().Scan(&antes); err != nil {
		t.Fatal(err)
	}
	poner := func(valor string, args ...any) {
		sqlPoner := "update " + clase + " set " + columna + " = " + valor + " where " + clave
		if err := tienda.escribir(t.Context(), "romper", func(tx *gorm.DB) error {
			return exigir(errors.New("no such row"), tx, sqlPoner, append(args, id)...)
		}); err != nil {
			t.Fatal(err)
		}
	}
	poner(valor)
	return func() { poner("?", antes) }
}

// cargar inserts many orders, 25,000 to a commit and a hundred to a statement.
func cargar(t testing.TB, tienda *Tienda, pedidos []*pedido.Pedido) {
	t.Helper()
	for grupo := range slices.Chunk(pedidos, 25_000) {
		fs := make([]filaPedido, len(grupo))
		for i, p := range grupo {
			f, err := aFila(p)
			if err != nil {
				t.Fatal(err)
			}
			fs[i] = f
		}
		if err := tienda.escribir(context.Background(), "pedidos.cargar", func(tx *gorm.DB) error {
			antes := tx.Exec("pragma cache_size = -262144").Error
			return errors.Join(antes, insertarTodos(tx, fs), tx.Exec("pragma cache_size = -512").Error)
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func insertarTodos(tx *gorm.DB, filaPedidos []filaPedido) error {
	inicio, valores, _ := strings.Cut(sqlInsertar, "values ")
	valores = strings.TrimSuffix(valores, " on conflict do nothing")
	for cien := range slices.Chunk(filaPedidos, 100) {
		var args []any
		for _, f := range cien {
			args = append(args, f.args()...)
		}
		if _, err := ejecutar(tx, inicio+"values "+strings.Repeat(valores+",", len(cien)-1)+valores, args...); err != nil {
			return err
		}
	}
	return nil
}

// planes checks that every query is answered from an index, without a scan or a sort.
func planes(t testing.TB, tienda *Tienda) {
	t.Helper()
	ahora, marca := time.Now(), &store.Cursor{Creado: time.Now(), ID: "x"}
	type consulta struct {
		texto  string
		args   []any
		indice string
	}
	de := func(indice, texto string, args ...any) consulta {
		return consulta{texto: texto, args: args, indice: indice}
	}
	listado := func(indice string, f store.Filtro) consulta {
		texto, args := listaPedidos(f, marca, 50)
		return consulta{texto: texto, args: args, indice: indice}
	}
	movimientos, argsMov := listaMovimientos(store.FiltroMovimientos{Producto: "p"}, marca, 50)
	retiro, argsRet := listaMovimientos(
		store.FiltroMovimientos{Producto: "p", Lote: "L"},
		marca,
		50,
	)
	catalogo, argsCat := listaProductos(store.FiltroProductos{Q: "leche"}, marca, 50)
	porCategoria, argsPor := listaProductos(store.FiltroProductos{Categoria: "c"}, marca, 50)
	clave := func(tabla string) string { return "SEARCH " + tabla + " USING INDEX sqlite_autoindex_" + tabla + "_1" }
	const (
		numerados = "SEARCH eventos USING COVERING INDEX sqlite_autoindex_eventos_1"

		guardar  = "update pedidos set version = 2 where id = ? and version = ?"
		enEstado = sqlEnEstado + " where estado = ? and (creado, id) < (?, ?) order by creado desc, id desc limit ?"
	)
	todo := store.Filtro{Referencia: "r", Codigo: "c", Cliente: "c", Estado: "creado"}
	for nombre, c := range map[string]consulta{
		"read":              de("sqlite_autoindex_pedidos_1", "select "+columnas+" from pedidos where id = ?", "x"),
		"save":              de("sqlite_autoindex_pedidos_1", guardar, "x", 1),
		"anything to claim": de("pedidos_debe", sqlHay, 1, 1, pedido.Estados()),
		"how far":           de("sqlite_autoindex_pedidos_1", sqlAlcances, []string{"a", "b"}),
		"in an estado":      de("COVERING INDEX pedidos_estado", enEstado, "creado", 1, "x", 9),
		"claim":             de("pedidos_debe", sqlReclamar, 1, 1, pedido.Estados()),
		"any far away":      de("COVERING INDEX pedidos_debe", sqlHayLejano, 1, 1, 2, pedido.Estados()),
		"far away":          de("pedidos_debe", sqlLejano, 1, 1, 2, pedido.Estados()),
		"any kept":          de("COVERING INDEX pedidos_debe", sqlHayRetenido, 1, 1, pedido.Estados()),
		"kept":              de("pedidos_debe", sqlRetenido, 1, 1, pedido.Estados()),
		"leases":            de("pedidos_debe", sqlVigentes, 1, 1),
		"idle leases":       de("pedidos_lease (lease>?", sqlVigentes, 1, 1),
		"any leases":        de("COVERING INDEX pedidos_debe", sqlHayVigentes, 1, 1),
		"to publish":        de("pedidos_publicar", sqlPorPublicar, 10),
		"places":            de("sqlite_autoindex_cupos_1", sqlCupos, "[]"),
		"places to clear":   de("cupos_vence", sqlLimpiarCupos, 1, 10),
		"set aside":         de("sqlite_autoindex_apartados_1", sqlApartados, 10),
		"stock set aside":   de("existencias_apartadas", sqlApartadas),
		"due":               de("COVERING INDEX pedidos_debe", sqlVencidos, 1),
		"list":              listado("pedidos_lista", store.Filtro{}),
		"list by day":       listado("pedidos_lista", store.Filtro{Desde: ahora, Hasta: ahora}),
		"list by client":    listado("pedidos_cliente ", store.Filtro{Cliente: "c"}),
		"list by estado":    listado("pedidos_estado", store.Filtro{Estado: "creado"}),
		"list by both":      listado("pedidos_cliente_estado", store.Filtro{Cliente: "c", Estado: "creado", Desde: ahora}),
		"list by codigo":    listado("pedidos_codigo", store.Filtro{Codigo: "c"}),
		"codigo and all":    listado("pedidos_codigo", store.Filtro{Codigo: "c", Cliente: "c", Estado: "creado"}),
		"list by reference": listado("pedidos_referencia ", store.Filtro{Referencia: "r"}),
		"reference, estado": listado("pedidos_referencia ", store.Filtro{Referencia: "r", Estado: "creado", Desde: ahora}),
		"reference, client": listado("pedidos_cliente_referencia ", store.Filtro{Referencia: "r", Cliente: "c"}),
		"reference and all": listado("pedidos_codigo", todo),
		"to number":         de("eventos_sin_numero", sqlSinNumero, 10),
		"the last number":   de("COVERING INDEX eventos_numero", sqlUltimoNumero),
		"to be numbered":    de(numerados, sqlNumerar[1].texto, make([]any, 16)...),
		"are there":         de("SEARCH e USING INDEX sqlite_autoindex_eventos_1", sqlEstan, "[]"),
		"to be marked":      de(clave("pedidos"), sqlMarcar, "[]"),
		"stock to be saved": de(clave("existencias"), sqlGuardarExistencias[1].texto, make([]any, 24)...),
		"stock asked for":   de(clave("existencias"), sqlConsultar, "[]", "[]", "[]"),
		"their tombstones":  de("SEARCH l USING COVERING INDEX sqlite_autoindex_lapidas_1", sqlConsultar, "[]", "[]", "[]"),
		"their movements":   de(clave("movimientos"), sqlConsultar, "[]", "[]", "[]"),
		"diary":             de("eventos_numero (numero>? AND numero<?)", sqlDiario, 1, 9, 10),
		"diary of a tipo":   de("eventos_tipo (tipo=? AND numero>? AND numero<?)", sqlDiarioDe, "creado", 1, 9, 10),
		"events":            de("sqlite_autoindex_eventos_1", sqlEventos, "x", 1, 10),
		"stock of products": de("existencias_producto", sqlLotes, 9, []string{"a", "b"}),
		"date of a batch":   de("sqlite_autoindex_lotes_1", sqlLote, "p", "L"),
		"a recall":          de("movimientos_producto", retiro, argsRet...),
		"with movements":    de("existencias_pendientes", sqlConMovimientos, 10),
		"movements":         de("movimientos_producto", movimientos, argsMov...),
		"tombstones":        de("lapidas_hasta", sqlLimpiarLapidas, 1, 10),
		"catalogue":         de("productos_lista", catalogo, argsCat...),
		"category":          de("productos_categoria_plegada", porCategoria, argsPor...),
	} {
		plan := explicar(t, tienda, c.texto, c.args...)
		if !strings.Contains(plan, c.indice) ||
			strings.Contains(plan, "B-TREE") && nombre != "due" ||
			strings.Contains(plan, "SCAN pedidos\n") ||
			strings.Contains(plan, "SCAN pedidos USING") && nombre != "to publish" {
			t.Errorf("%s does not use %s:\n%s", nombre, c.indice, plan)
		}
	}
}

// explicar gives SQLite's plan of a query, a line for each step.
func explicar(t testing.TB, tienda *Tienda, texto string, args ...any) string {
	t.Helper()
	rs, err := tienda.db.Read(context.Background()).
		Raw("explain query plan "+texto, args...).
		Rows()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rs.Close() }()
	var out strings.Builder
	for rs.Next() {
		var a, b, c int
		var detalle string
		if err := rs.Scan(&a, &b, &c, &detalle); err != nil {
			t.Fatal(err)
		}
		out.WriteString(detalle + " \n")
	}
	if err := rs.Err(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

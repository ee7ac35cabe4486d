package modelo

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
)

// lector reads the books of a program with SQL alone, and orders and stock in MongoDB as documents.
type lector struct {
	t       testing.TB
	donde   func(esquema string) (controlador, direccion string)
	ordenes ordenes
	db      map[string]*sql.DB
}

// ordenes reads the books of orders and stock.
type ordenes interface {
	pedidos(r *lector, l *libros)
	stock(r *lector, l *libros)
}

// filas runs a query on one of the schemas and hands each row to f.
func (r *lector) filas(esquema, consulta string, f func(leer func(...any)), args ...any) {
	r.t.Helper()
	db := r.db[esquema]
	if db == nil {
		var err error
		if db, err = sql.Open(r.donde(esquema)); err != nil {
			r.t.Fatal(err)
		}
		if r.db == nil {
			r.db = map[string]*sql.DB{}
		}
		r.db[esquema] = db
	}
	rs, err := db.QueryContext( //nolint:sqlclosecheck // closed below; f only scans
		r.t.Context(),
		consulta,
		args...)
	if err != nil {
		r.t.Fatalf("%s: %v", esquema, err)
	}
	defer rs.Close()
	for rs.Next() {
		f(func(donde ...any) {
			if err := rs.Scan(donde...); err != nil {
				r.t.Fatalf("%s: %v", esquema, err)
			}
		})
	}
	if err := rs.Err(); err != nil {
		r.t.Fatalf("%s: %v", esquema, err)
	}
}

func (r *lector) cerrar() {
	for _, db := range r.db {
		_ = db.Close()
	}
}

// leerLibros reads every book that lector has. ahora is the program's clock.
func leerLibros(lector *lector, ahora time.Time) *libros {
	lector.t.Helper()
	defer lector.cerrar()
	l := &libros{ahora: ahora, pedidos: map[string]*orden{}, publicados: map[string]int{},
		movimientos: map[string]movimiento{}}
	lector.ordenesDePago(l)
	lector.cobros(l)
	lector.camiones(l)
	lector.ordenes.stock(lector, l)
	lector.ordenes.pedidos(lector, l)
	lector.buzones(l)
	return l
}

func abrirBSON[T any](t testing.TB, doc []byte) (v T) {
	t.Helper()
	if err := bson.Unmarshal(doc, &v); err != nil {
		t.Fatalf("a document that is none: %v", err)
	}
	return v
}

func (r *lector) cobros(libros *libros) {
	r.filas("pagos", `select id, pedido, intento, cliente, metodo, estado, cierre, orden,
monto, cobrado, reembolsado, creado, debe from cobros`, func(leer func(...any)) {
		var c cobro
		var creado int64
		var debe sql.NullInt64
		leer(
			&c.ID,
			&c.Pedido,
			&c.Intento,
			&c.Cliente,
			&c.Metodo,
			&c.Estado,
			&c.Cierre,
			&c.Orden,
			&c.Monto,
			&c.Cobrado,
			&c.Reembolsado,
			&creado,
			&debe,
		)
		c.Creado, c.Debe = time.UnixMilli(creado), instante(debe)
		libros.cobros = append(libros.cobros, c)
	})
	r.filas(
		"pagos",
		"select cobro, id, estado, ajeno, monto from reembolsos",
		func(leer func(...any)) {
			var x reembolsoCobro
			leer(&x.Cobro, &x.ID, &x.Estado, &x.Ajeno, &x.Monto)
			libros.reembolsos = append(libros.reembolsos, x)
		},
	)
}

// ordenesDePago reads the simulator's own book: its rows, and the refunds in its documents.
func (r *lector) ordenesDePago(libros *libros) {
	r.filas(
		simulador,
		"select id, referencia, estado, detalle, cobrado, reembolsado, doc from ordenes",
		func(leer func(...any)) {
			var a ordenDePago
			var doc []byte
			leer(&a.ID, &a.Referencia, &a.Estado, &a.Detalle, &a.Cobrado, &a.Reembolsado, &doc)
			var d struct {
				Transactions struct {
					Refunds     []struct{ ID, Amount string }
					Chargebacks []any
				}
			}
			if err := json.Unmarshal(doc, &d); err != nil {
				r.t.Fatalf("gateway order %s: %v", a.ID, err)
			}
			a.Disputada, a.Reembolsos = len(d.Transactions.Chargebacks) > 0, map[string]int64{}
			for _, x := range d.Transactions.Refunds {
				a.Reembolsos[x.ID] = centavos(r.t, x.Amount)
			}
			libros.ordenesDePago = append(libros.ordenesDePago, a)
		},
	)
}

// camiones reads the shifts and the visits of rutas into libros.
func (r *lector) camiones(libros *libros) {
	r.filas("rutas", `select id, camion, estado, inicio, fin, franja,
peso_max, volumen_max, minutos_max, visitas_max, peso, volumen, minutos, visitas,
tramo0, tramo1, tramo2, tramo3, tramo4, tramo5 from turnos`, func(leer func(...any)) {
		var x turno
		var inicio, fin, franja int64
		c, u := &x.Capacidad, &x.Usado
		leer(
			&x.ID,
			&x.Camion,
			&x.Estado,
			&inicio,
			&fin,
			&franja,
			&c.Peso,
			&c.Volumen,
			&c.Minutos,
			&c.Visitas,
			&u.Peso,
			&u.Volumen,
			&u.Minutos,
			&u.Visitas,
			&x.Tramos[0],
			&x.Tramos[1],
			&x.Tramos[2],
			&x.Tramos[3],
			&x.Tramos[4],
			&x.Tramos[5],
		)
		x.Inicio = time.UnixMilli(inicio)
		x.Fin = time.UnixMilli(fin)
		x.Franja = time.Duration(
			franja,
		) * time.Minute
		libros.turnos = append(libros.turnos, x)
	})
	r.filas("rutas", `select id, pedido, intento, numero, turno, camion, deposito, estado,
peso, volumen, minutos, tramo, hasta,
estado in ('en_camino', 'entregada', 'fallida') from visitas`, func(leer func(...any)) {
		v := visita{Cupo: cupo{Visitas: 1}}
		var hasta int64
		leer(
			&v.ID,
			&v.Pedido,
			&v.Intento,
			&v.Numero,
			&v.Turno,
			&v.Camion,
			&v.Deposito,
			&v.Estado,
			&v.Cupo.Peso,
			&v.Cupo.Volumen,
			&v.Cupo.Minutos,
			&v.Tramo,
			&hasta,
			&v.Salio,
		)
		v.Hasta = time.UnixMilli(hasta)
		libros.visitas = append(libros.visitas, v)
	})
}

// buzones counts the rows of each queue that were due before the moment of reading.
func (r *lector) buzones(libros *libros) {
	for _, b := range []struct{ nombre, esquema, consulta string }{
		{nombre: "pagos: notices of the gateway", esquema: "pagos",
			consulta: "select count(*), min(debe) from inbox where debe < $1"},
		{nombre: "pagos: word for pedidos", esquema: "pagos",
			consulta: "select count(*), min(proximo) from avisos where proximo < $1"},
		{nombre: "rutas: word for pedidos", esquema: "rutas",
			consulta: "select count(*), min(proximo) from avisos where proximo < $1"},
	} {
		r.filas(b.esquema, b.consulta, func(leer func(...any)) {
			x := buzon{Nombre: b.nombre}
			var desde sql.NullInt64
			leer(&x.Vencidos, &desde)
			x.Desde = time.UnixMilli(desde.Int64)
			libros.buzones = append(libros.buzones, x)
		}, libros.ahora.UnixMilli())
	}
}

func instante(nullInt64 sql.NullInt64) *time.Time {
	if !nullInt64.Valid {
		return nil
	}
	t := time.UnixMilli(nullInt64.Int64)
	return &t
}

// centavos reads an amount as the gateway writes it: digits, a point, two digits.
func centavos(t testing.TB, s string) int64 {
	t.Helper()
	enteros, decimales, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(enteros+(decimales + "00")[:2], 10, 64)
	if err != nil {
		t.Fatalf("amount %q: %v", s, err)
	}
	return n
}

// deReferencia splits the gateway's reference of a charge, ORDER-INTENTO.
func deReferencia(r string) (pedido string, intento int) {
	i := strings.LastIndexByte(r, '-')
	if i < 0 {
		return r, 0
	}
	n, err := strconv.Atoi(r[i+1:])
	if err != nil {
		return r, 0
	}
	return r[:i], n
}

// deVenta splits the id of a sale's movement, ORDER:INTENTO:PRODUCT. The id of a movement that undoes a sale has one
// part more.
func deVenta(movimiento movimiento) (pedido string, intento int, ok bool) {
	partes := strings.Split(movimiento.ID, ":")
	if movimiento.Pedido == "" || len(partes) < 3 || partes[0] != movimiento.Pedido {
		return "", 0, false
	}
	n, err := strconv.Atoi(partes[1])
	return partes[0], n, err == nil
}

// String is the sentence of a fault, with its rule and its order.
func (f falta) String() string { return fmt.Sprintf("[%s] order %s: %s", f.Regla, f.Pedido, f.Que) }

package documentos

import (
	"strconv"
	"time"

	"despensa/modules/pedidos/internal/existencias"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// An aggregate of stock is read and saved several times per order and may hold 1,000
// reservations, where the reflection of bson.Marshal and bson.Unmarshal costs 4 ms. The functions
// here write and read the very same bytes, ten times faster; a test compares the bytes.

// Codificar is bson.Marshal for an Existencia. Errors: a member of Resto that BSON cannot hold.
func Codificar(e *existencias.Existencia) ([]byte, error) {
	if len(e.Resto) > 0 {
		return bson.Marshal(e)
	}
	i, d := bsoncore.AppendDocumentStart(make([]byte, 0, 512+240*(len(e.Reservas)+len(e.Movimientos))))
	d = bsoncore.AppendStringElement(d, "_id", e.ID)
	d = bsoncore.AppendStringElement(d, "producto", e.Producto)
	d = bsoncore.AppendStringElement(d, "deposito", e.Deposito)
	d = bsoncore.AppendInt64Element(d, "version", e.Version)
	d = ponerLista(d, "lotes", e.Lotes, ponerLote)
	d = ponerLista(d, "reservas", e.Reservas, ponerReserva)
	d = ponerLista(d, "movimientos", e.Movimientos, ponerMovimiento)
	return bsoncore.AppendDocumentEnd(d, i)
}

// ponerLista appends a list of documents; nil is null.
func ponerLista[T any](d []byte, nombre string, l []T, poner func([]byte, *T) []byte) []byte {
	if l == nil {
		return bsoncore.AppendNullElement(d, nombre)
	}
	i, d := bsoncore.AppendArrayElementStart(d, nombre)
	for n := range l {
		d = append(d, byte(bson.TypeEmbeddedDocument))
		d = append(strconv.AppendInt(d, int64(n), 10), 0)
		j, dd := bsoncore.AppendDocumentStart(d)
		d, _ = bsoncore.AppendDocumentEnd(poner(dd, &l[n]), j) // fails only beyond 2 GB
	}
	d, _ = bsoncore.AppendArrayEnd(d, i)
	return d
}

func ponerLote(d []byte, l *existencias.Lote) []byte {
	d = bsoncore.AppendStringElement(d, "id", l.ID)
	d = ponerVence(d, l.Vence)
	return bsoncore.AppendInt64Element(d, "libre", l.Libre)
}

func ponerReserva(d []byte, r *existencias.Reserva) []byte {
	d = bsoncore.AppendStringElement(d, "pedido", r.Pedido)
	d = bsoncore.AppendInt64Element(d, "intento", r.Intento)
	d = bsoncore.AppendInt64Element(d, "vuelta", r.Vuelta)
	d = bsoncore.AppendInt64Element(d, "cantidad", r.Cantidad)
	d = ponerLista(d, "tomas", r.Tomas, ponerToma)
	return bsoncore.AppendBooleanElement(d, "lenta", r.Lenta)
}

func ponerToma(d []byte, t *existencias.Toma) []byte {
	d = bsoncore.AppendStringElement(d, "lote", t.Lote)
	d = ponerVence(d, t.Vence)
	return bsoncore.AppendInt64Element(d, "cantidad", t.Cantidad)
}

func ponerMovimiento(d []byte, m *existencias.Movimiento) []byte {
	d = bsoncore.AppendStringElement(d, "_id", m.ID)
	d = bsoncore.AppendStringElement(d, "producto", m.Producto)
	d = bsoncore.AppendStringElement(d, "deposito", m.Deposito)
	d = bsoncore.AppendInt64Element(d, "cantidad", m.Cantidad)
	d = bsoncore.AppendStringElement(d, "motivo", m.Motivo)
	d = ponerLista(d, "tomas", m.Tomas, ponerToma)
	d = bsoncore.AppendStringElement(d, "pedido", m.Pedido)
	d = bsoncore.AppendInt64Element(d, "vuelta", m.Vuelta)
	d = bsoncore.AppendStringElement(d, "huella", m.Huella)
	return bsoncore.AppendDateTimeElement(d, "en", m.En.UnixMilli())
}

// ponerVence appends the member vence; null for goods that keep.
func ponerVence(d []byte, t *time.Time) []byte {
	if t == nil {
		return bsoncore.AppendNullElement(d, "vence")
	}
	return bsoncore.AppendDateTimeElement(d, "vence", t.UnixMilli())
}

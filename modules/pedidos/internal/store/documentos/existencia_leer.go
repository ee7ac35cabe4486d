package documentos

import (
	"errors"
	"time"

	"despensa/modules/pedidos/internal/existencias"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// errDocumento: the bytes are no document of ours.
var errDocumento = errors.New("document: malformed")

// Descodificar is bson.Unmarshal and Normalizar for an Existencia. Errors: bytes that are
// no such document.
func Descodificar(doc []byte) (*existencias.Existencia, error) {
	e := new(existencias.Existencia)
	ajeno, err := leerMiembros(doc, e, leerExistencia)
	if err != nil {
		return nil, err
	}
	if ajeno {
		return Decode[existencias.Existencia](doc)
	}
	return e, nil
}

// leerMiembros gives each member of a document to leer. ajeno is true when leer does not know one
// of the members.
func leerMiembros[T any](
	doc []byte,
	v *T,
	leer func(*T, []byte, bsoncore.Value) (bool, error),
) (ajeno bool, err error) {
	n, resto, ok := bsoncore.ReadLength(doc)
	ok = ok && int(n) == len(doc)
	for ok && len(resto) > 1 {
		var el bsoncore.Element
		if el, resto, ok = bsoncore.ReadElement(resto); !ok {
			break
		}
		valor, err := el.ValueErr()
		if err != nil {
			return false, errDocumento
		}
		sabe, err := leer(v, el.KeyBytes(), valor)
		if err != nil {
			return false, err
		}
		ajeno = ajeno || !sabe
	}
	if !ok {
		return false, errDocumento
	}
	return ajeno, nil
}

// leerExistencia sets the member k of e to v; false: an aggregate has no such member.
func leerExistencia(e *existencias.Existencia, k []byte, v bsoncore.Value) (bool, error) {
	switch string(k) {
	case "_id":
		return true, texto(v, &e.ID)
	case "producto":
		return true, texto(v, &e.Producto)
	case "deposito":
		return true, texto(v, &e.Deposito)
	case "version":
		return true, entero(v, &e.Version)
	case "lotes":
		return true, lista(v, &e.Lotes, leerLote)
	case "reservas":
		return true, lista(v, &e.Reservas, leerReserva)
	case "movimientos":
		return true, lista(v, &e.Movimientos, leerMovimiento)
	}
	return false, nil
}

func leerLote(l *existencias.Lote, k []byte, v bsoncore.Value) (bool, error) {
	switch string(k) {
	case "id":
		return true, texto(v, &l.ID)
	case "vence":
		return true, vence(v, &l.Vence)
	case "libre":
		return true, entero(v, &l.Libre)
	}
	return false, nil
}

func leerReserva(r *existencias.Reserva, k []byte, v bsoncore.Value) (bool, error) {
	switch string(k) {
	case "pedido":
		return true, texto(v, &r.Pedido)
	case "intento":
		return true, entero(v, &r.Intento)
	case "vuelta":
		return true, entero(v, &r.Vuelta)
	case "cantidad":
		return true, entero(v, &r.Cantidad)
	case "tomas":
		return true, lista(v, &r.Tomas, leerToma)
	case "lenta":
		b, ok := v.BooleanOK()
		r.Lenta = b
		return true, siNo(ok)
	}
	return false, nil
}

func leerToma(t *existencias.Toma, k []byte, v bsoncore.Value) (bool, error) {
	switch string(k) {
	case "lote":
		return true, texto(v, &t.Lote)
	case "vence":
		return true, vence(v, &t.Vence)
	case "cantidad":
		return true, entero(v, &t.Cantidad)
	}
	return false, nil
}

// leerMovimiento sets the member k of m to v; false: a movement has no such member.
func leerMovimiento(m *existencias.Movimiento, k []byte, v bsoncore.Value) (bool, error) {
	switch string(k) {
	case "_id":
		return true, texto(v, &m.ID)
	case "producto":
		return true, texto(v, &m.Producto)
	case "deposito":
		return true, texto(v, &m.Deposito)
	case "cantidad":
		return true, entero(v, &m.Cantidad)
	case "motivo":
		return true, texto(v, &m.Motivo)
	case "tomas":
		return true, lista(v, &m.Tomas, leerToma)
	case "pedido":
		return true, texto(v, &m.Pedido)
	case "vuelta":
		return true, entero(v, &m.Vuelta)
	case "huella":
		return true, texto(v, &m.Huella)
	case "en":
		return true, fecha(v, &m.En)
	}
	return false, nil
}

// lista reads a list of documents; an empty list and null are nil.
func lista[T any](v bsoncore.Value, out *[]T, leer func(*T, []byte, bsoncore.Value) (bool, error)) error {
	if v.Type == bson.TypeNull {
		return nil
	}
	_, resto, ok := bsoncore.ReadLength(v.Data)
	for ok && v.Type == bson.TypeArray && len(resto) > 1 {
		var el bsoncore.Element
		if el, resto, ok = bsoncore.ReadElement(resto); !ok {
			break
		}
		valor, err := el.ValueErr()
		if err != nil || valor.Type != bson.TypeEmbeddedDocument {
			return errDocumento
		}
		var cosa T
		if _, err := leerMiembros(valor.Data, &cosa, leer); err != nil {
			return err
		}
		*out = append(*out, cosa)
	}
	return siNo(ok && v.Type == bson.TypeArray)
}

// texto reads a string. Errors: errDocumento for another type.
func texto(v bsoncore.Value, out *string) error {
	s, ok := v.StringValueOK()
	*out = s
	return siNo(ok)
}

// entero reads a whole number of any BSON type. Errors: errDocumento for another type.
func entero(v bsoncore.Value, out *int64) error {
	n, ok := v.AsInt64OK()
	*out = n
	return siNo(ok)
}

// fecha reads a time, in UTC. Errors: errDocumento for another type.
func fecha(v bsoncore.Value, out *time.Time) error {
	n, ok := v.DateTimeOK()
	*out = time.UnixMilli(n).UTC()
	return siNo(ok)
}

// vence reads a time or null, which is nil. Errors: errDocumento for another type.
func vence(v bsoncore.Value, out **time.Time) error {
	if v.Type == bson.TypeNull {
		return nil
	}
	*out = new(time.Time)
	return fecha(v, *out)
}

// siNo is nil if ok, else errDocumento.
func siNo(ok bool) error {
	if ok {
		return nil
	}
	return errDocumento
}

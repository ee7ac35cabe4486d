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

// leerExistencia sets the member k of e to value; false: an aggregate has no such member.
func leerExistencia(
	existencia *existencias.Existencia,
	k []byte,
	value bsoncore.Value,
) (bool, error) {
	switch string(k) {
	case "_id":
		return true, texto(value, &existencia.ID)
	case "producto":
		return true, texto(value, &existencia.Producto)
	case "deposito":
		return true, texto(value, &existencia.Deposito)
	case "version":
		return true, entero(value, &existencia.Version)
	case "lotes":
		return true, lista(value, &existencia.Lotes, leerLote)
	case "reservas":
		return true, lista(value, &existencia.Reservas, leerReserva)
	case "movimientos":
		return true, lista(value, &existencia.Movimientos, leerMovimiento)
	}
	return false, nil
}

func leerLote(lote *existencias.Lote, k []byte, value bsoncore.Value) (bool, error) {
	switch string(k) {
	case "id":
		return true, texto(value, &lote.ID)
	case "vence":
		return true, vence(value, &lote.Vence)
	case "libre":
		return true, entero(value, &lote.Libre)
	}
	return false, nil
}

func leerReserva(reserva *existencias.Reserva, k []byte, value bsoncore.Value) (bool, error) {
	switch string(k) {
	case "pedido":
		return true, texto(value, &reserva.Pedido)
	case "intento":
		return true, entero(value, &reserva.Intento)
	case "vuelta":
		return true, entero(value, &reserva.Vuelta)
	case "cantidad":
		return true, entero(value, &reserva.Cantidad)
	case "tomas":
		return true, lista(value, &reserva.Tomas, leerToma)
	case "lenta":
		b, ok := value.BooleanOK()
		reserva.Lenta = b
		return true, siNo(ok)
	}
	return false, nil
}

func leerToma(toma *existencias.Toma, k []byte, value bsoncore.Value) (bool, error) {
	switch string(k) {
	case "lote":
		return true, texto(value, &toma.Lote)
	case "vence":
		return true, vence(value, &toma.Vence)
	case "cantidad":
		return true, entero(value, &toma.Cantidad)
	}
	return false, nil
}

// leerMovimiento sets the member k of movimiento to value; false: a movement has no such member.
func leerMovimiento(
	movimiento *existencias.Movimiento,
	k []byte,
	value bsoncore.Value,
) (bool, error) {
	switch string(k) {
	case "_id":
		return true, texto(value, &movimiento.ID)
	case "producto":
		return true, texto(value, &movimiento.Producto)
	case "deposito":
		return true, texto(value, &movimiento.Deposito)
	case "cantidad":
		return true, entero(value, &movimiento.Cantidad)
	case "motivo":
		return true, texto(value, &movimiento.Motivo)
	case "tomas":
		return true, lista(value, &movimiento.Tomas, leerToma)
	case "pedido":
		return true, texto(value, &movimiento.Pedido)
	case "vuelta":
		return true, entero(value, &movimiento.Vuelta)
	case "huella":
		return true, texto(value, &movimiento.Huella)
	case "en":
		return true, fecha(value, &movimiento.En)
	}
	return false, nil
}

// lista reads a list of documents; an empty list and null are nil.
func lista[T any](
	value bsoncore.Value,
	out *[]T,
	leer func(*T, []byte, bsoncore.Value) (bool, error),
) error {
	if value.Type == bson.TypeNull {
		return nil
	}
	_, resto, ok := bsoncore.ReadLength(value.Data)
	for ok && value.Type == bson.TypeArray && len(resto) > 1 {
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
	return siNo(ok && value.Type == bson.TypeArray)
}

// texto reads a string. Errors: errDocumento for another type.
func texto(value bsoncore.Value, out *string) error {
	s, ok := value.StringValueOK()
	*out = s
	return siNo(ok)
}

// entero reads a whole number of any BSON type. Errors: errDocumento for another type.
func entero(value bsoncore.Value, out *int64) error {
	n, ok := value.AsInt64OK()
	*out = n
	return siNo(ok)
}

// fecha reads a time, in UTC. Errors: errDocumento for another type.
func fecha(value bsoncore.Value, out *time.Time) error {
	n, ok := value.DateTimeOK()
	*out = time.UnixMilli(n).UTC()
	return siNo(ok)
}

// vence reads a time or null, which is nil. Errors: errDocumento for another type.
func vence(value bsoncore.Value, out **time.Time) error {
	if value.Type == bson.TypeNull {
		return nil
	}
	*out = new(time.Time)
	return fecha(value, *out)
}

// siNo is nil if ok, else errDocumento.
func siNo(ok bool) error {
	if ok {
		return nil
	}
	return errDocumento
}

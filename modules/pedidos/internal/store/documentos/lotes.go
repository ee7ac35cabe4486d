package documentos

import (
	"encoding/binary"

	"despensa/modules/pedidos/internal/existencias"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"
)

// LargoLotes is the length in bytes of the beginning of a document of stock that as a rule holds all of
// its batches; see Lotes.
const LargoLotes = 4096

// Lotes reads the batches alone out of the beginning of a document of stock, where they
// stand before its reservations and movements. ok is false when principio ends before the batches
// do, or is no document of stock: a principio shorter than LargoLotes is a whole document or a broken one.
func Lotes(principio []byte) (lotes []existencias.Lote, ok bool) {
	n, resto, ok := bsoncore.ReadLength(principio)
	ok = ok && (int(n) == len(principio) || len(principio) >= LargoLotes)
	for ok && len(resto) > 0 {
		var el bsoncore.Element
		if el, resto, ok = bsoncore.ReadElement(resto); !ok {
			return nil, false
		}
		valor, err := el.ValueErr()
		if err != nil {
			return nil, false
		}
		if el.Key() == "lotes" {
			err := lista(valor, &lotes, leerLote)
			return lotes, err == nil
		}
	}
	return nil, false
}

// BytesDeLote is the bytes that stand in the document of a movement that took goods out of the batch lote or
// put goods into it. No other member of a movement has the name "lote".
func BytesDeLote(lote string) []byte {
	d := append([]byte{byte(bson.TypeString)}, "lote\x00"...)
	d = binary.LittleEndian.AppendUint32(d, uint32(len(lote)+1))
	return append(append(d, lote...), 0)
}

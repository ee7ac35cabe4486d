package documentos

import (
	"bytes"
	"math"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store/storetest"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/bson"
	"pgregory.net/rapid"
)

// TestExistenciaBSON: the codec written by hand must write and read the same bytes as bson.Marshal and bson.Unmarshal
// do by the tags.
func TestExistenciaBSON(t *testing.T) {
	vence := time.Date(2027, 1, 2, 3, 4, 5, 6e6, time.UTC)
	llena := storetest.Existencia(3)
	llena.Movimientos = []existencias.Movimiento{
		{
			ID:       "a:1:b",
			Producto: "ñandú",
			Deposito: "d",
			Cantidad: math.MinInt64,
			Motivo:   "venta",
			Pedido:   "a",
			Vuelta:   2,
			Huella:   "h",
			En:       vence,
			Tomas: []existencias.Toma{
				{Lote: "", Vence: nil, Cantidad: 1},
				{Lote: "L", Vence: &vence, Cantidad: math.MaxInt64},
			},
		},
		{ID: "", Tomas: []existencias.Toma{}},
	}
	ajena := storetest.Existencia(1)
	ajena.Resto = map[string]any{"futuro": "sí"}
	casos := map[string]*existencias.Existencia{
		"new": existencias.New("p", "d"), "full": llena, "unknown members": ajena,
		"empty lists": {
			Lotes:    []existencias.Lote{},
			Reservas: []existencias.Reserva{{Tomas: []existencias.Toma{}}},
		},
	}
	for nombre, e := range casos {
		t.Run(nombre, func(t *testing.T) { compararCodec(t, e) })
	}
}

func TestExistenciaBSONDibujada(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := storetest.Existencia(rapid.IntRange(0, 12).Draw(t, "reservas"))
		for i := range e.Reservas {
			e.Reservas[i].Cantidad = rapid.Int64().Draw(t, "cantidad")
			e.Reservas[i].Pedido = rapid.StringN(0, 40, -1).Draw(t, "pedido")
			e.Reservas[i].Lenta = rapid.Bool().Draw(t, "lenta")
		}
		compararCodec(t, e)
	})
}

// compararCodec fails unless the codec writes and reads e as bson.Marshal and bson.Unmarshal do.
func compararCodec(t interface {
	Helper()
	Fatalf(string, ...any)
}, existencia *existencias.Existencia) {
	t.Helper()
	suyo, err := bson.Marshal(existencia)
	if err != nil {
		t.Fatalf("bson.Marshal: %v", err)
	}
	nuestro, err := Codificar(existencia)
	if err != nil || !bytes.Equal(suyo, nuestro) {
		t.Fatalf("Codificar differs from bson.Marshal (%v):\n%x\n%x", err, nuestro, suyo)
	}
	leido, err := Descodificar(suyo)
	if err != nil {
		t.Fatalf("Descodificar: %v", err)
	}
	otro, err := Decode[existencias.Existencia](suyo)
	if err != nil {
		t.Fatalf("bson.Unmarshal: %v", err)
	}
	if d := cmp.Diff(otro, leido); d != "" {
		t.Fatalf("Descodificar differs from bson.Unmarshal: %s", d)
	}
}

// TestExistenciaBSONRota: a document that is cut anywhere gives an error. A document with a spoilt byte never makes
// Descodificar panic.
func TestExistenciaBSONRota(t *testing.T) {
	doc, err := Codificar(storetest.Existencia(2))
	if err != nil {
		t.Fatal(err)
	}
	for i := range doc {
		if _, err := Descodificar(doc[:i]); err == nil {
			t.Errorf("%d bytes of a document were taken for a whole one", i)
		}
		roto := bytes.Clone(doc)
		roto[i] ^= 0x55
		_, _ = Descodificar(roto)
	}
}

// BenchmarkExistenciaBSON compares the codec with bson at 1,000 reservations.
func BenchmarkExistenciaBSON(b *testing.B) {
	e := storetest.Existencia(1000)
	doc, err := Codificar(e)
	if err != nil {
		b.Fatal(err)
	}
	for nombre, f := range map[string]func() error{
		"Codificar":    func() error { _, err := Codificar(e); return err },
		"bson":         func() error { _, err := bson.Marshal(e); return err },
		"Descodificar": func() error { _, err := Descodificar(doc); return err },
		"unbson":       func() error { _, err := Decode[existencias.Existencia](doc); return err },
	} {
		b.Run(nombre, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := f(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

package rest_test

import (
	"testing"

	"despensa/modules/pedidos/internal/rest"
	"despensa/platform/idempotency"
)

// TestABodyIsComparedWithItsOwn: the digest of an idempotency key covers reference and metadata, in any order
// of the metadata. A body without them has the digest that release 0.4.0 gave it.
func TestABodyIsComparedWithItsOwn(t *testing.T) {
	huella := func(n rest.NuevoPedido) string {
		k, err := idempotency.New("quien", "pedidos", "clave", n)
		if err != nil {
			t.Fatal(err)
		}
		return k.Fingerprint
	}
	de := func(referencia string, m rest.Metadatos) rest.NuevoPedido {
		return rest.NuevoPedido{DireccionID: casa, Referencia: referencia, Metadatos: m}
	}
	const antes = "e6f0ccfc23ec7ce0768181cbd4c3e57a7f89098a87c0102f7c2596a77bb7946a" // of release 0.4.0
	sin := huella(de("", nil))
	if sin != antes || huella(de("", rest.Metadatos{})) != antes {
		t.Errorf("without: %s", sin)
	}
	vistas := map[string]bool{sin: true}
	for nombre, n := range map[string]rest.NuevoPedido{
		"a reference": de("PO-1", nil), "another": de("PO-2", nil), "metadata": de("", rest.Metadatos{"a": "b", "c": "d"}),
		"other metadata": de("", rest.Metadatos{"a": "d", "c": "b"}), "fewer": de("", rest.Metadatos{"a": "b"}),
	} {
		if h := huella(n); vistas[h] {
			t.Errorf("%s: the digest of another body", nombre)
		} else {
			vistas[h] = true
		}
	}
	if huella(
		de("", rest.Metadatos{"c": "d", "a": "b"}),
	) != huella(
		de("", rest.Metadatos{"a": "b", "c": "d"}),
	) {
		t.Error("the order of metadata counts")
	}
}

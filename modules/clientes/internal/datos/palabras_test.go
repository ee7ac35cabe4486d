package datos

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"despensa/platform/seal"
)

const dichas = "me mudo a lo de Raúl"

// deAna are words about ana, in a place.
func deAna(texto string) seal.Words {
	return seal.Words{Owner: "ana", Place: "pedido.1.motivo", Text: texto}
}

func sellada(t *testing.T, banco *banco, words seal.Words) string {
	t.Helper()
	s, err := banco.SellarPalabras(t.Context(), words)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func abierta(ctx context.Context, t *testing.T, banco *banco, words seal.Words) string {
	t.Helper()
	textos, _ := banco.AbrirPalabras(ctx, []seal.Words{words})
	return textos[0]
}

func TestWordsOpenOnlyInTheirPlace(t *testing.T) {
	b := nuevoBanco(t)
	b.crear(t, ana)
	b.crear(t, Alta{ID: "beto", Sub: "auth|beto", Nombre: "Beto", Correo: "beto@example.com"})
	suya := sellada(t, b, deAna(dichas))
	casera := sellada(t, b, seal.Words{Place: "movimiento.1", Text: dichas})
	for _, s := range []string{suya, casera} {
		if !seal.Sealed(s) || seal.Pending(s) || strings.Contains(s, "mudo") ||
			bytes.Contains(b.bytes(t), []byte("mudo")) {
			t.Fatalf("sealed as %q", s)
		}
	}
	tests := map[string]struct {
		w      seal.Words
		quiero string
	}{
		"nothing":         {deAna(""), ""},
		"a code":          {deAna("pago-vencido"), "pago-vencido"},
		"words of before": {deAna(dichas), dichas},
		"a customer's":    {deAna(suya), dichas},
		"the house's":     {seal.Words{Place: "movimiento.1", Text: casera}, dichas},
		"of another customer": {
			seal.Words{Owner: "beto", Place: "pedido.1.motivo", Text: suya},
			seal.Broken,
		},
		"in another place": {
			seal.Words{Owner: "ana", Place: "pedido.2.motivo", Text: suya},
			seal.Broken,
		},
		"the house's elsewhere": {
			seal.Words{Place: "movimiento.2", Text: casera},
			seal.Broken,
		},
		"of a customer not there": {
			seal.Words{Owner: "nadie", Place: "pedido.1.motivo", Text: suya},
			seal.Erased,
		},
		"cut short": {deAna(suya[:20]), seal.Broken},
		"no base64": {deAna(seal.Stored(seal.Customer, "!")), seal.Broken},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			if hay := abierta(t.Context(), t, b, tt.w); hay != tt.quiero {
				t.Errorf("opens as %q, want %q", hay, tt.quiero)
			}
		})
	}
	if otra := sellada(t, b, deAna(suya)); otra != suya {
		t.Error("what is sealed is sealed again")
	}
}

// Many words are opened together, in their order, whatever becomes of one of them.
func TestWordsOpenTogether(t *testing.T) {
	b := nuevoBanco(t)
	b.crear(t, ana)
	suya := sellada(t, b, deAna(dichas))
	textos, err := b.AbrirPalabras(t.Context(),
		[]seal.Words{deAna("sin-stock"), deAna(suya), deAna(suya[:20]), deAna(suya)})
	if got := strings.Join(textos, ";"); got != "sin-stock;"+dichas+";"+seal.Broken+";"+dichas ||
		err == nil {
		t.Errorf("%q, %v", got, err)
	}
	if strings.Contains(err.Error(), "mudo") {
		t.Errorf("the error repeats the words: %v", err)
	}
}

func TestErasedWords(t *testing.T) {
	b := nuevoBanco(t)
	b.crear(t, ana)
	suya := sellada(t, b, deAna(dichas))
	lejos, fin := context.WithCancel(t.Context())
	fin()
	provisoria, err := b.SellarPalabras(lejos, deAna(dichas))
	if err != nil || !seal.Pending(provisoria) {
		t.Fatalf("%q %v", provisoria, err)
	}
	if err := b.sql(t, "delete from llaves where cliente = 'ana'"); err != nil {
		t.Fatal(err)
	}
	for nombre, s := range map[string]string{"sealed": suya, "for the time being": provisoria} {
		if hay := abierta(t.Context(), t, b, deAna(s)); hay != seal.Erased {
			t.Errorf("%s: opens as %q", nombre, hay)
		}
	}
	for _, s := range []string{dichas, provisoria} { // words that are sealed after the erasure are dropped
		if ida := sellada(t, b, deAna(s)); abierta(t.Context(), t, b, deAna(ida)) != seal.Erased ||
			len(ida) > 2 {
			t.Errorf("kept as %q", ida)
		}
	}
}

// TestWordsWhileTheKeysAreAway: while the store of the keys is away, words are sealed under the master key. None is
// lost, and none can be read in a file.
func TestWordsWhileTheKeysAreAway(t *testing.T) {
	b := nuevoBanco(t)
	b.crear(t, ana)
	suya := sellada(t, b, deAna(dichas))
	lejos, fin := context.WithCancel(t.Context())
	fin()
	provisoria, err := b.SellarPalabras(lejos, deAna(dichas))
	if err != nil || !seal.Pending(provisoria) || strings.Contains(provisoria, "mudo") {
		t.Fatalf("%q %v", provisoria, err)
	}
	if otra, err := b.SellarPalabras(lejos, deAna(provisoria)); err != nil ||
		otra != provisoria {
		t.Errorf("away still: %q %v", otra, err)
	}
	for _, s := range []string{suya, provisoria} {
		if hay := abierta(lejos, t, b, deAna(s)); hay != seal.Away {
			t.Errorf("opens as %q", hay)
		}
		if hay := abierta(t.Context(), t, b, deAna(s)); hay != dichas {
			t.Errorf("back again: opens as %q", hay)
		}
	}
	firme := sellada(t, b, deAna(provisoria))
	if seal.Pending(firme) || !seal.Sealed(firme) ||
		abierta(t.Context(), t, b, deAna(firme)) != dichas {
		t.Errorf("for good: %q", firme)
	}
}

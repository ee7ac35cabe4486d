package module

import (
	"net/http"
	"strings"
	"testing"
)

// TestAnotherCustomersEMail: an e-mail of another customer is refused without naming that customer, and the attempt is
// in the trail. A customer for whom the provider has confirmed the e-mail gets it all the same.
func TestAnotherCustomersEMail(t *testing.T) {
	b := nuevoBanco(t)
	cambiar := func(como, cuerpo string) (int, map[string]any, string) {
		w := b.pedir(t, pide{que: "PATCH /clientes/yo", como: como, cuerpo: cuerpo})
		return w.Code, miembros(t, w), w.Body.String()
	}
	if m := miembros(t, b.pedir(t, pide{que: "GET /clientes/yo", como: "ana"})); m["correo"] != "ana@example.com" ||
		m["correo_confirmado"] != true {
		t.Fatalf("%v", m)
	}
	estado, m, texto := cambiar("beto", `{"correo":"ANA@example.com"}`)
	if estado != http.StatusConflict || m["code"] != "dato-en-uso" ||
		!strings.Contains(texto, "body.correo") ||
		strings.Contains(strings.ToLower(texto), "ana@") {
		t.Errorf("%d %s", estado, texto)
	}
	as := b.apuntes(t, "&resultado=negado&accion=clientes.perfil.cambiar")
	if len(as) != 1 {
		t.Errorf("the attempt is recorded %d times", len(as))
	}
	if estado, m, texto = cambiar("beto", `{"correo":"beto@example.com"}`); estado != http.StatusOK ||
		m["correo_confirmado"] != false {
		t.Errorf("%d %s", estado, texto)
	}
	if estado, m, texto = cambiar("ana", `{"correo":"otra@example.com"}`); estado != http.StatusOK ||
		m["correo_confirmado"] != false {
		t.Errorf("%d %s", estado, texto)
	}
	// No customer has the address now. The provider has not confirmed it for beto.
	if estado, _, texto = cambiar("beto", `{"correo":"ana@example.com"}`); estado != http.StatusOK {
		t.Errorf("%d %s", estado, texto)
	}
	b.proveedor.caido.Store(true)
	if estado, _, texto = cambiar("ana", `{"correo":"ana@example.com"}`); estado != http.StatusConflict {
		t.Errorf("%d %s", estado, texto)
	}
	b.proveedor.caido.Store(false)
	if estado, m, texto = cambiar("ana", `{"correo":"ana@example.com"}`); estado != http.StatusOK ||
		m["correo_confirmado"] != true {
		t.Errorf("the provider says that it is theirs: %d %s", estado, texto)
	}
}

// TestAnEMailThatTheProviderDoubts: a new customer's e-mail that the provider has not confirmed, and that another
// customer has, is left out of the profile.
func TestAnEMailThatTheProviderDoubts(t *testing.T) {
	b := nuevoBanco(t)
	w := b.pedir(
		t,
		pide{que: "PATCH /clientes/yo", como: "beto", cuerpo: `{"correo":"ana@example.com"}`},
	)
	if w.Code != http.StatusOK {
		t.Fatal(w.Code, w.Body)
	}
	b.proveedor.duda.Store(true)
	if m := miembros(t, b.pedir(t, pide{que: "GET /clientes/yo", como: "ana"})); m["correo"] != "" ||
		m["correo_confirmado"] != false {
		t.Errorf("%v", m)
	}
}

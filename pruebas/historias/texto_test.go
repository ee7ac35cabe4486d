package historias_test

import (
	"net/url"
	"testing"

	"despensa/internal/apiclient"
	"despensa/pruebas/kit"
)

// TestTextAsPeopleWriteIt: products are found in every spelling of their names, and telephones and notes are taken as
// people write them.
func TestTextAsPeopleWriteIt(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	var p struct{ ID, Nombre string }
	c.Must("admin", "POST", "/productos", map[string]any{
		"nombre": "Pin\u0303o\u0301n tostado", "categoria": "Secos y Especi\u0301as", "precio_centavos": 1000, "iva": "21",
		"peso_gramos": 1, "volumen_ml": 1,
	}, &p)
	if p.Nombre != "Piñón tostado" {
		t.Errorf("kept as %+q", p.Nombre)
	}
	for _, filtro := range []string{
		"q=" + url.QueryEscape("piñón"), "q=pinon", "q=PIN%CC%83ON+tostado",
		"categoria=" + url.QueryEscape("secos y ESPECÍAS"),
	} {
		var hoja struct{ Datos []struct{ ID string } }
		c.Must("cliente1", "GET", "/productos?"+filtro, nil, &hoja)
		if len(hoja.Datos) != 1 || hoja.Datos[0].ID != p.ID {
			t.Errorf("%s finds %v", filtro, hoja.Datos)
		}
	}
	var yo struct{ Telefono string }
	c.Must(
		"cliente1",
		"PATCH",
		"/clientes/yo",
		map[string]any{"telefono": "(011) 4321-0000"},
		&yo,
		apiclient.IfMatch("*"),
	)
	if yo.Telefono != "+541143210000" {
		t.Errorf("telephone %q", yo.Telefono)
	}
	var casa struct{ ID, Notas string }
	c.Must("cliente1", "POST", "/clientes/yo/direcciones", map[string]any{
		"calle": "Yatay 1", "lat": -34.6, "lon": -58.4, "notas": "Timbre 2\r\n\tgolpear fuerte",
	}, &casa)
	if casa.Notas != "Timbre 2\n\tgolpear fuerte" {
		t.Errorf("notes %q", casa.Notas)
	}
	code := c.Code(
		"cliente1",
		"PATCH",
		"/clientes/yo",
		map[string]any{"correo": "CLIENTE2@testuser.com"},
		apiclient.IfMatch("*"),
	)
	if code != "dato-en-uso" {
		t.Errorf("another customer's e-mail: %q", code)
	}
}

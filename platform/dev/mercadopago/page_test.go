package mercadopago

import (
	"net/http"
	"strings"
	"testing"
)

func TestPesos(t *testing.T) {
	for c, quiero := range map[int64]string{
		0:              "$ 0,00",
		5:              "$ 0,05",
		99_999:         "$ 999,99",
		730_000:        "$ 7.300,00",
		123_456_789_01: "$ 123.456.789,01",
	} {
		if tengo := pesos(c); tengo != quiero {
			t.Errorf("%d: %s", c, tengo)
		}
	}
}

// TestButtonsThatDoNothingSayWhy: the page says why a button had no effect.
func TestButtonsThatDoNothingSayWhy(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	id := b.debito("p-1")
	tests := map[string]struct {
		ruta, cuerpo, origen string
		estado               int
		dice                 string
	}{
		"paid already":  {"/_pagina/" + id, "que=pagar", "", 409, textDecided},
		"no such order": {"/_pagina/ORD1", "que=vencer", "", 404, textDecided},
		"no such deed":  {"/_pagina/" + id, "que=regalar", "", 400, textNone},
		"an amount in air": {
			"/_pagina/" + id,
			"que=devolver&monto=mucho",
			"",
			400,
			textAmount,
		},
		"more than is left": {
			"/_pagina/" + id,
			"que=devolver&monto=900000.00",
			"",
			400,
			textAmount,
		},
		"another site": {
			"/_pagina/" + id,
			"que=devolver",
			"https://mal.example",
			403,
			textForeign,
		},
		"no such fault": {"/_fallas", "que=agregar&clase=x", "", 400, textFailure},
		"not so often": {
			"/_fallas",
			"que=agregar&clase=null&veces=x",
			"",
			400,
			textFailure,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			cab := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
			if tt.origen != "" {
				cab["Origin"] = tt.origen
			}
			estado, pagina := b.llamar(http.MethodPost, tt.ruta, tt.cuerpo, cab)
			if estado != tt.estado ||
				!strings.Contains(pagina, `role="alert" class="alerta">`+tt.dice) ||
				!strings.Contains(pagina, id) {
				t.Errorf("HTTP %d: %s", estado, pagina)
			}
		})
	}
	if l := b.libro(); l[0].Reembolsado != 0 {
		t.Errorf("%+v", l)
	}
}

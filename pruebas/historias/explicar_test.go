package historias_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"despensa/internal/programa"
	devoidc "despensa/platform/dev/oidc"
	"despensa/pruebas/kit"
)

// TestExplain: the page that explains an order to an operator, through the real program.
func TestExplain(t *testing.T) {
	t.Parallel()
	c := kit.Start(t)
	entregado, a, _ := c.Delivered()
	c.Return("cliente1", entregado.ID, []kit.Line{{Producto: a.Producto, Cantidad: 1}})
	rehusado := c.Order(
		"cliente2",
		c.NewPurchase("cliente2", kit.PayingWith(c.WithCard("FUND"))),
	)
	c.Await("cliente2", rehusado.ID, "fallido")
	c.Must(
		"cliente2",
		"POST",
		"/pedidos/"+rehusado.ID+"/reintento",
		map[string]any{"pago": c.WithCard("SECU")},
		nil,
	)
	c.Until("it is refused again", func() bool {
		p := c.See("cliente2", rehusado.ID)
		return p.Estado == "fallido" && p.Intento == 2
	})
	cancelado := c.Order("cliente3", c.NewPurchase("cliente3"))
	c.Await("cliente3", cancelado.ID, "confirmado")
	c.Must("cliente3", "POST", "/pedidos/"+cancelado.ID+"/cancelacion",
		map[string]any{"motivo": "se mudó Ana a Belgrano 123"}, nil)
	dosFallas := c.Order("cliente4", c.NewPurchase("cliente4"))
	fallarVisita(c.Client, dosFallas.ID)
	fallarVisita(c.Client, dosFallas.ID)
	c.Reconcile(nil)

	casos := map[string]struct {
		p       kit.Order
		dice    []string
		callado bool // the page finds nothing odd
	}{
		"delivered, a return asked for": {p: entregado,
			dice: []string{
				"Estado     entregado",
				"entregar  en_reparto → entregado",
				"vigente",
				"la pasarela (mercadopago) dice cobrada; referencia " + entregado.ID + "-1",
				"venta",
				"1  entregada el 2026-03-03",
				"devolución pedida",
				"espera desde hace",
				"Se puede   reembolsar, devolver",
			}},
		"failed twice": {p: rehusado,
			dice: []string{"Estado     fallido", "pago-rechazado", "2 de 3",
				"En el intento 1 el pago fue rechazado: sin-fondos.", "En el intento 2 el pago fue rechazado",
				"espera que el cliente lo reintente, hasta el 04/03", "terminado y deshecho", "nada reservado ni movido"}},
		"cancelled": {p: cancelado, callado: true,
			dice: []string{
				"Estado     cancelado",
				"[a-pedido]",
				"devolucion",
				"1  liberada",
				"terminado y deshecho",
			}},
		"two failed visits": {p: dosFallas,
			dice: []string{
				"Estado     confirmado",
				"reprogramar  en_reparto → confirmado",
				"3  firme",
				"La visita 1 falló el 2026-03-03",
				"La visita 2 falló",
				"visitas [1 2 3]",
			}},
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			codigo, pagina, errores := kit.Run(
				t,
				[]string{"DESPENSA_URL=" + c.URL},
				"explicar",
				x.p.Codigo,
			)
			if codigo != 0 {
				t.Fatalf("exit %d: %s", codigo, errores)
			}
			for _, s := range append(x.dice, x.p.Codigo, x.p.ID) {
				if !strings.Contains(pagina, s) {
					t.Errorf("does not say %q:\n%s", s, pagina)
				}
			}
			if callado := strings.Contains(pagina, "Nada: todo está como corresponde."); callado != x.callado {
				t.Errorf("nothing odd: %v\n%s", callado, pagina)
			}
			sinDatosPersonales(t, pagina)
			if testing.Verbose() {
				t.Log("\n" + pagina)
			}
		})
	}
	explicarDeOtrasFormas(c, t, entregado)
}

// sinDatosPersonales looks in pagina for the customers' names, addresses, e-mails and words.
func sinDatosPersonales(t *testing.T, pagina string) {
	t.Helper()
	ajenas := append(
		[]string{"@testuser.com", "mudó", "Belgrano", "vino abierto", "nadie abrió"},
		programa.Calles...)
	for _, i := range devoidc.Logins() {
		ajenas = append(ajenas, i.Nombre)
	}
	for _, s := range ajenas {
		if strings.Contains(pagina, s) {
			t.Errorf("shows %q:\n%s", s, pagina)
		}
	}
}

// explicarDeOtrasFormas: the command as JSON, by id, with a token of the operator's own, and with wrong arguments.
func explicarDeOtrasFormas(program *kit.Program, t *testing.T, order kit.Order) {
	esta := []string{"DESPENSA_URL=" + program.URL}
	codigo, salida, errores := kit.Run(t, esta, "explicar", order.ID, "--json")
	var k struct {
		Pedido  kit.Order         `json:"pedido"`
		Eventos []kit.Event       `json:"eventos"`
		Pagos   []json.RawMessage `json:"pagos"`
		Avisos  []string          `json:"llama_la_atencion"`
	}
	if err := json.Unmarshal([]byte(salida), &k); codigo != 0 || err != nil ||
		k.Pedido.ID != order.ID ||
		len(k.Pagos) != 1 ||
		len(k.Avisos) == 0 {
		t.Errorf("exit %d, %v: %s%s", codigo, err, salida, errores)
	}
	if es := kit.Steps(k.Eventos); !strings.HasPrefix(es, "creado preprocesar autorizar") {
		t.Errorf("events %q", es)
	}
	sinDatosPersonales(t, salida)

	archivo := program.File("token")
	_, token, _ := kit.Run(t, esta, "token", "operador")
	if err := os.WriteFile(archivo, []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
	codigo, salida, errores = kit.Run(
		t,
		esta,
		"explicar",
		"--token-file",
		archivo,
		order.Codigo,
	)
	if codigo != 0 || !strings.Contains(salida, "no se ven: visitas") {
		t.Errorf("as operador: exit %d: %s%s", codigo, salida, errores)
	}

	otro := "0"
	if strings.HasSuffix(order.Codigo, "0") {
		otro = "1"
	}
	for nombre, x := range map[string]struct {
		args   []string
		codigo int
		dice   string
	}{
		"nothing named":    {codigo: 2, dice: "CODIGO"},
		"two orders":       {args: []string{order.Codigo, order.Codigo}, codigo: 2, dice: "one order"},
		"no code":          {args: []string{"hola"}, codigo: 2, dice: "ten characters"},
		"misread":          {args: []string{order.Codigo[:9] + otro}, codigo: 2, dice: "misread"},
		"in small letters": {args: []string{strings.ToLower(order.Codigo)}, codigo: 0, dice: ""},
		"nobody's code":    {args: []string{"0000000000"}, codigo: 1, dice: "no such order"},
		"nobody's id":      {args: []string{"0198c0de-0000-7000-8000-000000000001"}, codigo: 1, dice: "no such order"},
		"no such file": {
			args:   []string{"--token-file", archivo + "x", order.Codigo},
			codigo: 2,
			dice:   "--token-file",
		},
		"unknown flag, at last": {args: []string{order.Codigo, "--volar"}, codigo: 2, dice: "--volar"},
	} {
		if codigo, salida, errores := kit.Run(t, esta, append([]string{"explicar"}, x.args...)...); codigo != x.codigo ||
			!strings.Contains(errores, x.dice) {
			t.Errorf(
				"%s: exit %d, want %d and %q: %s%s",
				nombre,
				codigo,
				x.codigo,
				x.dice,
				salida,
				errores,
			)
		}
	}
	if codigo, _, _ := kit.Run(t, []string{"DESPENSA_URL=http://127.0.0.1:1"}, "explicar", order.Codigo); codigo != 1 {
		t.Errorf("nobody answers: exit %d", codigo)
	}
	program.Clock.Advance(15 * time.Hour)
	if _, salida, _ := kit.Run(t, esta, "explicar", order.Codigo); !strings.Contains(salida, "espera desde hace 15 h") {
		t.Errorf("fifteen hours later: %s", salida)
	}
}

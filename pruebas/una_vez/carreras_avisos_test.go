package una_vez_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"despensa/internal/ajustes"
	"despensa/pruebas/kit"

	"github.com/google/uuid"
)

// noticia is one webhook, as the gateway signs it.
type noticia struct{ orden, accion, solicitud string }

// avisar sends a webhook and gives the status of the answer. It may be called in any
// goroutine.
func avisar(program *kit.Program, noticia noticia) (int, error) {
	ts := fmt.Sprint(program.Clock.Now().UnixMilli())
	m := hmac.New(sha256.New, []byte(program.Programa.Ajustes.MercadoPago.Secreto.Value()))
	fmt.Fprintf(m, "id:%s;request-id:%s;ts:%s;", noticia.orden, noticia.solicitud, ts)
	q := url.Values{"data.id": {noticia.orden}, "type": {"order"}}
	cuerpo := fmt.Sprintf(
		`{"action":%q,"type":"order","data":{"id":%q}}`,
		noticia.accion,
		noticia.orden,
	)
	r, err := http.NewRequestWithContext(
		program.T.Context(),
		"POST",
		program.URL+"/api/v1/pagos/avisos/mercadopago?"+q.Encode(),
		strings.NewReader(cuerpo),
	)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Request-Id", noticia.solicitud)
	r.Header.Set("X-Signature", "ts="+ts+",v1="+hex.EncodeToString(m.Sum(nil)))
	res, err := program.HTTP.Do(r)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

// soloAvisos sets the polls so far apart that the program learns of a payment only by the notices of the test.
func soloAvisos(program *kit.Program) {
	kit.WithSettings(func(k *ajustes.Configuracion) {
		k.Pagos.SondeoMin, k.Pagos.SondeoMax = time.Hour, time.Hour
		k.Pedidos.MaxLentos = 1000
	})(program)
}

// boleta is an order that waits for its voucher to be paid.
func boleta(program *kit.Program, compra kit.Body) kit.Order {
	program.T.Helper()
	p := program.Order("cliente1", compra)
	return program.Await("cliente1", p.ID, "pago_pendiente")
}

const historiaBoleta = "creado preprocesar esperar_pago autorizar aceptar confirmar"

// TestOneWebhookFiftyTimes: the same signed notice fifty times at once, and again when
// everything is over.
func TestOneWebhookFiftyTimes(t *testing.T) {
	t.Parallel()
	kit.Twice(t, func(c *kit.Program) {
		antes := c.Stock()
		c.Simulate(map[string]any{"avisos": map[string]any{"perder": 1}})
		p := boleta(
			c,
			c.NewPurchase("cliente1", kit.PayingWith(map[string]any{"metodo": "efectivo"})),
		)
		n := noticia{
			orden:     c.InLedger(p.ID).ID,
			accion:    "order.processed",
			solicitud: uuid.NewString(),
		}
		kit.Decides("pagar")(c, p.ID)
		cincuenta := func() {
			for _, s := range kit.Together(50, func(int) int { s, _ := avisar(c, n); return s }) {
				if s != 200 {
					c.T.Errorf("a notice was answered %d", s)
				}
			}
		}
		cincuenta()
		unCobro(c, p.ID)
		cincuenta()
		c.LookedAt(p.ID)
		unCobro(c, p.ID)
		if es := kit.Steps(c.History("cliente1", p.ID)); es != historiaBoleta {
			c.T.Errorf("history %q", es)
		}
		c.Reconcile(antes)
	}, soloAvisos)
}

// TestWebhooksInDisorder: the gateway itself sends every notice fifty times, late and in any order, for payments with
// every outcome.
func TestWebhooksInDisorder(t *testing.T) {
	t.Parallel()
	kit.Twice(t, func(c *kit.Program) {
		antes := c.Stock()
		c.Simulate(
			map[string]any{
				"avisos": map[string]any{"repetir": 49, "desordenar": true, "demora_ms": 10},
			},
		)
		efectivo := map[string]any{"metodo": "efectivo"}
		for que, estado := range map[string]string{"pagar": "confirmado", "rechazar": "fallido", "vencer": "fallido"} {
			p := boleta(c, c.NewPurchase("cliente1", kit.PayingWith(efectivo)))
			kit.Decides(que)(c, p.ID)
			c.Await("cliente1", p.ID, estado)
		}
		entregado := c.Order("cliente1", c.NewPurchase("cliente1"))
		c.Deliver("cliente1", entregado.ID)
		c.Reconcile(antes)
	})
}

// TestEveryOrderOfArrival: a payment and its three notices, in each of the 24 orders in
// which they can come.
func TestEveryOrderOfArrival(t *testing.T) {
	t.Parallel()
	kit.Twice(t, func(c *kit.Program) {
		antes := c.Stock()
		c.Simulate(map[string]any{"avisos": map[string]any{"perder": 1}})
		compra := c.NewPurchase(
			"cliente1",
			kit.PayingWith(map[string]any{"metodo": "efectivo"}),
		)
		var ids []string
		for _, orden := range permutaciones([]string{"pagar", "order.action_required", "order.updated", "order.processed"}) {
			p := boleta(c, compra)
			llegan(c, p.ID, orden)
			ids = append(ids, p.ID)
		}
		for _, id := range ids {
			unCobro(c, id)
			if es := kit.Steps(c.History("cliente1", id)); es != historiaBoleta {
				c.T.Errorf("history %q", es)
			}
		}
		c.Reconcile(antes)
	}, soloAvisos)
}

// llegan lets the events of a payment happen in the order of orden.
func llegan(program *kit.Program, id string, orden []string) {
	program.T.Helper()
	en := program.InLedger(id).ID
	for _, que := range orden {
		if que == "pagar" {
			kit.Decides(que)(program, id)
			continue
		}
		if s, err := avisar(program, noticia{orden: en, accion: que, solicitud: uuid.NewString()}); err != nil ||
			s != 200 {
			program.T.Fatalf("a notice was answered %d %v", s, err)
		}
	}
}

// permutaciones are all orders of xs.
func permutaciones(xs []string) (out [][]string) {
	if len(xs) == 0 {
		return [][]string{nil}
	}
	for i, x := range xs {
		for _, resto := range permutaciones(slices.Delete(slices.Clone(xs), i, i+1)) {
			out = append(out, append([]string{x}, resto...))
		}
	}
	return out
}

//go:build !race

package main

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

	"github.com/google/uuid"
)

// noticia is one webhook, as the gateway signs it.
type noticia struct{ orden, accion, solicitud string }

// avisar sends a webhook and gives the status of the answer. It may be called in any
// goroutine.
func (c *casa) avisar(n noticia) (int, error) {
	ts := fmt.Sprint(c.reloj.Ahora().UnixMilli())
	m := hmac.New(sha256.New, []byte(c.p.c.MercadoPago.Secreto.Valor()))
	fmt.Fprintf(m, "id:%s;request-id:%s;ts:%s;", n.orden, n.solicitud, ts)
	q := url.Values{"data.id": {n.orden}, "type": {"order"}}
	cuerpo := fmt.Sprintf(`{"action":%q,"type":"order","data":{"id":%q}}`, n.accion, n.orden)
	r, err := http.NewRequestWithContext(c.t.Context(), "POST", c.url+"/api/v1/pagos/avisos/mercadopago?"+q.Encode(), strings.NewReader(cuerpo))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Request-Id", n.solicitud)
	r.Header.Set("X-Signature", "ts="+ts+",v1="+hex.EncodeToString(m.Sum(nil)))
	res, err := c.http.Do(r)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

// soloAvisos: nobody polls the gateway, and it says nothing by itself.
func soloAvisos(c *casa) {
	conAjustes(func(k *Configuracion) {
		k.Pagos.SondeoMin, k.Pagos.SondeoMax = time.Hour, time.Hour
		k.Pedidos.MaxLentos = 1000
	})(c)
}

// boleta is an order that waits for its voucher to be paid.
func (c *casa) boleta(compra compra) pedido {
	c.t.Helper()
	p := c.pedir("cliente1", compra)
	return c.esperar("cliente1", p.ID, "pago_pendiente")
}

const historiaBoleta = "creado preprocesar esperar_pago autorizar aceptar confirmar"

// TestOneWebhookFiftyTimes: the same signed notice fifty times at once, and again when
// everything is over.
func TestOneWebhookFiftyTimes(t *testing.T) {
	t.Parallel()
	dosVeces(t, func(c *casa) {
		antes := c.foto()
		c.simular(map[string]any{"avisos": map[string]any{"perder": 1}})
		p := c.boleta(c.comprar("cliente1", pagando(map[string]any{"metodo": "efectivo"})))
		n := noticia{c.enElLibro(p.ID).ID, "order.processed", uuid.NewString()}
		seDecide("pagar")(c, p.ID)
		cincuenta := func() {
			for _, s := range juntos(50, func(int) int { s, _ := c.avisar(n); return s }) {
				if s != 200 {
					c.t.Errorf("a notice was answered %d", s)
				}
			}
		}
		cincuenta()
		c.unCobro(p.ID)
		cincuenta()
		c.mirado(p.ID)
		c.unCobro(p.ID)
		if es := pasos(c.historia("cliente1", p.ID)); es != historiaBoleta {
			c.t.Errorf("history %q", es)
		}
		c.cuadrar(antes)
	}, soloAvisos)
}

// TestWebhooksInDisorder: the gateway itself sends every notice fifty times, late and in
// any order, for payments that end in every way.
func TestWebhooksInDisorder(t *testing.T) {
	t.Parallel()
	dosVeces(t, func(c *casa) {
		antes := c.foto()
		c.simular(map[string]any{"avisos": map[string]any{"repetir": 49, "desordenar": true, "demora_ms": 10}})
		efectivo := map[string]any{"metodo": "efectivo"}
		for que, estado := range map[string]string{"pagar": "confirmado", "rechazar": "fallido", "vencer": "fallido"} {
			p := c.boleta(c.comprar("cliente1", pagando(efectivo)))
			seDecide(que)(c, p.ID)
			c.esperar("cliente1", p.ID, estado)
		}
		entregado := c.pedir("cliente1", c.comprar("cliente1"))
		c.entregarlo("cliente1", entregado.ID)
		c.cuadrar(antes)
	})
}

// TestEveryOrderOfArrival: a payment and its three notices, in each of the 24 orders in
// which they can come.
func TestEveryOrderOfArrival(t *testing.T) {
	t.Parallel()
	dosVeces(t, func(c *casa) {
		antes := c.foto()
		c.simular(map[string]any{"avisos": map[string]any{"perder": 1}})
		compra := c.comprar("cliente1", pagando(map[string]any{"metodo": "efectivo"}))
		var ids []string
		for _, orden := range permutaciones([]string{"pagar", "order.action_required", "order.updated", "order.processed"}) {
			p := c.boleta(compra)
			c.llegan(p.ID, orden)
			ids = append(ids, p.ID)
		}
		for _, id := range ids {
			c.unCobro(id)
			if es := pasos(c.historia("cliente1", id)); es != historiaBoleta {
				c.t.Errorf("history %q", es)
			}
		}
		c.cuadrar(antes)
	}, soloAvisos)
}

// llegan lets what happens to a payment happen in this order.
func (c *casa) llegan(id string, orden []string) {
	c.t.Helper()
	en := c.enElLibro(id).ID
	for _, que := range orden {
		if que == "pagar" {
			seDecide(que)(c, id)
			continue
		}
		if s, err := c.avisar(noticia{en, que, uuid.NewString()}); err != nil || s != 200 {
			c.t.Fatalf("a notice was answered %d %v", s, err)
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

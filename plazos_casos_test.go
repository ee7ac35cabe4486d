//go:build !race

package main

import (
	"time"

	"despensa/internal/apiclient"
)

func plazos() map[string]plazo {
	out := plazosDePago()
	for nombre, x := range plazosDeCamion() {
		out[nombre] = x
	}
	return out
}

// The settings.
func kEfectivo(k *Configuracion) *time.Duration      { return &k.Pedidos.Plazos.Efectivo }
func kTransferencia(k *Configuracion) *time.Duration { return &k.Pedidos.Plazos.Transferencia }
func kTarjeta(k *Configuracion) *time.Duration       { return &k.Pedidos.Plazos.Tarjeta }
func kPasarela(k *Configuracion) *time.Duration      { return &k.Pedidos.Plazos.Pasarela }
func kSinCamion(k *Configuracion) *time.Duration     { return &k.Pedidos.Plazos.SinCamion }
func kReintento(k *Configuracion) *time.Duration     { return &k.Pedidos.Plazos.Reintento }
func kSalida(k *Configuracion) *time.Duration        { return &k.Pedidos.Plazos.Salida }
func kReparto(k *Configuracion) *time.Duration       { return &k.Pedidos.Plazos.Reparto }

func plazosDePago() map[string]plazo {
	return map[string]plazo{
		"a voucher that nobody pays": {preparar: impago("efectivo"), clave: kEfectivo,
			en: "pago_pendiente", estado: "fallido", motivo: "pago-vencido"},
		"a voucher, and the gateway is down at the end": {preparar: impagoYCaida, clave: kEfectivo,
			en: "pago_pendiente", estado: "fallido", motivo: "pago-vencido", luego: seLevanta},
		"a transfer that nobody makes": {preparar: impago("transferencia"), clave: kTransferencia,
			en: "pago_pendiente", estado: "fallido", motivo: "pago-vencido"},
		"a card in process, approved too late": {preparar: enProceso, clave: kTarjeta,
			en: "pago_pendiente", estado: "fallido", motivo: "pago-vencido", luego: seDecide("pagar")},
		"a card in process, declined too late": {preparar: enProceso, clave: kTarjeta,
			en: "pago_pendiente", estado: "fallido", motivo: "pago-vencido", luego: seDecide("rechazar")},
		"the gateway is down": {preparar: sinPasarela("caida"), clave: kPasarela,
			en: "preprocesado", estado: "fallido", motivo: "sin-pasarela", luego: seLevanta},
		"the gateway never answers": {preparar: sinPasarela("silencio"), clave: kPasarela,
			ajuste: func(k *Configuracion) { k.Pagos.Plazo = 50 * time.Millisecond },
			en:     "preprocesado", estado: "fallido", motivo: "sin-pasarela", luego: seLevanta},
		"the gateway is down when the money is to be taken": {preparar: sinCaptura, puerta: "pasarela.capturar", clave: kPasarela,
			en: "aceptado", estado: "fallido", motivo: "sin-pasarela", luego: seLevanta},
		"a refusal that nobody mends": {preparar: sinReintento, clave: kReintento,
			en: "fallido", estado: "rechazado", motivo: "pago-rechazado.sin-fondos"},
	}
}

func plazosDeCamion() map[string]plazo {
	return map[string]plazo{
		"no truck at all": {preparar: sinCamiones, clave: kSinCamion,
			en: "creado", estado: "fallido", motivo: "sin-camion"},
		"a load that no truck takes": {preparar: muyPesado, clave: kSinCamion,
			en: "creado", estado: "fallido", motivo: "sin-camion"},
		"no truck once the money is reserved": {preparar: sinCamionesLuego, puerta: "pasarela.crear", clave: kSinCamion,
			en: "autorizado", estado: "fallido", motivo: "sin-camion"},
		"left behind, and no other truck once the money is taken": {preparar: dejadoAtras, puerta: "pasarela.capturar", clave: kSinCamion,
			en: "aceptado", estado: "fallido", motivo: "sin-camion", luego: llegaElOtro},
		"no departure": {preparar: sinSalida, clave: kSalida, ajuste: func(k *Configuracion) { k.Rutas.Cierre = time.Hour },
			en: "confirmado", estado: "cancelado", motivo: "sin-salida"},
		"no departure, and no truck for another visit": {preparar: sinOtraVisita, clave: kSalida,
			en: "confirmado", estado: "cancelado", motivo: "sin-camion"},
		"no outcome": {preparar: sinResultado, clave: kReparto,
			en: "en_reparto", estado: "devuelto", motivo: "sin-resultado", luego: vuelveElCamion},
	}
}

func impago(metodo string) func(*casa, *puerta) espera {
	return func(c *casa, _ *puerta) espera {
		compra := c.comprar("cliente1", pagando(map[string]any{"metodo": metodo}))
		return c.esperando("pago_pendiente", func() pedido { return c.pedir("cliente1", compra) })
	}
}

func impagoYCaida(c *casa, g *puerta) espera {
	e := impago("efectivo")(c, g)
	c.simular(map[string]any{"caida": true})
	return e
}

func enProceso(c *casa, _ *puerta) espera {
	compra := c.comprar("cliente1", pagando(c.conTarjeta("CONT")))
	return c.esperando("pago_pendiente", func() pedido { return c.pedir("cliente1", compra) })
}

// simular changes how the gateway behaves.
func (s *sitio) simular(ajustes map[string]any) {
	s.t.Helper()
	if err := s.alSimulador(s.t.Context(), "POST", "/_control", ajustes, nil); err != nil {
		s.t.Fatal(err)
	}
}

func seLevanta(c *casa, _ string) { c.simular(map[string]any{"caida": false, "silencio": false}) }

// seDecide lets the gateway make up its mind about a payment.
func seDecide(que string) func(*casa, string) {
	return func(c *casa, id string) {
		if err := c.alSimulador(c.t.Context(), "POST", "/_control/ordenes/"+c.enElLibro(id).ID+"/"+que, nil, nil); err != nil {
			c.t.Fatal(err)
		}
	}
}

// enElLibro is the gateway's row of an order's first intento.
func (s *sitio) enElLibro(id string) asiento {
	s.t.Helper()
	for _, a := range s.libro() {
		if a.Referencia == id+"-1" {
			return a
		}
	}
	s.t.Fatalf("the gateway does not know %s", id)
	return asiento{}
}

func sinPasarela(como string) func(*casa, *puerta) espera {
	return func(c *casa, _ *puerta) espera {
		compra := c.comprar("cliente1")
		c.simular(map[string]any{como: true})
		return c.esperando("preprocesado", func() pedido { return c.pedir("cliente1", compra) })
	}
}

func sinCaptura(c *casa, g *puerta) espera {
	p := c.retener(g, c.comprar("cliente1"))
	c.simular(map[string]any{"caida": true})
	return c.esperando("aceptado", func() pedido { g.abrir(); return p })
}

func sinReintento(c *casa, _ *puerta) espera {
	compra := c.comprar("cliente1", pagando(c.conTarjeta("FUND")))
	return c.esperando("fallido", func() pedido { return c.pedir("cliente1", compra) })
}

// pararCamiones takes every truck out of service.
func (s *sitio) pararCamiones() {
	s.t.Helper()
	for _, m := range todas[struct {
		ID string `json:"id"`
	}](s, "gestor", "/camiones") {
		s.debe("gestor", "PATCH", "/camiones/"+m.ID, map[string]any{"activo": false}, nil, apiclient.SiCoincide("*"))
	}
}

func sinCamiones(c *casa, _ *puerta) espera {
	compra := c.comprar("cliente1")
	c.pararCamiones()
	return c.esperando("creado", func() pedido { return c.pedir("cliente1", compra) })
}

// muyPesado orders five tonnes.
func muyPesado(c *casa, _ *puerta) espera {
	var ancla producto
	c.debe("admin", "POST", "/productos", map[string]any{"nombre": "Ancla", "categoria": "prueba", "precio_centavos": 12345,
		"iva": "21", "peso_gramos": 50_000, "volumen_ml": 600, "frio": false}, &ancla)
	c.debe("admin", "POST", "/productos/"+ancla.ID+"/movimientos", map[string]any{"cantidad": 100, "motivo": "compra"}, nil)
	compra := c.comprar("cliente1", lineas(linea{ancla.ID, 100}))
	return c.esperando("creado", func() pedido { return c.pedir("cliente1", compra) })
}

func sinCamionesLuego(c *casa, g *puerta) espera {
	p := c.retener(g, c.comprar("cliente1"))
	c.pararCamiones()
	return c.esperando("autorizado", func() pedido { g.abrir(); return p })
}

// dejadoAtras: the truck leaves with another order while this one's money is being taken.
func dejadoAtras(c *casa, g *puerta) espera {
	otro := c.pedir("cliente1", c.comprar("cliente1"))
	c.esperar("cliente1", otro.ID, "confirmado")
	p := c.retener(g, c.comprar("cliente1"))
	c.salir(c.visitaDe(otro.ID))
	c.esperar("cliente1", otro.ID, "en_reparto")
	c.pararCamiones()
	return c.esperando("aceptado", func() pedido { g.abrir(); return p })
}

// llegaElOtro: the order that the truck took is delivered.
func llegaElOtro(c *casa, _ string) {
	for _, v := range todas[visita](c.sitio, "gestor", "/visitas?estado=en_camino") {
		c.llegar(v, "")
		c.esperar("operador", v.PedidoID, "entregado")
	}
}

// confirmado is a confirmed order; the end of its window is when its waiting begins.
func confirmado(c *casa) (espera, visita) {
	p := c.pedir("cliente1", c.comprar("cliente1"))
	p = c.esperar("cliente1", p.ID, "confirmado")
	return espera{p.ID, p.Entrega.Hasta, p.Entrega.Hasta}, c.visitaDe(p.ID)
}

func sinSalida(c *casa, _ *puerta) espera {
	e, _ := confirmado(c)
	return e
}

// sinOtraVisita: the shift ends without a departure when no truck is left.
func sinOtraVisita(c *casa, _ *puerta) espera {
	e, v := confirmado(c)
	c.pararCamiones()
	c.perder(v)
	c.mirado(e.id)
	return e
}

func sinResultado(c *casa, _ *puerta) espera {
	e, v := confirmado(c)
	c.salir(v)
	c.esperar("cliente1", e.id, "en_reparto")
	return e
}

// vuelveElCamion: the driver says at last that nobody was at home.
func vuelveElCamion(c *casa, id string) { c.llegar(c.visitaDe(id), "nadie abrió") }

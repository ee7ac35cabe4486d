package historias_test

import (
	"time"

	"despensa/internal/ajustes"
	"despensa/pruebas/kit"
)

func plazos() map[string]plazo {
	out := plazosDePago()
	for nombre, x := range plazosDeCamion() {
		out[nombre] = x
	}
	return out
}

// kEfectivo and the functions k… below return the settings under test: one deadline each.
func kEfectivo(configuracion *ajustes.Configuracion) *time.Duration {
	return &configuracion.Pedidos.Plazos.Efectivo
}

func kTransferencia(configuracion *ajustes.Configuracion) *time.Duration {
	return &configuracion.Pedidos.Plazos.Transferencia
}

func kTarjeta(configuracion *ajustes.Configuracion) *time.Duration {
	return &configuracion.Pedidos.Plazos.Tarjeta
}

func kPasarela(configuracion *ajustes.Configuracion) *time.Duration {
	return &configuracion.Pedidos.Plazos.Pasarela
}

func kSinCamion(configuracion *ajustes.Configuracion) *time.Duration {
	return &configuracion.Pedidos.Plazos.SinCamion
}

func kReintento(configuracion *ajustes.Configuracion) *time.Duration {
	return &configuracion.Pedidos.Plazos.Reintento
}

func kSalida(configuracion *ajustes.Configuracion) *time.Duration {
	return &configuracion.Pedidos.Plazos.Salida
}

func kReparto(configuracion *ajustes.Configuracion) *time.Duration {
	return &configuracion.Pedidos.Plazos.Reparto
}

// plazosDePago are the deadlines of payments.
func plazosDePago() map[string]plazo {
	return map[string]plazo{
		"a voucher that nobody pays": {preparar: impago("efectivo"), clave: kEfectivo,
			en: "pago_pendiente", estado: "fallido", motivo: "pago-vencido"},
		"a voucher, and the gateway is down at the end": {
			preparar: impagoYCaida,
			clave:    kEfectivo,
			en:       "pago_pendiente",
			estado:   "fallido",
			motivo:   "pago-vencido",
			luego:    seLevanta,
		},
		"a transfer that nobody makes": {
			preparar: impago("transferencia"),
			clave:    kTransferencia,
			en:       "pago_pendiente",
			estado:   "fallido",
			motivo:   "pago-vencido",
		},
		"a card in process, approved too late": {preparar: enProceso, clave: kTarjeta,
			en: "pago_pendiente", estado: "fallido", motivo: "pago-vencido", luego: kit.Decides("pagar")},
		"a card in process, declined too late": {preparar: enProceso, clave: kTarjeta,
			en: "pago_pendiente", estado: "fallido", motivo: "pago-vencido", luego: kit.Decides("rechazar")},
		"the gateway is down": {preparar: sinPasarela("caida"), clave: kPasarela,
			en: "preprocesado", estado: "fallido", motivo: "sin-pasarela", luego: seLevanta},
		"the gateway never answers": {preparar: sinPasarela("silencio"), clave: kPasarela,
			ajuste: func(k *ajustes.Configuracion) { k.Pagos.Plazo = 50 * time.Millisecond },
			en:     "preprocesado", estado: "fallido", motivo: "sin-pasarela", luego: seLevanta},
		"the gateway is down when the money is to be taken": {
			preparar: sinCaptura,
			puerta:   "pasarela.capturar",
			clave:    kPasarela,
			en:       "aceptado",
			estado:   "fallido",
			motivo:   "sin-pasarela",
			luego:    seLevanta,
		},
		"a refusal that nobody mends": {preparar: sinReintento, clave: kReintento,
			en: "fallido", estado: "rechazado", motivo: "pago-rechazado.sin-fondos"},
	}
}

// plazosDeCamion are the deadlines of trucks and visits.
func plazosDeCamion() map[string]plazo {
	return map[string]plazo{
		"no truck at all": {preparar: sinCamiones, clave: kSinCamion,
			en: "creado", estado: "fallido", motivo: "sin-camion"},
		"a load that no truck takes": {preparar: muyPesado, clave: kSinCamion,
			en: "creado", estado: "fallido", motivo: "sin-camion"},
		"no truck once the money is reserved": {
			preparar: sinCamionesLuego,
			puerta:   "pasarela.crear",
			clave:    kSinCamion,
			en:       "autorizado",
			estado:   "fallido",
			motivo:   "sin-camion",
		},
		"left behind, and no other truck once the money is taken": {
			preparar: dejadoAtras,
			puerta:   "pasarela.capturar",
			clave:    kSinCamion,
			en:       "aceptado",
			estado:   "fallido",
			motivo:   "sin-camion",
			luego:    llegaElOtro,
		},
		"no departure": {preparar: sinSalida, clave: kSalida,
			ajuste: func(k *ajustes.Configuracion) { k.Rutas.Cierre = time.Hour },
			en:     "confirmado", estado: "cancelado", motivo: "sin-salida"},
		"no departure, and no truck for another visit": {
			preparar: sinOtraVisita,
			clave:    kSalida,
			en:       "confirmado",
			estado:   "cancelado",
			motivo:   "sin-camion",
		},
		"no outcome": {preparar: sinResultado, clave: kReparto,
			en: "en_reparto", estado: "devuelto", motivo: "sin-resultado", luego: vuelveElCamion},
	}
}

func impago(metodo string) func(*kit.Program, *kit.Door) espera {
	return func(c *kit.Program, _ *kit.Door) espera {
		compra := c.NewPurchase("cliente1", kit.PayingWith(map[string]any{"metodo": metodo}))
		return esperando(
			c,
			"pago_pendiente",
			func() kit.Order { return c.Order("cliente1", compra) },
		)
	}
}

func impagoYCaida(program *kit.Program, door *kit.Door) espera {
	e := impago("efectivo")(program, door)
	program.Simulate(map[string]any{"caida": true})
	return e
}

func enProceso(program *kit.Program, _ *kit.Door) espera {
	compra := program.NewPurchase("cliente1", kit.PayingWith(program.WithCard("CONT")))
	return esperando(
		program,
		"pago_pendiente",
		func() kit.Order { return program.Order("cliente1", compra) },
	)
}

func seLevanta(program *kit.Program, _ string) {
	program.Simulate(map[string]any{"caida": false, "silencio": false})
}

func sinPasarela(como string) func(*kit.Program, *kit.Door) espera {
	return func(c *kit.Program, _ *kit.Door) espera {
		compra := c.NewPurchase("cliente1")
		c.Simulate(map[string]any{como: true})
		return esperando(
			c,
			"preprocesado",
			func() kit.Order { return c.Order("cliente1", compra) },
		)
	}
}

func sinCaptura(program *kit.Program, door *kit.Door) espera {
	p := program.Hold(door, program.NewPurchase("cliente1"))
	program.Simulate(map[string]any{"caida": true})
	return esperando(program, "aceptado", func() kit.Order { door.Open(); return p })
}

func sinReintento(program *kit.Program, _ *kit.Door) espera {
	compra := program.NewPurchase("cliente1", kit.PayingWith(program.WithCard("FUND")))
	return esperando(
		program,
		"fallido",
		func() kit.Order { return program.Order("cliente1", compra) },
	)
}

func sinCamiones(program *kit.Program, _ *kit.Door) espera {
	compra := program.NewPurchase("cliente1")
	program.StopTrucks()
	return esperando(
		program,
		"creado",
		func() kit.Order { return program.Order("cliente1", compra) },
	)
}

// muyPesado orders five tonnes.
func muyPesado(program *kit.Program, _ *kit.Door) espera {
	var ancla kit.Product
	program.Must("admin", "POST", "/productos",
		map[string]any{"nombre": "Ancla", "categoria": "prueba", "precio_centavos": 12345,
			"iva": "21", "peso_gramos": 50_000, "volumen_ml": 600, "frio": false}, &ancla)
	cien := map[string]any{"cantidad": 100, "motivo": "compra"}
	program.Must("admin", "POST", "/productos/"+ancla.ID+"/movimientos", cien, nil)
	compra := program.NewPurchase(
		"cliente1",
		kit.Lines(kit.Line{Producto: ancla.ID, Cantidad: 100}),
	)
	return esperando(
		program,
		"creado",
		func() kit.Order { return program.Order("cliente1", compra) },
	)
}

func sinCamionesLuego(program *kit.Program, door *kit.Door) espera {
	p := program.Hold(door, program.NewPurchase("cliente1"))
	program.StopTrucks()
	return esperando(program, "autorizado", func() kit.Order { door.Open(); return p })
}

// dejadoAtras: the truck leaves with another order while this order's money is being captured.
func dejadoAtras(program *kit.Program, door *kit.Door) espera {
	otro := program.Order("cliente1", program.NewPurchase("cliente1"))
	program.Await("cliente1", otro.ID, "confirmado")
	p := program.Hold(door, program.NewPurchase("cliente1"))
	program.Depart(program.VisitOf(otro.ID))
	program.Await("cliente1", otro.ID, "en_reparto")
	program.StopTrucks()
	return esperando(program, "aceptado", func() kit.Order { door.Open(); return p })
}

// llegaElOtro: the order that the truck took is delivered.
func llegaElOtro(program *kit.Program, _ string) {
	for _, v := range kit.All[kit.Visit](program.Client, "gestor", "/visitas?estado=en_camino") {
		program.Arrive(v, "")
		program.Await("operador", v.PedidoID, "entregado")
	}
}

// confirmado makes a confirmed order; its wait begins at the end of its window.
func confirmado(program *kit.Program) (espera, kit.Visit) {
	p := program.Order("cliente1", program.NewPurchase("cliente1"))
	p = program.Await("cliente1", p.ID, "confirmado")
	return espera{
		id:    p.ID,
		desde: p.Entrega.Hasta,
		hasta: p.Entrega.Hasta,
	}, program.VisitOf(p.ID)
}

func sinSalida(program *kit.Program, _ *kit.Door) espera {
	e, _ := confirmado(program)
	return e
}

// sinOtraVisita: the shift ends without a departure when no truck is left.
func sinOtraVisita(program *kit.Program, _ *kit.Door) espera {
	e, v := confirmado(program)
	program.StopTrucks()
	perder(program, v)
	program.LookedAt(e.id)
	return e
}

func sinResultado(program *kit.Program, _ *kit.Door) espera {
	e, v := confirmado(program)
	program.Depart(v)
	program.Await("cliente1", e.id, "en_reparto")
	return e
}

// vuelveElCamion: the driver reports at last that the door stayed closed.
func vuelveElCamion(program *kit.Program, id string) {
	program.Arrive(program.VisitOf(id), "nadie abrió")
}

package modelo

import (
	"context"
	"net/http"
	"time"
)

// operador does one thing that an operator may do, chosen by chance: orders for a customer, answers a return,
// refunds, returns goods or reads.
func (a *actor) operador() {
	if a.suerte(10) {
		para, _ := alguno(
			a,
			[]string{"cliente1", "cliente2", "cliente3", "cliente4", "cliente5"},
		)
		a.comprar(para)
		return
	}
	id, ok := alguno(a, a.oido.recientes("", 200))
	if !ok {
		return
	}
	v, ok := a.ver(id)
	if !ok {
		return
	}
	pendiente := ""
	var destinos map[string]any
	for _, d := range v.Devoluciones {
		if d.Estado == "pedida" {
			pendiente = d.ID
			destinos = nil // all of it is thrown away
			if a.suerte(2) {
				destinos = map[string]any{"lineas": []map[string]any{
					{"producto_id": d.Lineas[0].ProductoID, "destino": "existencias"}}}
			}
		}
	}
	switch n := a.azar.IntN(10); {
	case pendiente != "" && n < 6:
		a.dichaDevolucion(
			id,
			a.obrar("/pedidos/"+id+"/devoluciones/"+pendiente+"/aceptacion", destinos),
		)
	case pendiente != "" && n < 8:
		a.dichaDevolucion(id, a.obrar("/pedidos/"+id+"/devoluciones/"+pendiente+"/rechazo",
			map[string]any{"motivo": "usado"}))
	case vivo(v.Estado) && n < 5:
		a.reembolsar(v)
	case v.Estado == "entregado" && n < 8:
		a.devolver(v)
	case a.suerte(3):
		a.mirarHistoria(id)
	case a.suerte(8):
		a.seguir(id)
	}
}

// reembolsar refunds a part of an order, all that is left, or more than there is.
func (a *actor) reembolsar(vista vista) {
	c := map[string]any{"motivo": "pan duro"}
	resta := vista.Pago.Cobrado - vista.Pago.Reembolsado
	switch {
	case a.suerte(8):
	case a.suerte(12):
		c["monto_centavos"] = vista.Total + 1
	case resta > 1:
		c["monto_centavos"] = 1 + a.azar.Int64N(max(1, resta/3))
	}
	r := a.obrar("/pedidos/"+vista.ID+"/reembolsos", c)
	var x struct {
		ID    string `json:"id"`
		Monto int64  `json:"monto_centavos"`
	}
	if !r.bien() || !r.en(&x) || x.ID == "" {
		return
	}
	a.oido.hechos.mas("refunds", 1)
	pedido, _ := c["monto_centavos"].(int64)
	if pedido > vista.Total {
		a.oido.mal(vista.ID, "%s was told that %d of %d go back", a.nombre, pedido, vista.Total)
	}
	a.oido.anotar(vista.ID, a.nombre, func(d *dicho) { d.Reembolsos[x.ID] = pedido })
}

// almacenero takes goods in and out, in lots that keep for long, for days, or hardly.
func (a *actor) almacenero() {
	p, _ := alguno(a, a.productos)
	d, _ := alguno(a, a.depositos)
	c := map[string]any{"motivo": "compra", "deposito_id": d, "cantidad": 5 + a.azar.IntN(20)}
	switch n := a.azar.IntN(100); {
	case n < 30: // no date
	case n < 55:
		a.fechar(c, time.Duration(10+a.azar.IntN(60))*24*time.Hour)
	case n < 65:
		a.fechar(c, time.Duration(1+a.azar.IntN(3))*24*time.Hour)
	case n < 70:
		a.fechar(c, -time.Duration(a.azar.IntN(30))*time.Hour)
	case n < 85:
		c["cantidad"], c["motivo"] = -1-a.azar.IntN(6), "rotura"
	case n < 90:
		c["cantidad"] = -100_000
	case n < 95:
		a.precio(p)
		return
	default:
		c["cantidad"] = 0
	}
	a.movido(a.obrar("/productos/"+p+"/movimientos", c))
}

// movido records a movement of stock that an answer confirmed.
func (a *actor) movido(respuesta respuesta) {
	var m struct {
		ID       string `json:"id"`
		Cantidad int64  `json:"cantidad"`
		Producto string `json:"producto_id"`
	}
	if !respuesta.bien() || !respuesta.en(&m) {
		return
	}
	a.oido.hechos.mas("stock moved", 1)
	a.oido.mu.Lock()
	defer a.oido.mu.Unlock()
	a.oido.stock = append(
		a.oido.stock,
		movimientoDicho{ID: m.ID, Producto: m.Producto, Cantidad: m.Cantidad,
			Por: a.nombre},
	)
}

// ofertar tops the product of the moment up to one or two units in each depot.
func (a *actor) ofertar() {
	p := a.oferta()
	var x struct {
		Disponible int `json:"disponible"`
	}
	if r := a.pedir(http.MethodGet, "/productos/"+p, nil); !r.bien() || !r.en(&x) ||
		x.Disponible > 3 {
		return
	}
	for _, d := range a.depositos {
		a.movido(
			a.obrar(
				"/productos/"+p+"/movimientos",
				map[string]any{"motivo": "oferta", "deposito_id": d,
					"cantidad": 1 + a.azar.IntN(2)},
			),
		)
	}
}

// fechar makes c the receipt of a lot that expires after dura. The lot's name has its date, so that one lot has one
// date.
func (a *actor) fechar(c map[string]any, dura time.Duration) {
	vence := a.ahora().
		Add(dura).
		UTC().
		Truncate(24 * time.Hour).
		Add(12 * time.Hour)
		// one day, here and in UTC
	c["lote"], c["vence"] = "L"+vence.Format("0102"), vence
}

// precio changes the price of product p.
func (a *actor) precio(p string) {
	r := a.pedir(
		http.MethodPatch,
		"/productos/"+p,
		map[string]any{"precio_centavos": 10_000 + a.azar.IntN(90_000)},
	)
	if r.bien() {
		a.oido.hechos.mas("prices changed", 1)
	}
}

// estrechar takes the room that is left on the popular day from the trucks of the depot that most orders choose, for
// a moment: orders that are not accepted yet need another truck.
func (a *actor) estrechar(ctx context.Context) {
	d := a.solicitado()
	if a.suerte(4) {
		d, _ = alguno(a, a.depositos)
	}
	dia := a.ahora().In(buenosAires).AddDate(0, 0, a.popular()).Format(time.DateOnly)
	ts := a.lista("/turnos?limite=100&estado=abierto&deposito_id=" + d + "&dia=" + dia)
	for _, t := range ts {
		a.pedir(
			http.MethodPatch,
			"/turnos/"+t.ID,
			map[string]any{"minutos_max": max(1, t.Usado.Minutos)},
		)
	}
	a.oido.hechos.mas("depots without room for a moment", 1)
	dormir(ctx, a.lento(time.Duration(100+a.azar.IntN(300))*time.Millisecond))
	for _, t := range ts {
		a.pedir(http.MethodPatch, "/turnos/"+t.ID,
			map[string]any{"minutos_max": int(t.Fin.Sub(t.Inicio).Minutes())})
	}
}

// cerrarDeposito closes a depot for a moment.
func (a *actor) cerrarDeposito(ctx context.Context) {
	d, _ := alguno(a, a.depositos)
	a.apagar(ctx, "/depositos/"+d, "depots closed for a moment", 450*time.Millisecond)
}

// gestor adds trucks and shifts, and takes a truck out of service for a moment.
func (a *actor) gestor(ctx context.Context) {
	switch n := a.azar.IntN(10); {
	case n < 3:
		d, _ := alguno(a, a.depositos)
		if a.obrar("/camiones", a.camion(d, a.azar)).bien() {
			a.oido.hechos.mas("trucks added", 1)
		}
	case n < 6:
		if c, ok := alguno(a, a.lista("/camiones?limite=100")); ok {
			a.apagar(ctx, "/camiones/"+c.ID, "trucks out of service for a moment", time.Second)
		}
	default:
		a.turno()
	}
}

// apagar takes the truck or depot at camino out of service, and back into service dura later at the latest.
func (a *actor) apagar(ctx context.Context, camino, que string, dura time.Duration) {
	if r := a.pedir(http.MethodPatch, camino, map[string]any{"activo": false}); r.bien() {
		a.oido.hechos.mas(que, 1)
		dormir(ctx, a.lento(dura/3+time.Duration(a.azar.Int64N(int64(dura*2/3)))))
	}
	a.pedir(http.MethodPatch, camino, map[string]any{"activo": true})
}

// turno adds a shift at night, over midnight too.
func (a *actor) turno() {
	c, ok := alguno(a, a.lista("/camiones?limite=100"))
	if !ok {
		return
	}
	inicio := a.ahora().
		Add(time.Duration(a.azar.IntN(12)) * 24 * time.Hour).
		In(buenosAires).
		Truncate(time.Hour)
	inicio = time.Date(inicio.Year(), inicio.Month(), inicio.Day(), 21, 0, 0, 0, buenosAires)
	r := a.obrar("/turnos", map[string]any{"camion_id": c.ID, "inicio": inicio.UTC(),
		"fin":         inicio.Add(time.Duration(4+a.azar.IntN(5)) * time.Hour).UTC(),
		"visitas_max": 1 + a.azar.IntN(3)})
	if r.bien() {
		a.oido.hechos.mas("shifts added", 1)
	}
}

// cosa has the members of a row of a list that actors read.
type cosa struct {
	ID       string `json:"id"`
	Codigo   string `json:"codigo"`
	CamionID string `json:"camion_id"`
	TurnoID  string `json:"turno_id"`
	PedidoID string `json:"pedido_id"`
	Dia      string `json:"dia"` // of a visit
	Estado   string `json:"estado"`

	Lat float64 `json:"lat"` // of a depot
	Lon float64 `json:"lon"`

	Inicio time.Time `json:"inicio"` // of a shift
	Fin    time.Time `json:"fin"`
	Usado  struct {
		Minutos int64 `json:"minutos"`
	} `json:"usado"`
}

// lista reads one page.
func (a *actor) lista(camino string) []cosa {
	var h struct{ Datos []cosa }
	if r := a.pedir(http.MethodGet, camino, nil); !r.bien() || !r.en(&h) {
		return nil
	}
	return h.Datos
}

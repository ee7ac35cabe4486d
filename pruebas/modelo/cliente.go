package modelo

import (
	"net/http"
	"slices"
	"time"
)

// cliente does one thing that a customer may do, chosen by chance: it orders, acts on an order, tries another
// customer's, sends a malformed request or lists its orders.
func (a *actor) cliente() {
	switch n := a.azar.IntN(100); {
	case n < 28:
		a.comprar("")
	case n < 82:
		if id, ok := alguno(a, a.oido.recientes(a.login, 50)); ok {
			a.seguir(id)
		}
	case n < 89:
		a.ajeno()
	case n < 96:
		a.malformado()
	default:
		a.pedir(http.MethodGet, "/pedidos?limite=20", nil)
	}
}

// deDia are the windows by day, which trucks of every depot have; only single shifts have windows at night.
func deDia(ventanas []ventana) (out []ventana) {
	for _, v := range ventanas {
		if h := v.Desde.In(buenosAires).Hour(); h >= 7 && h < 21 {
			out = append(out, v)
		}
	}
	return out
}

// querida is a window that the actor wants: of the popular day mostly.
func (a *actor) querida(ventanas []ventana) (w ventana, ok bool) {
	de := deDia(ventanas)
	quiere := a.ahora().In(buenosAires).AddDate(0, 0, a.popular()).YearDay()
	populares := slices.DeleteFunc(slices.Clone(de), func(v ventana) bool {
		return v.Desde.In(buenosAires).YearDay() != quiere
	})
	switch {
	case a.suerte(4):
		return w, false
	case len(populares) > 0 && !a.suerte(5):
		return alguno(a, populares)
	}
	return alguno(a, de)
}

// ventana is a time span at the door.
type ventana struct {
	Desde time.Time `json:"desde"`
	Hasta time.Time `json:"hasta"`
}

// cotizado is the answer to a quote.
type cotizado struct {
	Total    int64     `json:"total_centavos"`
	Ventanas []ventana `json:"ventanas"`
	Faltan   []string  `json:"faltan"`
}

// lineasAlAzar are one to three lines of a few units each.
func (a *actor) lineasAlAzar() (out []map[string]any) {
	for _, i := range a.azar.Perm(len(a.productos))[:1+a.azar.IntN(3)] {
		out = append(
			out,
			map[string]any{"producto_id": a.productos[i], "cantidad": 1 + a.azar.IntN(4)},
		)
	}
	return out
}

// comprar quotes and orders. para is the customer that an operator orders for; empty: the actor orders for itself.
func (a *actor) comprar(para string) {
	duenio := a.login
	if para != "" {
		duenio = para
	}
	direccion, _ := alguno(a, a.direcciones[duenio])
	lineas, juntos := a.lineasAlAzar(), !a.suerte(5)
	if juntos { // the addresses of most customers are near one depot
		lineas = append(lineas[:1], map[string]any{"producto_id": a.oferta(), "cantidad": 1})
		direccion = a.direcciones[duenio][a.popular()%len(a.direcciones[duenio])]
	}
	c := map[string]any{"lineas": lineas, "direccion_id": direccion}
	if para != "" {
		c["cliente_id"] = a.clienteIDs[para]
	}
	var q cotizado
	r := a.pedir(http.MethodPost, "/pedidos/cotizacion", c)
	if !r.bien() || !r.en(&q) {
		return
	}
	if len(q.Faltan) > 0 && !a.suerte(4) {
		a.oido.hechos.mas("quotes that lack something", 1)
		return
	}
	c["pago"] = a.pago()
	if w, ok := a.querida(q.Ventanas); ok {
		c["entrega"] = w
	}
	if a.suerte(2) {
		c["total_centavos"] = q.Total
	}
	if a.suerte(25) {
		c["total_centavos"] = q.Total + 1
	}
	if juntos {
		dormir(a.T.Context(), a.compas())
	}
	a.encargar(c, duenio)
}

// encargar posts an order and keeps its answer for the judge.
func (a *actor) encargar(c map[string]any, duenio string) {
	r := a.obrar("/pedidos", c)
	var v vista
	if !r.bien() || !r.en(&v) {
		return
	}
	a.oido.hechos.mas("orders", 1)
	a.oido.pedido(v, a.nombre, duenio)
	a.oido.anotar(v.ID, a.nombre, func(d *dicho) {
		if v.Intento == 1 {
			d.Total = v.Total
			if t, ok := c["total_centavos"].(int64); ok {
				d.Totales[1] = t
			}
		}
	})
	a.oido.contar(v.ID, a.nombre, "POST /pedidos %v: %s %s", c, r, v.Estado)
}

// pago is the member pago of an order: a voucher, a transfer or a card, by chance.
func (a *actor) pago() map[string]any {
	switch n := a.azar.IntN(100); {
	case n < 12:
		return map[string]any{"metodo": "efectivo"}
	case n < 20:
		return map[string]any{"metodo": "transferencia"}
	default:
		token := ""
		select {
		case token = <-a.tarjetas:
		case <-a.T.Context().Done():
		}
		if n < 30 {
			return map[string]any{
				"metodo": "tarjeta_debito",
				"token":  token,
				"marca":  "debmaster",
			}
		}
		return map[string]any{"metodo": "tarjeta_credito", "token": token, "marca": "master"}
	}
}

// ver reads an order; ok is false when it could not be seen.
func (a *actor) ver(id string) (v vista, ok bool) {
	r := a.pedir(http.MethodGet, "/pedidos/"+id, nil)
	if !r.bien() || !r.en(&v) {
		a.oido.mal(id, "%s was told of it and now sees %s", a.nombre, r)
		return v, false
	}
	a.oido.pedido(v, a.nombre, "")
	return v, true
}

// mirarHistoria reads the history of an order, which must begin with the longest history that any actor had read
// before the request was sent.
func (a *actor) mirarHistoria(id string) {
	antes := a.oido.historiaVista(id)
	r := a.pedir(http.MethodGet, "/pedidos/"+id+"/eventos?limite=200", nil)
	var h struct {
		Datos     []evento `json:"datos"`
		Siguiente string   `json:"siguiente"`
	}
	if !r.bien() || !r.en(&h) || h.Siguiente != "" {
		return
	}
	slices.Reverse(h.Datos)
	if !esPrefijo(antes, h.Datos) {
		a.oido.mal(
			id,
			"%s sees another history than was seen before: %v, then %v",
			a.nombre,
			pasos(antes),
			pasos(h.Datos),
		)
	}
	a.oido.anotar(id, a.nombre, func(d *dicho) {
		if len(h.Datos) > len(d.Historia) {
			d.Historia = h.Datos
		}
	})
}

// seguir reads an order and acts on it: mostly a step that the order allows, sometimes another.
func (a *actor) seguir(id string) {
	v, ok := a.ver(id)
	if !ok {
		return
	}
	if a.suerte(3) {
		a.mirarHistoria(id)
	}
	que, ok := alguno(a, v.Acciones)
	if slices.Contains(v.Acciones, "reintentar") && !a.suerte(8) {
		que = "reintentar"
	}
	if !ok || a.suerte(5) {
		que, _ = alguno(a, []string{"cancelar", "reintentar", "devolver", "nada"})
	}
	switch {
	case que == "cancelar" && !a.suerte(12): // eleven of twelve customers wait
	case que == "cancelar":
		a.cancelar(id)
	case que == "reintentar":
		a.reintentar(v)
	case que == "devolver":
		a.devolver(v)
	case que == "reembolsar":
		a.reembolsar(v)
	}
}

func (a *actor) cancelar(id string) {
	r := a.obrar("/pedidos/"+id+"/cancelacion", map[string]any{"motivo": "azar"})
	var v vista
	if r.bien() && r.en(&v) {
		a.oido.hechos.mas("cancels", 1)
		a.oido.pedido(v, a.nombre, "")
	}
}

// reintentar retries a refused order with another card, other lines, another window, or unchanged.
func (a *actor) reintentar(v vista) {
	c := map[string]any{}
	if !a.suerte(6) {
		c["pago"] = a.pago()
	}
	if a.suerte(3) {
		c["lineas"] = a.lineasAlAzar()
	}
	if !a.suerte(3) && len(a.direcciones[a.login]) > 0 {
		c["direccion_id"], _ = alguno(a, a.direcciones[a.login])
	}
	if v.Ventana != nil && !a.suerte(6) {
		var q cotizado
		if r := a.pedir(http.MethodPost, "/pedidos/cotizacion", a.cotizacionDe(v)); r.bien() &&
			r.en(&q) {
			if w, ok := a.querida(q.Ventanas); ok {
				c["entrega"] = w
			}
		}
	}
	if a.suerte(4) {
		c["total_centavos"] = v.Total
	}
	r := a.obrar("/pedidos/"+v.ID+"/reintento", c)
	var nueva vista
	if !r.bien() || !r.en(&nueva) {
		return
	}
	a.oido.hechos.mas("retries", 1)
	a.oido.pedido(nueva, a.nombre, "")
	if t, ok := c["total_centavos"].(int64); ok && !r.Repetida {
		a.oido.anotar(v.ID, a.nombre, func(d *dicho) { d.Totales[nueva.Intento] = t })
	}
}

// cotizacionDe is the body of a quote for the lines and the address of vista.
func (a *actor) cotizacionDe(vista vista) map[string]any {
	lineas := []map[string]any{}
	for _, l := range vista.Lineas {
		lineas = append(
			lineas,
			map[string]any{"producto_id": l.ProductoID, "cantidad": l.Cantidad},
		)
	}
	c := map[string]any{"lineas": lineas, "direccion_id": vista.DireccionID}
	if a.login == "operador" {
		c["cliente_id"] = vista.ClienteID
	}
	return c
}

// devolver returns some units of one line, or all of them.
func (a *actor) devolver(vista vista) {
	l, ok := alguno(a, vista.Lineas)
	if !ok {
		return
	}
	lineas := []map[string]any{
		{"producto_id": l.ProductoID, "cantidad": 1 + a.azar.IntN(l.Cantidad)},
	}
	if a.suerte(3) {
		lineas = nil
		for _, l := range vista.Lineas {
			lineas = append(
				lineas,
				map[string]any{"producto_id": l.ProductoID, "cantidad": l.Cantidad},
			)
		}
	}
	r := a.obrar(
		"/pedidos/"+vista.ID+"/devoluciones",
		map[string]any{"lineas": lineas, "motivo": "abierto"},
	)
	a.dichaDevolucion(vista.ID, r)
}

func (a *actor) dichaDevolucion(id string, respuesta respuesta) {
	var d struct{ ID, Estado string }
	if !respuesta.bien() || !respuesta.en(&d) || d.ID == "" {
		return
	}
	a.oido.hechos.mas("returns", 1)
	a.oido.anotar(id, a.nombre, func(x *dicho) {
		if x.Devoluciones[d.ID] == "" || d.Estado != "pedida" {
			x.Devoluciones[d.ID] = d.Estado
		}
	})
}

package explicar

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Durations after which a step that should happen by itself deserves a person's attention.
const (
	demora      = time.Minute      // an order that is due, events that are not published
	demoraDebe  = 10 * time.Minute // money that is to go back
	demoraVista = 2 * time.Hour    // a payment that was not read at the gateway for so long
)

// apartado is the sentence for an order with a record that cannot be read.
const apartado = "El registro del pedido no se puede leer: está apartado y ningún proceso lo atiende. " +
	"Una vez reparado, `despensa retomar` lo pone otra vez en marcha."

// atencion lists the problems of the order that need a person, in Spanish; empty when there is none.
func (k Caso) atencion() []string {
	out := []string{}
	for _, f := range []func() []string{k.deTrabajo, k.deEspera, k.deDinero, k.dePasarela, k.deVisitas, k.deStock,
		k.deDevoluciones} {
		out = append(out, f()...)
	}
	return out
}

// vivo reports whether the order is charged, sold and on a truck, or was delivered.
func (k Caso) vivo() bool {
	return slices.Contains([]string{"confirmado", "en_reparto", "entregado"}, k.Pedido.Estado)
}

// deshecho reports whether an intento was undone, so that it must hold no money, stock or room any more.
func (k Caso) deshecho(numero int) bool {
	if k.Expediente == nil {
		return false
	}
	i := slices.IndexFunc(
		k.Expediente.Intentos,
		func(i Intento) bool { return i.Numero == numero },
	)
	return i >= 0 && k.Expediente.Intentos[i].Deshecho
}

// hace is how long ago t was, by the server's clock; negative in the future.
func (k Caso) hace(t time.Time) time.Duration { return k.Ahora.Sub(t) }

// deTrabajo: a step of the order is due, and no replica works on it.
func (k Caso) deTrabajo() (out []string) {
	e := k.Expediente
	if e == nil {
		return nil
	}
	tomado := e.Tomado != nil && e.Tomado.After(k.Ahora)
	if e.Debe != nil && !tomado && k.hace(*e.Debe) > demora {
		out = append(
			out,
			fmt.Sprintf(
				"Le toca atención desde hace %s y ningún proceso lo atiende.",
				lapso(k.hace(*e.Debe)),
			),
		)
	}
	if e.Tomado != nil && !tomado {
		out = append(
			out,
			fmt.Sprintf(
				"El proceso que lo llevaba lo soltó sin terminar hace %s.",
				lapso(k.hace(*e.Tomado)),
			),
		)
	}
	if e.Esperas > 0 {
		out = append(out, fmt.Sprintf("La espera actual ya falló %d veces.", e.Esperas))
	}
	return append(out, k.dePendientes(e)...)
}

// dePendientes: a cancellation, an undoing or a publication was begun and has not ended.
func (k Caso) dePendientes(expediente *Expediente) (out []string) {
	if expediente.Cancela != nil && k.hace(*expediente.Cancela) > demora {
		out = append(
			out,
			fmt.Sprintf("Una cancelación espera la respuesta del camión desde hace %s.",
				lapso(k.hace(*expediente.Cancela))),
		)
	}
	if n := len(k.Eventos); n > 0 && expediente.Publicados < k.Eventos[n-1].Seq &&
		k.hace(k.Eventos[n-1].En) > demora {
		out = append(
			out,
			fmt.Sprintf(
				"Faltan publicar %d eventos.",
				k.Eventos[n-1].Seq-expediente.Publicados,
			),
		)
	}
	for _, i := range expediente.Intentos {
		if i.Fin != nil && !i.Deshecho && k.hace(*i.Fin) > demora {
			out = append(
				out,
				fmt.Sprintf("El intento %d terminó hace %s y todavía no se deshizo del todo.",
					i.Numero, lapso(k.hace(*i.Fin))),
			)
		}
	}
	return out
}

// deEspera: the order waits for its customer or for another person.
func (k Caso) deEspera() (out []string) {
	pedido := k.Pedido
	switch pedido.Estado {
	case "fallido":
		out = append(
			out,
			fmt.Sprintf(
				"Falló (%s) y espera que el cliente lo reintente%s.",
				pedido.Motivo,
				k.plazo(),
			),
		)
	case "pago_pendiente":
		out = append(out, fmt.Sprintf("Espera el pago (%s)%s.", pedido.Pago.Metodo, k.plazo()))
	case "confirmado", "en_reparto":
		if pedido.Entrega != nil && k.hace(pedido.Entrega.Hasta) > 0 {
			out = append(out, fmt.Sprintf("La franja prometida terminó hace %s y sigue %s.",
				lapso(k.hace(pedido.Entrega.Hasta)), pedido.Estado))
		}
	}
	if e := k.Expediente; e != nil && e.Reintenta {
		out = append(out, "El cliente pidió reintentar: falta deshacer el intento anterior.")
	}
	if pedido.Intento > 1 {
		out = append(out, fmt.Sprintf("Va por el intento %d de 3.", pedido.Intento))
	}
	return out
}

// plazo is the deadline of the present wait, as a phrase.
func (k Caso) plazo() string {
	if k.Expediente == nil || k.Expediente.Plazo == nil {
		return ""
	}
	return ", hasta el " + hora(*k.Expediente.Plazo)
}

// deDinero: the order shows other amounts charged or given back than its payments.
func (k Caso) deDinero() (out []string) {
	cargos := 0
	for _, c := range k.Pagos {
		queda := c.Cobrado - c.Reembolsado
		if queda > 0 {
			cargos++
		}
		out = append(out, k.deUnPago(c, queda)...)
	}
	if cargos > 1 {
		out = append(
			out,
			fmt.Sprintf("Hay %d cobros sin devolver: se cobró más de una vez.", cargos),
		)
	}
	if k.vivo() && len(k.Pagos) == 0 && !slices.Contains(k.SinPermiso, "pagos") {
		out = append(out, "No hay ningún cobro y el pedido sigue adelante.")
	}
	return out
}

// deUnPago: the problems of one payment; queda is its amount that was not given back, in centavos.
func (k Caso) deUnPago(pago Pago, queda int64) (out []string) {
	actual := pago.Intento == k.Pedido.Intento && k.vivo()
	switch {
	case actual && pago.Cobrado != k.Pedido.Total:
		out = append(
			out,
			fmt.Sprintf(
				"Se cobró %s y el pedido vale %s.",
				pesos(pago.Cobrado),
				pesos(k.Pedido.Total),
			),
		)
	case !actual && queda > 0 && k.deshecho(pago.Intento):
		out = append(
			out,
			fmt.Sprintf(
				"Quedan %s cobrados del intento %d, que ya se deshizo.",
				pesos(queda),
				pago.Intento,
			),
		)
	case !actual && queda > 0 && k.fin():
		out = append(out, fmt.Sprintf("El pedido terminó y falta devolver %s.", pesos(queda)))
	}
	if pago.Estado == "rechazado" {
		out = append(
			out,
			fmt.Sprintf(
				"En el intento %d el pago fue rechazado: %s.",
				pago.Intento,
				guion(pago.Motivo),
			),
		)
	}
	if pago.Reembolsado > pago.Cobrado {
		out = append(
			out,
			fmt.Sprintf("Se devolvió más de lo cobrado en el intento %d.", pago.Intento),
		)
	}
	return out
}

// fin reports whether the order has ended without a delivery, for good.
func (k Caso) fin() bool {
	return slices.Contains([]string{"rechazado", "cancelado", "devuelto"}, k.Pedido.Estado)
}

// visto are the states at the gateway that agree with each state of a payment; "" is a payment that the gateway does
// not know yet.
var visto = map[string][]string{
	"pendiente":   {"", "en_proceso", "en_espera"},
	"reservado":   {"reservada"},
	"cobrado":     {"cobrada"},
	"reembolsado": {"cobrada"},
	"rechazado":   {"", "rechazada"},
	"vencido":     {"", "cancelada", "en_espera"},
	"anulado":     {"", "cancelada", "rechazada"},
}

// dePasarela: a payment and the gateway contradict each other, or the gateway was not asked for long.
func (k Caso) dePasarela() (out []string) {
	for _, pago := range k.Pagos {
		pasarela := pago.Pasarela
		if pasarela == nil {
			continue
		}
		if pasarela.Llamada != "" {
			out = append(
				out,
				fmt.Sprintf(
					"No se sabe en qué terminó la llamada «%s» a la pasarela (intento %d).",
					pasarela.Llamada,
					pago.Intento,
				),
			)
		}
		if !slices.Contains(visto[pago.Estado], pasarela.Estado) {
			out = append(
				out,
				fmt.Sprintf(
					"El pago del intento %d figura %s y la pasarela dijo por última vez %s.",
					pago.Intento,
					pago.Estado,
					oGuion(pasarela.Estado),
				),
			)
		}
		if pago.Estado == "pendiente" && pasarela.Mirado != nil &&
			k.hace(*pasarela.Mirado) > demoraVista {
			out = append(
				out,
				fmt.Sprintf("El pago está pendiente y la pasarela no contesta desde hace %s.",
					lapso(k.hace(*pasarela.Mirado))),
			)
		}
	}
	return out
}

// lugar is the state of the visit that an order in each estado should have.
var lugar = map[string]string{
	"confirmado": "firme",
	"en_reparto": "en_camino",
	"entregado":  "entregada",
}

// deVisitas: an order and its visits contradict each other.
func (k Caso) deVisitas() (out []string) {
	if slices.Contains(k.SinPermiso, "visitas") {
		return nil
	}
	hay := 0
	for _, visita := range k.Visitas {
		ocupa := slices.Contains([]string{"provisional", "firme", "en_camino"}, visita.Estado)
		switch {
		case visita.Estado == lugar[k.Pedido.Estado]:
			hay++
		case k.vivo() && ocupa, k.fin() && ocupa && k.deshecho(visita.Intento):
			out = append(
				out,
				fmt.Sprintf("El pedido está %s y la visita %d sigue %s en el camión %s.",
					k.Pedido.Estado, visita.Numero, visita.Estado, visita.Patente),
			)
		case visita.Estado == "fallida":
			out = append(out, fmt.Sprintf("La visita %d falló el %s (%s).",
				visita.Numero, visita.Dia, guion(string(visita.Motivo))))
		case visita.Estado == "perdida":
			out = append(
				out,
				fmt.Sprintf(
					"La visita %d se perdió: su camión no salió con ella.",
					visita.Numero,
				),
			)
		}
	}
	if toca := lugar[k.Pedido.Estado]; toca != "" && hay == 0 {
		out = append(
			out,
			fmt.Sprintf(
				"El pedido está %s y no tiene ninguna visita %s.",
				k.Pedido.Estado,
				toca,
			),
		)
	} else if hay > 1 {
		out = append(out, fmt.Sprintf("El pedido tiene %d visitas %s.", hay, toca))
	}
	return out
}

// deStock: units are reserved or sold that should not be, or are not that should be.
func (k Caso) deStock() (out []string) {
	if k.Existencias == nil {
		return nil
	}
	for _, r := range k.Existencias.Reservas {
		if k.vivo() || k.deshecho(r.Intento) {
			out = append(
				out,
				fmt.Sprintf(
					"Siguen reservadas %d unidades de %s (intento %d), y el pedido está %s.",
					r.Cantidad,
					k.nombre(r.Producto),
					r.Intento,
					k.Pedido.Estado,
				),
			)
		}
	}
	neto := map[string]int64{}
	for _, m := range k.Existencias.Movimientos {
		neto[m.Producto] += m.Cantidad
	}
	if k.vivo() {
		for _, l := range k.Pedido.Lineas {
			neto[l.Producto] += l.Cantidad
		}
	} else if !k.deshecho(k.Pedido.Intento) {
		return out // a step is under way: the stock may still change
	}
	for _, id := range ordenadas(neto) {
		if n := neto[id]; n != 0 {
			out = append(
				out,
				fmt.Sprintf(
					"El stock de %s no cierra: sobran o faltan %+d unidades.",
					k.nombre(id),
					n,
				),
			)
		}
	}
	return out
}

// nombre is the name of a product of the order.
func (k Caso) nombre(producto string) string {
	i := slices.IndexFunc(k.Pedido.Lineas, func(l Linea) bool { return l.Producto == producto })
	if i < 0 {
		return producto
	}
	return k.Pedido.Lineas[i].Nombre
}

// deDevoluciones: a customer waits for their goods to be taken back, or for their money.
func (k Caso) deDevoluciones() (out []string) {
	for _, d := range k.Pedido.Devoluciones {
		if d.Estado == "pedida" {
			out = append(
				out,
				fmt.Sprintf(
					"Una devolución por %s espera desde hace %s que alguien la acepte o la rechace.",
					pesos(d.Monto),
					lapso(k.hace(d.Creado)),
				),
			)
		}
	}
	for _, r := range k.Reembolsos {
		if r.Estado == "pedido" && k.hace(r.Creado) > demoraDebe {
			out = append(
				out,
				fmt.Sprintf("Un reembolso de %s está pedido desde hace %s y no se hizo.",
					r.monto(), lapso(k.hace(r.Creado))),
			)
		}
		if r.Estado == "rechazado" {
			out = append(out, fmt.Sprintf("La pasarela no devolverá nunca un reembolso de %s "+
				"(%s): hay que pagarlo de otro modo.",
				r.monto(), guion(string(r.Motivo))))
		}
	}
	return append(out, k.deLasMarcas()...)
}

// avisosDeMarca are the instructions for the staff about each mark of an order.
var avisosDeMarca = map[string]string{
	"dinero-devuelto": "Todo el dinero se devolvió desde el panel de la pasarela después de que el pedido salió.",
	"contracargo": "El banco de la tarjeta desconoce el cobro (contracargo): hay que " +
		"responderle en el panel de la pasarela.",
}

// deLasMarcas: the marks of the order, without that of refused refunds, which deDevoluciones lists.
func (k Caso) deLasMarcas() (out []string) {
	for _, m := range k.Pedido.Marcas {
		switch aviso, hay := avisosDeMarca[m]; {
		case hay:
			out = append(out, aviso)
		case m != "reembolso-rechazado":
			out = append(out, "El pedido lleva la marca "+m+".")
		}
	}
	return out
}

func oGuion(s string) string {
	if s == "" {
		return "—"
	}
	return strings.ReplaceAll(s, "_", " ")
}

package explicar

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// hoja is the text of a page under construction.
type hoja struct{ strings.Builder }

func (h *hoja) linea(formato string, args ...any) { fmt.Fprintf(h, formato+"\n", args...) }

func (h *hoja) titulo(t string) { h.linea("\n%s", t) }

// pagina is the page of the case, in Spanish.
func (k Caso) pagina() string {
	h := &hoja{}
	k.cabeza(h)
	k.productos(h)
	k.historia(h)
	k.intentos(h)
	k.pagos(h)
	k.stock(h)
	k.visitas(h)
	k.vueltas(h)
	h.titulo("Qué llama la atención")
	for _, a := range k.Atencion {
		h.linea("  ! %s", a)
	}
	if len(k.Atencion) == 0 {
		h.linea("  Nada: todo está como corresponde.")
	}
	if len(k.SinPermiso) > 0 {
		h.linea("  (con este permiso no se ven: %s)", strings.Join(k.SinPermiso, ", "))
	}
	return h.String()
}

// cabeza writes the head of the page: code, estado, money, delivery and next step of the order.
func (k Caso) cabeza(hoja *hoja) {
	pedido := k.Pedido
	hoja.linea("Pedido %s  (%s)", pedido.Codigo, pedido.ID)
	hoja.linea(
		"  Estado     %s desde el %s (hace %s)",
		pedido.Estado,
		hora(pedido.Cambio),
		lapso(k.hace(pedido.Cambio)),
	)
	if pedido.Motivo != "" {
		hoja.linea("  Motivo     %s", pedido.Motivo)
	}
	hoja.linea("  Intento    %d de 3", pedido.Intento)
	hoja.linea("  Cliente    %s", pedido.Cliente)
	hoja.linea("  Creado     %s (hace %s)", hora(pedido.Creado), lapso(k.hace(pedido.Creado)))
	hoja.linea("  Total      %s (neto %s, IVA %s; envío %s incluido)",
		pesos(pedido.Total), pesos(pedido.Neto), pesos(pedido.IVA), pesos(pedido.Envio))
	hoja.linea(
		"  Pago       %s: %s; cobrado %s, devuelto %s",
		strings.TrimSpace(pedido.Pago.Metodo+" "+pedido.Pago.Marca),
		oGuion(pedido.Pago.Estado),
		pesos(pedido.Pago.Cobrado),
		pesos(pedido.Pago.Reembolsado),
	)
	if e := pedido.Entrega; e != nil {
		hoja.linea(
			"  Entrega    %s a %s, camión %s%s",
			hora(e.Desde),
			hora(e.Hasta),
			e.Patente,
			k.puerta(),
		)
	}
	if e := k.Expediente; e != nil && e.Debe != nil {
		hoja.linea("  Próxima    %s", hora(*e.Debe))
	}
	hoja.linea("  Se puede   %s", oGuion(strings.Join(pedido.Acciones, ", ")))
}

// puerta gives the times of the truck's arrival and of the delivery, as they are known.
func (k Caso) puerta() string {
	out := ""
	if t := k.Pedido.Entrega.Llegada; t != nil {
		out += ", llegó el " + hora(*t)
	}
	if t := k.Pedido.Entrega.Entregado; t != nil && k.Pedido.Estado == "entregado" {
		out += ", entregado el " + hora(*t)
	}
	return out
}

func (k Caso) productos(hoja *hoja) {
	hoja.titulo("Productos")
	for _, l := range k.Pedido.Lineas {
		hoja.linea("  %5d × %-40s %16s", l.Cantidad, l.Nombre, pesos(l.Total))
	}
}

func (k Caso) historia(hoja *hoja) {
	hoja.titulo("Línea de tiempo")
	antes := k.Pedido.Creado
	for _, e := range k.Eventos {
		que := e.Tipo
		if e.De != e.A && e.De != "" {
			que += "  " + e.De + " → " + e.A
		}
		if e.Motivo != "" {
			que += "  [" + string(e.Motivo) + "]"
		}
		hoja.linea(
			"  %3d  %s  %10s  %d  %s",
			e.Seq,
			instante(e.En),
			"+"+lapso(e.En.Sub(antes)),
			e.Intento,
			que,
		)
		antes = e.En
	}
	if n := len(k.Eventos); n > 0 {
		hoja.linea("       en total %s, la última novedad hace %s",
			lapso(k.Eventos[n-1].En.Sub(k.Pedido.Creado)), lapso(k.hace(k.Eventos[n-1].En)))
	}
}

// intentos writes a line for each intento: its state, its lines and units, its visits and its reason; and a line for
// each depot that it has tried.
func (k Caso) intentos(hoja *hoja) {
	if k.Expediente == nil {
		return
	}
	hoja.titulo("Intentos")
	for _, i := range k.Expediente.Intentos {
		como := "en curso"
		switch {
		case i.Deshecho:
			como = "terminado y deshecho"
		case i.Fin != nil:
			como = "terminado, falta deshacer"
		case k.vivo():
			como = "vigente"
		}
		unidades := int64(0)
		for _, l := range i.Lineas {
			unidades += l.Cantidad
		}
		hoja.linea("  %d  %s; %d líneas, %d unidades; visitas %v%s",
			i.Numero, como, len(i.Lineas), unidades, i.Visitas, entre(string(i.Motivo)))
		for n, v := range i.Vueltas {
			hoja.linea(
				"     depósito %d: %s%s%s",
				n+1,
				v.Deposito,
				si(v.Cerrada, ", devuelto"),
				si(v.Falta, ", faltó stock"),
			)
		}
	}
}

func (k Caso) pagos(hoja *hoja) {
	hoja.titulo("Pagos")
	for _, c := range k.Pagos {
		hoja.linea(
			"  %d  %s %s: pedido %s, cobrado %s, devuelto %s%s",
			c.Intento,
			c.Metodo,
			c.Estado,
			pesos(c.Monto),
			pesos(c.Cobrado),
			pesos(c.Reembolsado),
			entre(c.Motivo),
		)
		if g := c.Pasarela; g != nil {
			hoja.linea(
				"     la pasarela (%s) dice %s; referencia %s, orden %s, transacción %s%s",
				g.Proveedor,
				oGuion(g.Estado),
				g.Referencia,
				guion(g.Orden),
				guion(g.Transaccion),
				k.mirada(g),
			)
		}
	}
	if len(k.Pagos) == 0 {
		hoja.linea("  ninguno")
	}
}

func (k Caso) mirada(pasarela *Pasarela) string {
	if pasarela.Mirado == nil {
		return ""
	}
	return ", contestó hace " + lapso(k.hace(*pasarela.Mirado))
}

func (k Caso) stock(hoja *hoja) {
	if k.Existencias == nil {
		return
	}
	hoja.titulo("Stock")
	for _, r := range k.Existencias.Reservas {
		hoja.linea(
			"  reservado   %+6d  %s  (intento %d, depósito %s)",
			r.Cantidad,
			k.nombre(r.Producto),
			r.Intento,
			r.Deposito,
		)
	}
	for _, m := range k.Existencias.Movimientos {
		hoja.linea("  %-10s  %+6d  %s  (%s, depósito %s)",
			m.Motivo, m.Cantidad, k.nombre(m.Producto), hora(m.Creado), m.Deposito)
	}
	if len(k.Existencias.Reservas)+len(k.Existencias.Movimientos) == 0 {
		hoja.linea("  nada reservado ni movido")
	}
}

func (k Caso) visitas(hoja *hoja) {
	hoja.titulo("Visitas")
	for _, v := range k.Visitas {
		hoja.linea(
			"  %d  %s el %s en %s, de %s a %s%s",
			v.Numero,
			v.Estado,
			v.Dia,
			v.Patente,
			hora(v.Ventana.Desde),
			hora(v.Ventana.Hasta),
			entre(string(v.Motivo)),
		)
	}
	if len(k.Visitas) == 0 {
		hoja.linea("  ninguna")
	}
}

func (k Caso) vueltas(hoja *hoja) {
	hoja.titulo("Devoluciones y reembolsos")
	for _, d := range k.Pedido.Devoluciones {
		var que []string
		for _, l := range d.Lineas {
			que = append(que, fmt.Sprintf("%d × %s", l.Cantidad, k.nombre(l.Producto)))
		}
		hoja.linea(
			"  devolución %s del %s: %s, %s",
			d.Estado,
			hora(d.Creado),
			strings.Join(que, ", "),
			pesos(d.Monto),
		)
	}
	for _, r := range k.Reembolsos {
		hoja.linea(
			"  reembolso %s del %s: %s%s",
			r.Estado,
			hora(r.Creado),
			r.monto(),
			entre(string(r.Motivo)),
		)
	}
	if len(k.Pedido.Devoluciones)+len(k.Reembolsos) == 0 {
		hoja.linea("  ninguno")
	}
}

// monto is the amount of a refund, in words for people.
func (r Reembolso) monto() string {
	if r.Monto == 0 {
		return "todo lo que quede"
	}
	return pesos(r.Monto)
}

// entre puts a reason between brackets; "" stays "".
func entre(s string) string {
	if s == "" {
		return ""
	}
	return " [" + s + "]"
}

func si(vale bool, texto string) string {
	if vale {
		return texto
	}
	return ""
}

func guion(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

func ordenadas(m map[string]int64) []string { return slices.Sorted(maps.Keys(m)) }

// pesos writes centavos as an amount for people: $ 1.234,50.
func pesos(c int64) string {
	signo := ""
	if c < 0 {
		signo, c = "-", -c
	}
	entero := fmt.Sprint(c / 100)
	for i := len(entero) - 3; i > 0; i -= 3 {
		entero = entero[:i] + "." + entero[i:]
	}
	return fmt.Sprintf("%s$ %s,%02d", signo, entero, c%100)
}

// aqui is the company's time zone.
var aqui = time.FixedZone("ART", -3*60*60)

func fecha(t time.Time) string    { return t.In(aqui).Format("2006-01-02") }
func hora(t time.Time) string     { return t.In(aqui).Format("02/01 15:04") }
func instante(t time.Time) string { return t.In(aqui).Format("02/01 15:04:05.000") }

// lapso writes a duration in its two largest units at most.
func lapso(d time.Duration) string {
	switch {
	case d < 0:
		return "-" + lapso(-d)
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d días", int(d.Hours())/24)
}

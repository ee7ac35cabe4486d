package rest

import (
	"strings"
	"time"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/money"
)

// Linea is one product of an order, at the price at which it was ordered. Amounts but PrecioCentavos are for
// the whole line.
type Linea struct {
	ProductoID     string         `json:"producto_id" format:"uuid" doc:"Id of the product."`
	Nombre         string         `json:"nombre" doc:"Its name when the order was placed."`
	Cantidad       int64          `json:"cantidad" doc:"How many units."`
	PrecioCentavos money.Centavos `json:"precio_centavos" doc:"Of one unit, IVA included."`
	IVA            money.IVA      `json:"iva" enum:"21,10.5,27,0,exento" doc:"Its rate of IVA."`
	NetoCentavos   money.Centavos `json:"neto_centavos" doc:"The whole line without IVA."`
	IVACentavos    money.Centavos `json:"iva_centavos" doc:"IVA of the whole line."`
	TotalCentavos  money.Centavos `json:"total_centavos" doc:"The whole line, IVA included."`
}

func lineas(ls []pedido.Linea) []Linea {
	out := make([]Linea, 0, len(ls))
	for _, l := range ls {
		out = append(out, Linea{
			ProductoID:     l.Producto,
			Nombre:         l.Nombre,
			Cantidad:       l.Cantidad,
			PrecioCentavos: l.Precio,
			IVA:            l.Tasa,
			NetoCentavos:   l.Neto,
			IVACentavos:    l.IVA,
			TotalCentavos:  l.Total,
		})
	}
	return out
}

// Ventana is a span of time within which the truck comes to the door.
type Ventana struct {
	Desde time.Time `json:"desde" doc:"Begin of the window."`
	Hasta time.Time `json:"hasta" doc:"End of the window."`
}

// Pago is the way in which an order is paid, and the payment as pagos last told it to the order. Amounts are in
// centavos.
type Pago struct {
	Metodo              string         `json:"metodo" enum:"tarjeta_credito,tarjeta_debito,efectivo,transferencia" doc:"How it is paid."`
	MarcaDeTarjeta      string         `json:"marca,omitempty" doc:"Brand of the card, as the gateway calls it."`
	Cuotas              int64          `json:"cuotas,omitempty" doc:"Instalments of a card."`
	Estado              string         `json:"estado,omitempty" crece:"pendiente,reservado,cobrado,rechazado,vencido,anulado,reembolsado" doc:"Absent before anything was asked of the gateway."`
	Instrucciones       string         `json:"instrucciones,omitempty" doc:"Where and how to pay a voucher or a transfer."`
	Desafio             string         `json:"desafio,omitempty" doc:"Address of a 3DS challenge."`
	CobradoCentavos     money.Centavos `json:"cobrado_centavos" doc:"What was taken."`
	ReembolsadoCentavos money.Centavos `json:"reembolsado_centavos" doc:"What of it went back."`
}

func pago(p pedido.Pago) Pago {
	return Pago{
		Metodo:              p.Metodo,
		MarcaDeTarjeta:      p.MarcaDeTarjeta,
		Cuotas:              p.Cuotas,
		Estado:              p.Estado,
		Instrucciones:       p.Instrucciones,
		Desafio:             p.Desafio,
		CobradoCentavos:     p.Cobrado,
		ReembolsadoCentavos: p.Reembolsado,
	}
}

// Entrega is the truck and the window that the customer was promised, and the times of the delivery.
type Entrega struct {
	Desde     time.Time  `json:"desde" doc:"Begin of the promised window."`
	Hasta     time.Time  `json:"hasta" doc:"End of the promised window."`
	CamionID  string     `json:"camion_id" format:"uuid" doc:"Id of the truck."`
	Patente   string     `json:"patente" doc:"Plate of the truck."`
	Salida    *time.Time `json:"salida,omitempty" doc:"When the truck leaves, as planned; the real time once it has left."`
	Llegada   *time.Time `json:"llegada,omitempty" doc:"When it arrived at the door."`
	Entregado *time.Time `json:"entregado,omitempty" doc:"When it was handed over, or could not be."`
}

// Pedido is an order as the API shows it.
type Pedido struct {
	ID            string         `json:"id" format:"uuid" doc:"Its id."`
	Codigo        string         `json:"codigo" doc:"To read out on the phone; the last character checks the others. Not unique."`
	Estado        Estado         `json:"estado" doc:"Where it stands."`
	Intento       int64          `json:"intento" minimum:"1" maximum:"3" doc:"Which of its three tries it is on."`
	ClienteID     string         `json:"cliente_id" format:"uuid" doc:"Whose order it is."`
	DireccionID   string         `json:"direccion_id" format:"uuid" doc:"Where it goes: id of an address of its customer."`
	Lineas        []Linea        `json:"lineas" doc:"What was ordered, at the prices of the order."`
	NetoCentavos  money.Centavos `json:"neto_centavos" doc:"Sum of the lines and of the delivery fee, without IVA."`
	IVACentavos   money.Centavos `json:"iva_centavos" doc:"IVA in the total."`
	EnvioCentavos money.Centavos `json:"envio_centavos" doc:"Delivery fee, IVA included; it is part of the sums."`
	TotalCentavos money.Centavos `json:"total_centavos" doc:"What the customer pays, IVA and delivery included."`
	Moneda        string         `json:"moneda" crece:"ARS" example:"ARS" doc:"Currency of all amounts."`
	Pago          Pago           `json:"pago" doc:"How it is paid, and what is known of it."`
	Ventana       *Ventana       `json:"ventana,omitempty" doc:"The window that was asked for."`
	Entrega       *Entrega       `json:"entrega,omitempty" doc:"Absent before a truck has it."`
	Referencia    string         `json:"referencia,omitempty" doc:"The integrator's own name for the order; as it was given."`
	Metadatos     Metadatos      `json:"metadatos,omitempty"`
	Acciones      []string       `json:"acciones" crece:"cancelar,reintentar,reembolsar,devolver" doc:"What this caller may do now: each is a POST below the order (cancelacion, reintento, reembolsos, devoluciones)."`
	Reembolsos    []Vuelto       `json:"reembolsos,omitempty" doc:"Money given back, or to be; oldest first."`
	Marcas        []string       `json:"marcas,omitempty" crece:"dinero-devuelto,contracargo,reembolso-rechazado" doc:"What people of the company have to look at."`
	Devoluciones  []Devolucion   `json:"devoluciones,omitempty" doc:"Goods that came back after the delivery, or are to; oldest first."`
	Motivo        string         `json:"motivo,omitempty" doc:"Why it failed or ended: a code, or what was said on cancelling."`
	Mensaje       string         `json:"mensaje,omitempty" doc:"The same for people, in Spanish."`
	Creado        time.Time      `json:"creado" doc:"When it was placed."`
	Cambio        time.Time      `json:"cambio" doc:"When it entered its estado."`
}

// ver shows ped to quien, its customer or an operator. The actions that it lists are those of quien.
func (a *API) ver(ped *pedido.Pedido, quien app.Quien) Pedido {
	v := Pedido{
		ID:            ped.ID,
		Codigo:        ped.Codigo,
		Estado:        Estado(ped.Estado),
		Intento:       ped.IntentoVisible(),
		ClienteID:     ped.Cliente,
		DireccionID:   ped.Destino.Direccion,
		Lineas:        lineas(ped.Lineas),
		NetoCentavos:  ped.Neto,
		IVACentavos:   ped.IVA,
		EnvioCentavos: ped.Envio,
		TotalCentavos: ped.Total,
		Moneda:        money.Currency,
		Pago:          pago(ped.Pago),
		Referencia:    ped.Referencia,
		Metadatos:     ped.Metadatos,
		Acciones:      a.app.Accionables(ped, quien),
		Reembolsos:    vueltos(ped),
		Marcas:        marcas(ped),
		Motivo:        ped.Motivo,
		Mensaje:       mensaje(ped),
		Creado:        ped.Creado,
		Cambio:        ped.Cambio,
	}
	for _, d := range ped.Devoluciones {
		v.Devoluciones = append(v.Devoluciones, devolucion(ped, d))
	}
	if ped.Ventana != nil {
		v.Ventana = &Ventana{ped.Ventana.Desde, ped.Ventana.Hasta}
	}
	if e := ped.Entrega; e.Visita > 0 {
		v.Entrega = &Entrega{
			Desde:     e.Desde,
			Hasta:     e.Hasta,
			CamionID:  e.Camion,
			Patente:   e.Patente,
			Salida:    cuando(e.Salida),
			Llegada:   cuando(e.Llegada),
			Entregado: cuando(e.Fin),
		}
	}
	return v
}

// mensajes tell the customer, in Spanish and by reason code, why their order failed or ended, and what to do
// about it.
var mensajes = map[string]string{
	"sin-stock": "No tenemos stock de todo lo que pediste. " +
		"Podés sacar o cambiar productos y volver a intentar.",
	"ventana-agotada":        "El horario que elegiste ya está completo. Elegí otro y volvé a intentar.",
	"sin-camion":             "No hay lugar en los camiones para tu pedido en los próximos días.",
	"fuera-de-area":          "Todavía no llegamos a esa dirección. Podés elegir otra y volver a intentar.",
	"producto-no-disponible": "Un producto de tu pedido ya no está a la venta. Cambialo y volvé a intentar.",
	"pago-rechazado":         "El pago fue rechazado. Probá con otra tarjeta u otro medio de pago.",
	"pago-vencido":           "El pago no llegó a tiempo. Podés volver a intentar.",
	"sin-pasarela":           "No pudimos comunicarnos con el medio de pago. No se cobró nada; podés volver a intentar.",
	"sin-respuesta": "Tuvimos un problema y no pudimos completar tu pedido. No es por algo tuyo; " +
		"podés volver a intentar.",
	"cliente-borrado":    "La cuenta fue dada de baja.",
	"sin-salida":         "El camión no llegó a salir con tu pedido. Te devolvemos el dinero.",
	"entrega-fallida":    "No pudimos entregarte el pedido. Te devolvemos el dinero.",
	"sin-resultado":      "El reparto terminó sin entregar tu pedido. Te devolvemos el dinero.",
	"dinero-devuelto":    "El dinero ya te fue devuelto, así que cancelamos el pedido.",
	"mercaderia-vencida": "La mercadería de tu pedido vencería antes de la próxima visita. Te devolvemos el dinero.",
	"devolucion":         "Devolviste todo el pedido. Te devolvemos el dinero.",
}

// Conocido reports whether motivo is a reason code of the house. A motivo that a person wrote is none.
func Conocido(motivo string) bool {
	_, ok := mensajes[motivo]
	return ok
}

// mensajesPago tell the customer, by the gateway's reason, why their payment was declined and how to pay
// instead. They are for the reasons that a customer can do something about.
var mensajesPago = map[string]string{
	"rechazada-por-el-emisor": "El banco rechazó el pago. Probá con otra tarjeta u otro medio de pago.",
	"autorizar-con-el-emisor": "Tenés que autorizar el pago con tu banco y volver a intentar.",
	"sin-fondos":              "La tarjeta no tiene fondos suficientes. Probá con otra.",
	"datos-de-tarjeta":        "Algún dato de la tarjeta no es correcto. Cargala de nuevo.",
	"token-invalido":          "Los datos de la tarjeta vencieron. Cargala de nuevo.",
	"riesgo":                  "El medio de pago no aprobó la operación. Probá con otro.",
	"demasiados-intentos":     "Se alcanzó el límite de intentos con esa tarjeta. Probá con otra.",
	"tarjeta-deshabilitada":   "La tarjeta no está habilitada. Comunicate con tu banco o probá con otra.",
	"limite-excedido":         "La compra supera el límite de la tarjeta. Probá con otra.",
	"cuotas-invalidas":        "La tarjeta no permite esa cantidad de cuotas.",
	"monto-distinto": "El medio de pago informó otro importe. Te devolvemos lo que haya cobrado; " +
		"podés volver a intentar.",
	"captura-rechazada": "El medio de pago no aceptó cobrar lo que había reservado. Podés volver a intentar.",
	"datos-invalidos":   "El medio de pago no aceptó los datos del pago. Revisalos y volvé a intentar.",
	"demasiados-rechazos": "Hubo demasiados pagos rechazados en la última hora. No se cobró nada; " +
		"probá más tarde o con otro medio de pago.",
	"desafio-vencido": "No se completó la verificación del banco. Podés volver a intentar.",
}

// mensaje is the sentence for the customer of an order that is fallido, rechazado, cancelado or devuelto. It is
// empty for an order without a Motivo, and for a Motivo in the words of a person, unless the order is
// cancelado.
func mensaje(ped *pedido.Pedido) string {
	if ped.Motivo == "" {
		return ""
	}
	codigo, detalle, _ := strings.Cut(ped.Motivo, ".")
	if m, ok := mensajesPago[detalle]; ok && codigo == "pago-rechazado" {
		return m
	}
	if m, ok := mensajes[codigo]; ok {
		return m + sinReintegro(ped)
	}
	if ped.Estado == pedido.Cancelado {
		return "El pedido fue cancelado." + sinReintegro(ped)
	}
	return ""
}

// sinReintegro is the sentence for the customer of an order that is over, while the gateway refuses to give its
// money back; empty otherwise.
func sinReintegro(ped *pedido.Pedido) string {
	if !ped.Terminado() || !ped.Marcado(pedido.MarcaRechazado) ||
		ped.Pago.Reembolsado >= ped.Pago.Cobrado {
		return ""
	}
	return " El medio de pago no nos permitió devolverte el dinero: nos vamos a comunicar con vos."
}

package pedido

import (
	"time"

	"despensa/platform/fault"
)

// Errors of the requests to an order: a retry, a cancel, a refund.
var (
	// ErrIntentos: the third intento has failed, or a retry has been asked for already.
	ErrIntentos = fault.New(fault.Conflict, "sin-intentos", "No further retry is possible now.")
	// ErrCancelando: a cancel is under way.
	ErrCancelando = fault.New(fault.Conflict, "cancelacion-en-curso", "The order is being cancelled.")
	// ErrAcciones: too many actions with a key within a day.
	ErrAcciones = fault.New(fault.TooMany, "demasiadas-acciones", "Too many actions on this order today.").
			WithRetry(time.Hour)
	// ErrReembolso: the amount is more than Reembolsable, or nothing is left to give back.
	ErrReembolso = fault.New(fault.Invalid, "monto-excesivo", "The amount exceeds what can be refunded.").
			WithField("body.monto_centavos", "exceeds what can be refunded")
	// ErrToken: a card's token is good for one intento, and the last intento has used it.
	ErrToken = fault.New(fault.Invalid, "pago-invalido", "This way to pay is not complete.").
			WithField("body.pago", "the card needs a new token")
)

// Nuevo is the content of a new order; the caller has checked and priced all of it.
type Nuevo struct {
	ID, Cliente, Huella string
	Lineas              []Linea
	Envio               Linea // the delivery fee as a line of its own; Total 0: free
	Destino             Destino
	Ventana             *Ventana
	Pago                Pago
	Propio              Propio // the caller has called Revisar
	Ahora               time.Time
}

// Crear makes an order in creado, due at once.
func Crear(nuevo Nuevo) *Pedido {
	ahora := Instante(nuevo.Ahora)
	p := &Pedido{
		ID:         nuevo.ID,
		Codigo:     Codigo(nuevo.ID),
		Cliente:    nuevo.Cliente,
		Estado:     Creado,
		Intento:    1,
		Version:    1,
		Creado:     ahora,
		Cambio:     ahora,
		Debe:       &ahora,
		Huella:     nuevo.Huella,
		Destino:    nuevo.Destino,
		Ventana:    nuevo.Ventana,
		Pago:       nuevo.Pago,
		Lineas:     nuevo.Lineas,
		Referencia: nuevo.Propio.Referencia,
		Metadatos:  nuevo.Propio.Metadatos,
		Intentos: []Intento{
			{Numero: 1, Lineas: nuevo.Lineas, Vueltas: []Vuelta{}, Visitas: []int64{}},
		},
	}
	p.sumar(nuevo.Envio)
	p.anotar("creado", "", "", ahora)
	return p
}

// sumar computes the order's sums from its lines and the delivery fee.
func (p *Pedido) sumar(envio Linea) {
	p.Neto, p.IVA, p.Envio = envio.Neto, envio.IVA, envio.Total
	p.Total = envio.Total
	for _, l := range p.Lineas {
		p.Neto, p.IVA, p.Total = p.Neto+l.Neto, p.IVA+l.IVA, p.Total+l.Total
	}
}

// dar takes one step of the machine and writes its event.
func (p *Pedido) dar(paso Paso, motivo string, ahora time.Time) error {
	a, err := siguiente(p.Estado, paso)
	if err != nil {
		return err
	}
	desde := p.Estado
	p.Estado, p.Cambio = a, Instante(ahora)
	p.DejarDeEsperar()
	p.Deber(ahora)
	p.anotar(string(paso), desde, motivo, ahora)
	return nil
}

// anotar appends an event to the history.
func (p *Pedido) anotar(tipo string, desde Estado, motivo string, ahora time.Time) {
	p.Eventos = append(p.Eventos, Evento{
		Seq:     int64(len(p.Eventos)) + 1,
		Tipo:    tipo,
		De:      desde,
		A:       p.Estado,
		Intento: p.Intento,
		Motivo:  motivo,
		En:      Instante(ahora),
	})
}

// Avanzar takes one of the steps that need nothing but the machine's leave.
// Errors: ErrPaso; ErrCancelando while a cancel is under way.
func (p *Pedido) Avanzar(paso Paso, ahora time.Time) error {
	if p.Nota != nil {
		return ErrCancelando
	}
	return p.dar(paso, "", ahora)
}

// Fallar ends the intento for motivo. The third failure is final: fallar and
// rechazar happen together.
func (p *Pedido) Fallar(motivo string, ahora time.Time) error {
	if p.Nota != nil {
		return ErrCancelando
	}
	token := p.Pago.Token
	if _, _, abierta := p.Vuelta(); p.Estado != Creado ||
		abierta { // the gateway may have seen the token
		token = ""
	}
	if err := p.dar(Fallar, motivo, ahora); err != nil {
		return err
	}
	p.cerrar(motivo, ahora)
	if p.Intento >= MaxIntentos {
		return p.dar(Rechazar, motivo, ahora)
	}
	p.Pago.Token = token
	return nil
}

// cerrar ends the intento under way.
func (p *Pedido) cerrar(motivo string, ahora time.Time) {
	p.Motivo, p.Pago.Token, p.Pago.Origen = motivo, "", ""
	a := p.actual()
	a.Motivo, a.Fin = motivo, Instante(ahora)
}

// Rechazar gives up on an order that its customer did not retry in time. Errors: ErrPaso, also when
// a retry has been asked for.
func (p *Pedido) Rechazar(ahora time.Time) error {
	if p.Pedida != nil {
		return ErrPaso.WithExtra("permitidos", Permitidos(p.Estado))
	}
	p.Pago.Token = ""
	return p.dar(Rechazar, p.Motivo, ahora)
}

// Reintentable tells why the order cannot be retried now, if it cannot; otroPago: the retry brings its own way to pay.
// Errors: ErrPaso, ErrIntentos, ErrToken.
func (p *Pedido) Reintentable(otroPago bool) error {
	if _, err := siguiente(p.Estado, Reintentar); err != nil {
		return err
	}
	if p.Pedida != nil || p.Intento >= MaxIntentos {
		return ErrIntentos
	}
	if !otroPago && p.Pago.MarcaDeTarjeta != "" && p.Pago.Token == "" {
		return ErrToken
	}
	return nil
}

// PedirReintento notes a retry. The next intento begins at once when nothing of the last one is left to
// undo, else as soon as Deshecho has been called for it. Errors: those of Reintentable.
func (p *Pedido) PedirReintento(cambios Cambios, ahora time.Time) error {
	if err := p.Reintentable(cambios.Pago != nil); err != nil {
		return err
	}
	p.Pedida = &cambios
	p.Deber(ahora)
	return p.reintentarSiPuede(ahora)
}

// reintentarSiPuede begins the next intento once the last one is undone.
func (p *Pedido) reintentarSiPuede(ahora time.Time) error {
	if _, quedan := p.PorDeshacer(); quedan || p.Pedida == nil || p.Estado != Fallido {
		return nil
	}
	c := *p.Pedida
	p.Pedida = nil
	p.Intento++
	p.aplicar(c)
	p.Intentos = append(
		p.Intentos,
		Intento{Numero: p.Intento, Lineas: p.Lineas, Vueltas: []Vuelta{}, Visitas: []int64{}},
	)
	p.Motivo, p.Entrega = "", Entrega{}
	return p.dar(Reintentar, "", ahora)
}

// aplicar takes the changes of a retry over into the order, and clears the state of the last payment.
func (p *Pedido) aplicar(cambios Cambios) {
	envio := p.LineaEnvio()
	if cambios.Lineas != nil {
		p.Lineas = cambios.Lineas
	}
	if cambios.Destino != nil {
		p.Destino = *cambios.Destino
	}
	if cambios.Ventana != nil {
		p.Ventana = cambios.Ventana
	}
	if cambios.Pago != nil {
		p.Pago = *cambios.Pago
	}
	p.Pago.Estado, p.Pago.Instrucciones, p.Pago.Desafio = "", "", ""
	p.Pago.Origen = cambios.Origen
	p.Pago.Cobrado, p.Pago.Reembolsado, p.Pago.Ajeno = 0, 0, 0
	if cambios.Envio != nil {
		envio = *cambios.Envio
	}
	p.sumar(envio)
}

// LineaEnvio is the delivery fee that the sums hold, as a line.
func (p *Pedido) LineaEnvio() Linea {
	l := Linea{Neto: p.Neto, IVA: p.IVA, Total: p.Envio}
	for _, linea := range p.Lineas {
		l.Neto, l.IVA = l.Neto-linea.Neto, l.IVA-linea.IVA
	}
	return l
}

// IntentoVisible is the number of the intento as the customer sees it: the next intento as soon as a
// retry has been asked for.
func (p *Pedido) IntentoVisible() int64 {
	if p.Pedida != nil {
		return p.Intento + 1
	}
	return p.Intento
}

// PedirCancelacion cancels at once where no truck is involved yet. From aceptado and
// confirmado it leaves a note, which the worker that holds the lease of the order carries out. Errors:
// ErrPaso, ErrCancelando; ErrAcciones when too many cancels have come too late.
func (p *Pedido) PedirCancelacion(nota Nota, ahora time.Time) error {
	if _, err := siguiente(p.Estado, Cancelar); err != nil {
		return err
	}
	if p.Nota != nil {
		return ErrCancelando
	}
	if p.muchasTardes() {
		return ErrAcciones
	}
	nota.En = Instante(ahora)
	if p.Estado == Aceptado || p.Estado == Confirmado {
		p.Nota = &nota
		p.Deber(ahora)
		return nil
	}
	return p.cancelar(nota.Motivo, nota.codigo(), ahora)
}

// Cancelar carries out the note, if there is one: the truck has given the visit back. Errors: ErrPaso.
func (p *Pedido) Cancelar(ahora time.Time) error {
	if p.Nota == nil {
		return nil
	}
	n := *p.Nota
	p.Nota = nil
	return p.cancelar(n.Motivo, n.codigo(), ahora)
}

// codigo is the reason of a cancel as its event tells it.
func (n Nota) codigo() string {
	if n.Codigo == "" {
		return aPedido
	}
	return n.Codigo
}

// aPedido is the reason code in the event of a cancel or a refund that the customer or an operator asked
// for. Their own words stay in the order.
const aPedido = "a-pedido"

// cancelar ends the order, for motivo; the event says codigo.
func (p *Pedido) cancelar(motivo, codigo string, ahora time.Time) error {
	p.Pedida = nil
	if err := p.dar(Cancelar, codigo, ahora); err != nil {
		return err
	}
	p.cerrar(motivo, ahora)
	return nil
}

// CancelarSinEntrega ends an order that no truck could take any more. Errors: ErrPaso, ErrCancelando.
func (p *Pedido) CancelarSinEntrega(motivo string, ahora time.Time) error {
	if p.Nota != nil {
		return ErrCancelando
	}
	return p.cancelar(motivo, motivo, ahora)
}

// RetirarNota takes a cancel back: the truck has left.
func (p *Pedido) RetirarNota(ahora time.Time) {
	p.Olvidar(p.Nota.Llave)
	p.Nota = nil
	p.Deber(ahora)
	p.anotar(tarde, p.Estado, "ya-salio", ahora)
}

// Devolver ends an order that came back, for motivo. Errors: ErrPaso.
func (p *Pedido) Devolver(motivo string, ahora time.Time) error {
	if err := p.dar(Devolver, motivo, ahora); err != nil {
		return err
	}
	p.cerrar(motivo, ahora)
	return nil
}

// Deshecho notes that nothing is left of intento numero, and begins the next intento if the customer has
// asked for a retry.
func (p *Pedido) Deshecho(numero int64, ahora time.Time) error {
	p.MarcarDeshecho(numero)
	p.Esperas = 0
	p.Deber(ahora)
	return p.reintentarSiPuede(ahora)
}

// Anotar writes an event that moves no state: a visit booked anew, money given back.
func (p *Pedido) Anotar(tipo, motivo string, ahora time.Time) {
	p.anotar(tipo, p.Estado, motivo, ahora)
}

// Instante is a time as the stores keep it: UTC, whole milliseconds.
func Instante(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

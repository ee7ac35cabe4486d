// Package pedido is the order: its rules, its machine and its history. Pure: time and
// ids come in as values, nothing here does I/O.
package pedido

import (
	"context"
	"fmt"
	"slices"

	"despensa/platform/fault"

	"github.com/looplab/fsm"
)

// Estado is where an order stands.
type Estado string

// The states of an order.
const (
	Creado        Estado = "creado"
	Preprocesado  Estado = "preprocesado"
	PagoPendiente Estado = "pago_pendiente"
	Autorizado    Estado = "autorizado"
	Aceptado      Estado = "aceptado"
	Confirmado    Estado = "confirmado"
	EnReparto     Estado = "en_reparto"
	Entregado     Estado = "entregado"
	Fallido       Estado = "fallido"
	Rechazado     Estado = "rechazado"
	Cancelado     Estado = "cancelado"
	Devuelto      Estado = "devuelto"
)

// Conocido reports whether this release knows e. An unknown Estado comes from a later
// release, and only replicas of that release may touch the order.
func (e Estado) Conocido() bool { return slices.Contains(conocidos, e) }

// conocidos are the states that this release knows.
var conocidos = Estados()

// Paso is a step of the machine: it moves an order from one Estado to another.
type Paso string

// The steps of an order.
const (
	Preprocesar Paso = "preprocesar"
	EsperarPago Paso = "esperar_pago"
	Autorizar   Paso = "autorizar"
	Aceptar     Paso = "aceptar"
	Confirmar   Paso = "confirmar"
	Despachar   Paso = "despachar"
	Entregar    Paso = "entregar"
	Reprogramar Paso = "reprogramar"
	Fallar      Paso = "fallar"
	Reintentar  Paso = "reintentar"
	Rechazar    Paso = "rechazar"
	Cancelar    Paso = "cancelar"
	Devolver    Paso = "devolver"
)

type de = []Estado

// transicion is one row of the machine.
type transicion struct {
	paso Paso
	de   de
	a    Estado
}

// transiciones is the whole life of a Pedido; nothing else moves an Estado.
var transiciones = []transicion{
	{Preprocesar, de{Creado}, Preprocesado},
	{EsperarPago, de{Preprocesado}, PagoPendiente},
	{Autorizar, de{Preprocesado, PagoPendiente}, Autorizado},
	{Aceptar, de{Autorizado}, Aceptado},
	{Confirmar, de{Aceptado}, Confirmado},
	{Despachar, de{Confirmado}, EnReparto},
	{Entregar, de{EnReparto}, Entregado},
	{Reprogramar, de{EnReparto}, Confirmado},
	{Fallar, de{Creado, Preprocesado, PagoPendiente, Autorizado, Aceptado}, Fallido},
	{Reintentar, de{Fallido}, Creado},
	{Rechazar, de{Fallido}, Rechazado},
	{Cancelar, de{Creado, Preprocesado, PagoPendiente, Autorizado, Aceptado, Confirmado, Fallido}, Cancelado},
	{Devolver, de{EnReparto, Entregado}, Devuelto},
}

// rasgos are the columns of one Estado beside the steps that lead out of it.
type rasgos struct {
	estado       Estado
	terminado    bool // the intento has ended and is to be undone
	reembolsable bool // an operator may give money back
	reintentable bool // the customer may begin another intento
	devolvible   bool // the customer may return goods
}

// tablaRasgos has a row for every Estado.
var tablaRasgos = []rasgos{
	{estado: Creado},
	{estado: Preprocesado},
	{estado: PagoPendiente},
	{estado: Autorizado},
	{estado: Aceptado},
	{estado: Confirmado, reembolsable: true},
	{estado: EnReparto, reembolsable: true},
	{estado: Entregado, reembolsable: true, devolvible: true},
	{estado: Fallido, terminado: true, reintentable: true},
	{estado: Rechazado, terminado: true},
	{estado: Cancelado, terminado: true},
	{estado: Devuelto, terminado: true},
}

// rasgos gives the columns of e; of an unknown Estado none is set.
func (e Estado) rasgos() rasgos {
	i := slices.IndexFunc(tablaRasgos, func(r rasgos) bool { return r.estado == e })
	if i < 0 {
		return rasgos{estado: e}
	}
	return tablaRasgos[i]
}

// ErrPaso answers a step that the machine does not allow from where the order stands.
var ErrPaso = fault.New(fault.Conflict, "paso-no-permitido", "The order's state does not allow this.")

// eventos is the table as looplab/fsm reads it.
var eventos = func() fsm.Events {
	var out fsm.Events
	for _, t := range transiciones {
		e := fsm.EventDesc{Name: string(t.paso), Dst: string(t.a)}
		for _, d := range t.de {
			e.Src = append(e.Src, string(d))
		}
		out = append(out, e)
	}
	return out
}()

// siguiente tells where paso leads from e. The machine is built anew for each
// step, so no replica holds state between two steps.
func siguiente(estado Estado, paso Paso) (Estado, error) {
	m := fsm.NewFSM(string(estado), eventos, nil)
	if err := m.Event(context.Background(), string(paso)); err != nil {
		return estado, fmt.Errorf("%w (%w)", ErrPaso.WithExtra("permitidos", Permitidos(estado)), err)
	}
	return Estado(m.Current()), nil
}

// Permitidos lists the steps that e allows, in the order of the table.
func Permitidos(estado Estado) []Paso {
	out := []Paso{}
	for _, t := range transiciones {
		if slices.Contains(t.de, estado) {
			out = append(out, t.paso)
		}
	}
	return out
}

// Estados lists every state, in the order of an order's life: as the table leads to them.
func Estados() []Estado {
	out := []Estado{Creado}
	for _, t := range transiciones {
		if !slices.Contains(out, t.a) {
			out = append(out, t.a)
		}
	}
	return out
}

// Transicion is one edge of the machine, for documents and pages.
type Transicion struct {
	Paso Paso     `json:"paso" crece:"preprocesar,esperar_pago,autorizar,aceptar,confirmar,despachar,entregar,reprogramar,fallar,reintentar,rechazar,cancelar,devolver" doc:"The step."`
	De   []Estado `json:"de" enum:"creado,preprocesado,pago_pendiente,autorizado,aceptado,confirmado,en_reparto,entregado,fallido,rechazado,cancelado,devuelto" doc:"From where it leads."`
	A    Estado   `json:"a" enum:"creado,preprocesado,pago_pendiente,autorizado,aceptado,confirmado,en_reparto,entregado,fallido,rechazado,cancelado,devuelto" doc:"To where."`
}

// Maquina gives the whole machine, row by row.
func Maquina() []Transicion {
	out := make([]Transicion, 0, len(transiciones))
	for _, t := range transiciones {
		out = append(out, Transicion{Paso: t.paso, De: slices.Clone(t.de), A: t.a})
	}
	return out
}

// Mermaid draws the machine as a Mermaid state diagram.
func Mermaid() (string, error) {
	return fsm.VisualizeWithType(fsm.NewFSM(string(Creado), eventos, nil), fsm.MERMAID)
}

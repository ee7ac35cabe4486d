package pedido

import (
	"slices"
	"time"

	"despensa/platform/fault"
	"despensa/platform/skew"
)

// Bounds of the keys of actions.
const (
	vidaAccion  = 24 * time.Hour
	maxAcciones = 50
)

// ErrHuella: an Idempotency-Key came back with another body.
var ErrHuella = fault.New(
	fault.Invalid,
	"clave-reutilizada",
	"This Idempotency-Key was used with another body.",
)

// YaHecha tells whether the action under llave has been taken on this order.
// Errors: ErrHuella.
func (p *Pedido) YaHecha(llave, huella string) (bool, error) {
	for _, a := range p.Acciones {
		if a.Llave == llave {
			if a.Huella != huella {
				return false, ErrHuella
			}
			return true, nil
		}
	}
	return false, nil
}

// Recordar notes an action with a key for a day. An action that a clock which was ahead has dated after ahora is
// remembered for a day from ahora, and does not count towards the bound this time. Errors: ErrAcciones at the 51st
// action.
func (p *Pedido) Recordar(llave, huella string, ahora time.Time) error {
	var vivas []Accion
	futuras := 0
	for _, a := range p.Acciones {
		en := Instante(skew.Past(a.En, ahora))
		if !en.Equal(a.En) {
			futuras++
		}
		a.En = en
		if ahora.Sub(a.En) < vidaAccion {
			vivas = append(vivas, a)
		}
	}
	if len(vivas)-futuras >= maxAcciones {
		return ErrAcciones
	}
	p.Acciones = append(vivas, Accion{Llave: llave, Huella: huella, En: Instante(ahora)})
	return nil
}

// Olvidar forgets the action under llave: the action came to nothing, and its caller may ask for it again.
func (p *Pedido) Olvidar(llave string) {
	p.Acciones = slices.DeleteFunc(p.Acciones, func(a Accion) bool { return a.Llave == llave })
}

// Accionables lists the actions that the customer of the order, or an operator, may take on it now, as the API names
// them; plazo is how long after the delivery goods may be returned.
func (p *Pedido) Accionables(operador bool, plazo time.Duration, ahora time.Time) []string {
	out := []string{}
	if _, err := siguiente(p.Estado, Cancelar); err == nil && p.Nota == nil {
		out = append(out, "cancelar")
	}
	rasgos := p.Estado.rasgos()
	if rasgos.reintentable && p.Pedida == nil && p.Intento < MaxIntentos {
		out = append(out, "reintentar")
	}
	if operador && rasgos.reembolsable && p.Reembolsable() > 0 && !p.muchosReembolsos("") {
		out = append(out, "reembolsar")
	}
	if p.Devolvible(plazo, ahora) {
		out = append(out, "devolver")
	}
	return out
}

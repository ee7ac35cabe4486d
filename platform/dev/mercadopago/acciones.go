package mercadopago

import (
	"context"
	"net/http"
	"strings"
	"time"

	"despensa/platform/money"

	"gorm.io/gorm"
)

// capturar is POST /v1/orders/{id}/capture: the full amount only.
func (s *Simulador) capturar(r *http.Request) (respuesta, error) {
	return s.sinCuerpo(r, "capture", (*orden).capturar)
}

// cancelar is POST /v1/orders/{id}/cancel.
func (s *Simulador) cancelar(r *http.Request) (respuesta, error) {
	return s.sinCuerpo(r, "cancel", (*orden).cancelar)
}

// sinCuerpo runs the action cambio of a call without a body, or with an empty object as its body.
func (s *Simulador) sinCuerpo(
	r *http.Request, accion string, cambio func(*orden, time.Time) error,
) (respuesta, error) {
	b, err := cuerpo(r)
	if err != nil {
		return respuesta{}, err
	}
	if b != nil {
		if err := leer(b, &struct{}{}); err != nil {
			return respuesta{}, err
		}
	}
	return s.actuar(r, accion, nil, http.StatusOK, func(o *orden, _ ids, ahora time.Time) error {
		return cambio(o, ahora)
	})
}

// peticionReembolso is the body of a partial refund.
type peticionReembolso struct {
	Transactions []struct {
		ID     string `json:"id"`
		Amount string `json:"amount"`
	} `json:"transactions"`
}

// reembolsar is POST /v1/orders/{id}/refund. Without a body it refunds the whole remaining amount.
func (s *Simulador) reembolsar(r *http.Request) (respuesta, error) {
	b, err := cuerpo(r)
	if err != nil {
		return respuesta{}, err
	}
	if b == nil {
		return s.actuar(r, "refund", nil, http.StatusCreated, func(o *orden, j ids, ahora time.Time) error {
			return o.reembolsar(j.reembolso, 0, ahora)
		})
	}
	var p peticionReembolso
	if err := leer(b, &p); err != nil {
		return respuesta{}, err
	}
	pago, monto, err := p.validar()
	if err != nil {
		return respuesta{}, err
	}
	return s.actuar(r, "refund", p, http.StatusCreated, func(o *orden, j ids, ahora time.Time) error {
		if o.pago().ID != pago {
			return errNoHayPago
		}
		return o.reembolsar(j.reembolso, monto, ahora)
	})
}

// validar gives the id of the payment and the amount to refund; the amount is 0 when the request has none, and then
// means the whole remaining amount. Errors: those of MERCADOPAGO.md.
func (p peticionReembolso) validar() (string, money.Centavos, error) {
	switch {
	case len(p.Transactions) == 0:
		return "", 0, errMinimo.de("transactions")
	case len(p.Transactions) > 1:
		return "", 0, errMaximo.de("transactions")
	}
	t := p.Transactions[0]
	if !strings.HasPrefix(t.ID, "PAY") {
		return "", 0, errIDTransaccion.de("transactions[0].id")
	}
	if t.Amount == "" {
		return t.ID, 0, nil
	}
	monto, err := money.LeerDecimal(t.Amount)
	if err != nil || monto <= 0 {
		return "", 0, errValor.de("transactions[0].amount")
	}
	return t.ID, monto, nil
}

// actuar runs the action cambio on the order of the path, once per idempotency key. accion and pedido are compared
// with those of an earlier call with the same key; estado is the HTTP status of success. Errors: those of
// MERCADOPAGO.md.
func (s *Simulador) actuar(
	r *http.Request, accion string, pedido any, estado int, cambio func(*orden, ids, time.Time) error,
) (respuesta, error) {
	ahora := s.ahora()
	id := r.PathValue("id")
	if !enOrden.MatchString(id) {
		return respuesta{}, errRuta.de("order_id")
	}
	llamada, err := s.unica(r, accion+" "+id, pedido)
	if err != nil {
		return respuesta{}, err
	}
	nuevos, err := s.azar.juego(ahora)
	if err != nil {
		return respuesta{}, err
	}
	return s.unaVez(r.Context(), llamada, func(tx *gorm.DB) (filaOrden, int, error) {
		o, _, err := cargar(tx, id, ahora)
		if err != nil {
			return filaOrden{}, 0, err
		}
		if err := cambio(o, nuevos, ahora); err != nil {
			return filaOrden{}, 0, err
		}
		fila, err := guardar(tx, o, s.aviso(nuevos.aviso, o, "order."+o.Status, ahora))
		return fila, estado, err
	})
}

// mudar changes the order id without an idempotency key. It first applies the change that time has brought
// (orden.pasar), and then cambio, which returns the action of the webhook. With a nil cambio it applies the change of
// time alone. Errors: errNoHay; cambio's.
func (s *Simulador) mudar(
	ctx context.Context, id string, cambio func(*orden, time.Time) (string, error),
) (filaOrden, error) {
	ahora := s.ahora()
	aviso, err := s.azar.id("NOT", ahora)
	if err != nil {
		return filaOrden{}, err
	}
	var fila filaOrden
	err = s.libro.db.Escribir(ctx, "dev.mercadopago", func(tx *gorm.DB) error {
		o, accion, err := cargar(tx, id, ahora)
		if err == nil && cambio != nil {
			accion, err = cambio(o, ahora)
		}
		if err != nil {
			return err
		}
		if accion == "" { // another call has applied the change of time already
			fila, err = o.fila()
			return err
		}
		fila, err = guardar(tx, o, s.aviso(aviso, o, accion, ahora))
		return err
	})
	if err != nil { // fila may still be written to when ctx has ended
		return filaOrden{}, err
	}
	s.correo.despertar()
	return fila, nil
}

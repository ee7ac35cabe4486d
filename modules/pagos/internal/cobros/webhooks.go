package cobros

import (
	"context"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/fault"
	"despensa/platform/skew"
)

// Errors of Recibir; package rest answers them, and the contract of pagos does not have them.
var (
	// ErrFirma: a notice that its provider did not sign, or not lately.
	ErrFirma = fault.New(fault.Unauthenticated, "firma-invalida", "The signature of the notice is missing or wrong.")
	// ErrProveedor: no provider of that name is configured.
	ErrProveedor = fault.New(fault.NotFound, "proveedor-desconocido", "There is no such provider.")
)

// ordenTipo is the kind of notice that names an order.
const ordenTipo = "order"

var enDato = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// Recibir stores a notice whose signature is right, and refuses any other. The notice only says which order to look at:
// Atender asks the gateway for its state later. Errors: ErrProveedor, ErrFirma.
func (s *Servicio) Recibir(
	ctx context.Context,
	proveedor string,
	noticia gateway.Noticia,
) error {
	buzon, ok := s.o.Buzones[proveedor]
	if !ok {
		return ErrProveedor
	}
	ahora := s.ahora()
	if !enDato.MatchString(noticia.Dato) || buzon.Verificar(noticia, ahora) != nil {
		return ErrFirma
	}
	if noticia.Tipo != ordenTipo {
		return nil // notices of payments: those of the order and the polls tell the same
	}
	a := Webhook{
		Proveedor: proveedor,
		Dato:      noticia.Dato,
		Solicitud: noticia.Solicitud,
		Recibido:  ahora,
		Debe:      ahora,
	}
	// So that several are processed together.
	nuevo, debe, err := s.o.Bandeja.Recibir(ctx, a, ahora.Add(s.o.Reglas.Reposo))
	if err == nil && nuevo && !debe.After(ahora) {
		s.despertar()
	}
	return err
}

func (s *Servicio) despertar() {
	select {
	case s.hay <- struct{}{}:
	default:
	}
}

// Hay delivers a value when a notice has come that is due at once.
func (s *Servicio) Hay() <-chan struct{} { return s.hay }

// Atender processes the notices that are due, at most Reglas.Tanda, with one look at the gateway for all notices of one
// order. It returns their number. A notice is put off, longer each time, while its order cannot be read or belongs to
// no cobro that is stored. Errors: ErrRonda.
func (s *Servicio) Atender(ctx context.Context) (int, error) {
	ahora := s.ahora()
	avisos, err := s.o.Bandeja.Pendientes(ctx, ahora, s.o.Reglas.lejos(ahora), s.o.Reglas.Tanda)
	if err != nil || len(avisos) == 0 {
		return 0, err
	}
	grupos := porOrden(avisos)
	fallo := s.porFila(
		ctx,
		"pagos.avisos",
		len(grupos),
		func(ctx context.Context, i int) error {
			as, procesado := grupos[i], false
			err := s.o.Guard.Run(ctx, "pagos.aviso", func() (err error) {
				procesado, err = s.procesar(ctx, as[0].Proveedor, as[0].Dato)
				return err
			}, "order", as[0].Dato)
			s.reagendar(as, procesado && err == nil)
			return err
		},
	)
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	return len(avisos), errors.Join(fallo, s.o.Bandeja.Guardar(ctx, slices.Concat(grupos...)))
}

// porOrden puts together the notices of each order.
func porOrden(avisos []Webhook) [][]Webhook {
	type orden struct{ proveedor, dato string }
	grupos := map[orden][]Webhook{}
	for _, a := range avisos {
		k := orden{a.Proveedor, a.Dato}
		grupos[k] = append(grupos[k], a)
	}
	return slices.Collect(maps.Values(grupos))
}

// reagendar sets when each notice of as is due again: never where procesado, or once Reglas.Guarda has passed since it
// came.
func (s *Servicio) reagendar(avisos []Webhook, procesado bool) {
	ahora := s.ahora()
	for i := range avisos {
		avisos[i].Recibido = skew.Past(avisos[i].Recibido, ahora)
		avisos[i].Intentos++
		avisos[i].Debe = ahora.Add(s.o.Reglas.Sondeo.despues(avisos[i].Intentos - 1))
		if procesado {
			avisos[i].Debe = time.Time{}
		} else if ahora.Sub(avisos[i].Recibido) > s.o.Reglas.Guarda {
			s.o.Log.Error("a notice was never understood", "provider", avisos[i].Proveedor, "order", avisos[i].Dato)
			avisos[i].Debe = time.Time{}
		}
	}
}

// procesar reads the order dato at the gateway and applies its state to its cobro. False where the gateway does not
// answer, or no cobro of that order is stored yet: the notice is tried again later. Errors: those that trying again
// does not mend (see pasara).
func (s *Servicio) procesar(ctx context.Context, proveedor, dato string) (bool, error) {
	f, hay, err := s.o.Store.PorOrden(ctx, proveedor, dato)
	if err == nil && !hay {
		f, hay, err = s.porReferencia(ctx, proveedor, dato)
	}
	if err == nil && hay {
		err = s.actualizar(ctx, f)
	}
	if err != nil && pasara(err) {
		return false, nil
	}
	return hay, err
}

// actualizar looks at the gateway for cobroEntero, and makes the call that cobroEntero then needs, if any.
func (s *Servicio) actualizar(ctx context.Context, cobroEntero CobroEntero) error {
	m := s.ejecutor(true)
	cobroEntero, _, err := m.sincronizar(ctx, cobroEntero)
	if err == nil && cobroEntero.siguienteTarea(s.ahora()).clase == hacer {
		if _, err = m.avanzar(ctx, cobroEntero); pasara(err) {
			return nil // RevisarDebidos goes on with the cobro when its Debe comes
		}
	}
	return err
}

// porReferencia finds the cobro of an order by the reference that the order carries, where no cobro has the order's id:
// the answer that would have told the id may be lost. The cobro that is returned is looked at by that id.
func (s *Servicio) porReferencia(
	ctx context.Context,
	proveedor, dato string,
) (CobroEntero, bool, error) {
	r, err := s.o.Pasarelas[proveedor].Leer(ctx, dato)
	if err != nil {
		return CobroEntero{}, false, err
	}
	i, ok := intentoDe(r.Referencia)
	if !ok {
		return CobroEntero{}, false, nil
	}
	f, hay, err := s.o.Store.PorID(ctx, ID(i))
	if err != nil || !hay || f.Orden != "" && f.Orden != r.ID {
		return f, false, err
	}
	f.pista = r.ID // sincronizar then reads this order, and need not search for it
	return f, true, nil
}

// intentoDe reads a reference as Cobro.Referencia writes it; false where it is none.
func intentoDe(referencia string) (pagos.Intento, bool) {
	raya := strings.LastIndexByte(referencia, '-')
	if raya < 1 {
		return pagos.Intento{}, false
	}
	n, err := strconv.Atoi(referencia[raya+1:])
	return pagos.Intento{Pedido: referencia[:raya], Numero: n}, err == nil
}

// Limpiar removes old notices that are done; it tells how many.
func (s *Servicio) Limpiar(ctx context.Context) (total int, err error) {
	for {
		n, err := s.o.Bandeja.Limpiar(ctx, s.ahora().Add(-s.o.Reglas.Guarda), limpiarDeUna)
		if total += n; err != nil || n < limpiarDeUna {
			return total, err
		}
	}
}

const limpiarDeUna = 500

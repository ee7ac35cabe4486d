package rest

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"despensa/modules/pedidos/internal/app"
	"despensa/platform/httpapi"

	"github.com/danielgtaylor/huma/v2"
)

func (a *API) diario(api huma.API) {
	httpapi.Register(api, op(
		"listar-diario",
		http.MethodGet,
		"/eventos",
		"The events of all orders, oldest first, for programs that follow them",
	), vigilan, a.listarDiario)
}

// EventoDePedido is one event of an order, as the diary of all orders tells it.
type EventoDePedido struct {
	ID       string    `json:"id" doc:"The order's id and seq. Keep it where an effect of your own must happen once."`
	PedidoID string    `json:"pedido_id" format:"uuid" doc:"To which order it happened."`
	Seq      int64     `json:"seq" doc:"Within the order: from 1, without gaps."`
	Tipo     string    `json:"tipo" doc:"A step of the machine, or creado, visita_asignada, reembolso_hecho, …; may grow."`
	Intento  int64     `json:"intento" doc:"Which of the order's three tries it belongs to."`
	Estado   Estado    `json:"estado" doc:"Of the order after the event."`
	Momento  time.Time `json:"momento" doc:"When it happened."`
}

// ListarDiario is the call that reads the diary of all orders.
type ListarDiario struct {
	httpapi.PageQuery
	Tipo string `query:"tipo" minLength:"1" maxLength:"40" pattern:"^[a-z_]+$" example:"confirmar" doc:"Events of this tipo alone."`
}

// PaginaDeDiario is one page of the diary, oldest event first. Unlike other lists it always has Siguiente: a
// program asks again with it when more has happened.
type PaginaDeDiario struct {
	httpapi.Lista[EventoDePedido]
	Siguiente string `json:"siguiente" doc:"Cursor of what comes next, today or later; always given."`
}

// Diario answers with a page of the diary.
type Diario struct{ Body PaginaDeDiario }

func (a *API) listarDiario(ctx context.Context, in *ListarDiario) (*Diario, error) {
	desde, err := desdeNumero(in.PageQuery)
	if err != nil {
		return nil, err
	}
	as, hasta, err := a.app.Diario(ctx, in.Tipo, desde, in.Limite)
	if err != nil {
		return nil, err
	}
	v := PaginaDeDiario{Siguiente: cursorDeDiario(hasta)}
	v.Datos = make([]EventoDePedido, 0, len(as))
	for _, s := range as {
		v.Datos = append(v.Datos, eventoDePedido(s))
	}
	return &Diario{v}, nil
}

func eventoDePedido(entradaDelDiario app.EntradaDelDiario) EventoDePedido {
	return EventoDePedido{
		ID:       entradaDelDiario.Pedido + ":" + strconv.FormatInt(entradaDelDiario.Evento.Seq, 10),
		PedidoID: entradaDelDiario.Pedido,
		Seq:      entradaDelDiario.Evento.Seq,
		Tipo:     entradaDelDiario.Evento.Tipo,
		Intento:  entradaDelDiario.Evento.Intento,
		Estado:   Estado(entradaDelDiario.Evento.A),
		Momento:  entradaDelDiario.Evento.En,
	}
}

// deDiario begins the cursors of the diary, so that a cursor of another list is refused there.
const deDiario = "diario:"

func cursorDeDiario(n int64) string {
	return httpapi.Cursor{ID: deDiario + strconv.FormatInt(n, 10)}.Text()
}

// desdeNumero reads the number in the diary after which the page begins; 0 without a cursor. Errors:
// httpapi.ErrCursor.
func desdeNumero(pageQuery httpapi.PageQuery) (int64, error) {
	m, err := pageQuery.After()
	if err != nil || m == nil {
		return 0, err
	}
	texto, suyo := strings.CutPrefix(m.ID, deDiario)
	n, err := strconv.ParseInt(texto, 10, 64)
	if !suyo || err != nil || n < 0 {
		return 0, httpapi.ErrCursor
	}
	return n, nil
}

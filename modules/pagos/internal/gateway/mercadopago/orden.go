package mercadopago

import (
	"net/url"
	"strings"
	"unicode"

	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/money"

	"github.com/mercadopago/sdk-go/pkg/order"
)

// orden translates an answer of MercadoPago into the port's words. It judges nothing.
func orden(respuesta *order.Response) gateway.Orden {
	out := gateway.Orden{
		ID:         respuesta.ID,
		Referencia: respuesta.ExternalReference,
		Estado:     estado(respuesta.Status, respuesta.StatusDetail),
		Moneda:     respuesta.Currency,
		Total:      importe(respuesta.TotalAmount),
		Pagado:     importe(respuesta.TotalPaidAmount),
		Reembolsos: reembolsos(respuesta.Transactions.Refunds),
	}
	out.Contracargo = disputado(respuesta)
	for _, p := range respuesta.Transactions.Payments {
		out.Pagos = append(out.Pagos, gateway.Pago{
			ID:      p.ID,
			Estado:  estadoPago(p.Status, p.StatusDetail),
			Importe: importe(p.Amount),
			Pagado:  importe(p.PaidAmount),
		})
	}
	if len(respuesta.Transactions.Payments) > 0 { // one at most
		p := respuesta.Transactions.Payments[0]
		out.Instrucciones, out.Desafio = instrucciones(p.PaymentMethod), desafio(p)
		if out.Estado == gateway.Rechazada {
			out.Motivo = motivo(p.StatusDetail)
		}
	}
	return out
}

// importe reads an amount as it is stated; "" is not stated.
func importe(s string) gateway.Importe {
	if s == "" {
		return gateway.Importe{}
	}
	c, err := money.ParseDecimal(s)
	if err != nil {
		return gateway.Ilegible
	}
	return gateway.Dice(c)
}

func reembolsos(refundResponses []order.RefundResponse) (out []gateway.Reembolso) {
	for _, r := range refundResponses {
		if fallido[r.Status] {
			continue
		}
		i := importe(r.Amount)
		if !i.Dicho {
			i = gateway.Ilegible // a refund is an amount
		}
		out = append(out, gateway.Reembolso{ID: r.ID, Monto: i.Monto})
	}
	return out
}

// disputado reports whether a chargeback of o is open or lost. One that was won is said to be reimbursed.
func disputado(response *order.Response) bool {
	for _, c := range response.Transactions.Chargebacks {
		if c.Status != ganado {
			return true
		}
	}
	for _, p := range response.Transactions.Payments {
		if p.Status == contracargado && p.StatusDetail != ganado {
			return true
		}
	}
	return response.Status == contracargado && response.StatusDetail != ganado
}

// The status of a payment that the cardholder's bank disputes, and the detail of a dispute that we have won.
const (
	contracargado = "charged_back"
	ganado        = "reimbursed"
)

// fallido are the statuses of a refund that gave nothing back.
var fallido = map[string]bool{
	"failed":    true,
	"rejected":  true,
	"canceled":  true,
	"cancelled": true,
}

// tomado are the status details with which a processed order has taken the money. MercadoPago may add details at any
// time; a detail that is not in this table leaves the order undecided.
var tomado = map[string]bool{
	"accredited":         true,
	"partially_refunded": true,
	"refunded":           true,
	"settled":            true,
	"reimbursed":         true,
}

// estado reads status and detail of an order; an unknown status is EnProceso, undecided.
func estado(status, detalle string) gateway.Estado {
	switch status {
	case "action_required", "created":
		if detalle == "waiting_capture" {
			return gateway.Reservada
		}
		return gateway.EnEspera
	case "processed":
		if tomado[detalle] {
			return gateway.Cobrada
		}
	case "refunded", contracargado:
		return gateway.Cobrada
	case "failed":
		return gateway.Rechazada
	case "canceled", "cancelled", "expired":
		return gateway.Cancelada
	}
	return gateway.EnProceso
}

// estadoPago reads status and detail of a payment; "" where it has no status. Its detail
// may be left out, and a detail that is a refusal outweighs its status.
func estadoPago(status, detalle string) gateway.Estado {
	if _, refusal := motivos[detalle]; refusal {
		return gateway.Rechazada
	}
	switch status {
	case "":
		return ""
	case "processed", "refunded", contracargado:
		return gateway.Cobrada
	case "rejected":
		return gateway.Rechazada
	}
	return estado(status, detalle)
}

// motivos are the reasons of a refusal, for the order's page; the list is open.
var motivos = map[string]string{
	"rejected_by_issuer":          "rechazada-por-el-emisor",
	"required_call_for_authorize": "autorizar-con-el-emisor",
	"insufficient_amount":         "sin-fondos",
	"card_insufficient_amount":    "sin-fondos",
	"bad_filled_card_data":        "datos-de-tarjeta",
	"invalid_card_token":          "token-invalido",
	"high_risk":                   "riesgo",
	"max_attempts_exceeded":       "demasiados-intentos",
	"card_disabled":               "tarjeta-deshabilitada",
	"amount_limit_exceeded":       "limite-excedido",
	"invalid_installments":        "cuotas-invalidas",
	"processing_error":            "error-de-proceso",
	"3ds_challenge_expired":       "desafio-vencido",
}

func motivo(detalle string) string {
	if m, ok := motivos[detalle]; ok {
		return m
	}
	return "otro"
}

// instrucciones say where and how to pay a voucher or a transfer; "" for cards.
func instrucciones(paymentMethodResponse order.PaymentMethodResponse) string {
	var partes []string
	parte := func(nombre, valor string) {
		if valor = legible(valor); valor != "" {
			partes = append(partes, nombre+": "+valor)
		}
	}
	switch paymentMethodResponse.Type {
	case "ticket":
		parte("Pagar en", paymentMethodResponse.ID)
		parte("código", paymentMethodResponse.Reference)
		parte("código de barras", paymentMethodResponse.BarcodeContent)
	case "bank_transfer":
		parte("Transferir a", paymentMethodResponse.Reference)
		parte("entidad", paymentMethodResponse.FinancialInstitution)
	default:
		return ""
	}
	parte("cupón", paymentMethodResponse.TicketURL)
	return strings.Join(partes, "; ")
}

// textoMax bounds a text of MercadoPago that customers are shown, in bytes.
const textoMax = 2048

// legible is s without control characters, which stores and pages do not take; "" for a
// text that is too long to be one.
func legible(s string) string {
	if len(s) > textoMax {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

func desafio(paymentResponse order.PaymentResponse) string {
	if paymentResponse.StatusDetail != "pending_challenge" {
		return ""
	}
	if s := paymentResponse.PaymentMethod.TransactionSecurity; s != nil && s.URL != "" {
		return enlace(s.URL)
	}
	return enlace(paymentResponse.PaymentMethod.RedirectURL)
}

// enlace is an address that a page may link to; "" for any other.
func enlace(s string) string {
	u, err := url.Parse(s)
	if err != nil || len(s) > textoMax || u.Host == "" ||
		u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return s
}

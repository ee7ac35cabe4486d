package mercadopago

import (
	"strings"

	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/money"

	"github.com/mercadopago/sdk-go/pkg/order"
)

// orden says in the port's words what MercadoPago answered.
func orden(o *order.Response) gateway.Orden {
	out := gateway.Orden{ID: o.ID, Referencia: o.ExternalReference, Estado: estado(o.Status, o.StatusDetail)}
	if len(o.Transactions.Payments) > 0 { // one at most
		p := o.Transactions.Payments[0]
		out.Transaccion, out.Instrucciones, out.Desafio = p.ID, instrucciones(p.PaymentMethod), desafio(p)
		if out.Estado == gateway.Cobrada {
			out.Cobrado = cobrado(p)
		}
		if out.Estado == gateway.Rechazada {
			out.Motivo = motivo(p.StatusDetail)
		}
	}
	for _, r := range o.Transactions.Refunds {
		if c, err := money.LeerDecimal(r.Amount); err == nil && !fallido[r.Status] {
			out.Reembolsos = append(out.Reembolsos, gateway.Reembolso{ID: r.ID, Monto: c})
		}
	}
	return out
}

// fallido are the statuses of a refund that gave nothing back.
var fallido = map[string]bool{"failed": true, "rejected": true, "canceled": true, "cancelled": true}

// tomado are the details of a processed order whose money was taken. Any other, and
// the list is open, is not decided: only approved and accredited counts.
var tomado = map[string]bool{"accredited": true, "partially_refunded": true, "refunded": true, "settled": true, "reimbursed": true}

// estado reads status and detail of an order; what is unknown is undecided.
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
	case "refunded":
		return gateway.Cobrada
	case "failed":
		return gateway.Rechazada
	case "canceled", "cancelled", "expired":
		return gateway.Cancelada
	}
	return gateway.EnProceso
}

func cobrado(p order.PaymentResponse) money.Centavos {
	for _, s := range []string{p.PaidAmount, p.Amount} {
		if c, err := money.LeerDecimal(s); err == nil && c > 0 {
			return c
		}
	}
	return 0
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
func instrucciones(m order.PaymentMethodResponse) string {
	var partes []string
	parte := func(nombre, valor string) {
		if valor != "" {
			partes = append(partes, nombre+": "+valor)
		}
	}
	switch m.Type {
	case "ticket":
		parte("Pagar en", m.ID)
		parte("código", m.Reference)
		parte("código de barras", m.BarcodeContent)
	case "bank_transfer":
		parte("Transferir a", m.Reference)
		parte("entidad", m.FinancialInstitution)
	default:
		return ""
	}
	parte("cupón", m.TicketURL)
	return strings.Join(partes, "; ")
}

func desafio(p order.PaymentResponse) string {
	if p.StatusDetail != "pending_challenge" {
		return ""
	}
	if s := p.PaymentMethod.TransactionSecurity; s != nil && s.URL != "" {
		return s.URL
	}
	return p.PaymentMethod.RedirectURL
}

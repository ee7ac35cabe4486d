package mercadopago

import (
	"encoding/json"
	"time"

	"despensa/platform/money"
)

// Statuses of an order and of its payment.
const (
	procesada   = "processed"
	requiere    = "action_required"
	enProceso   = "processing"
	fallida     = "failed"
	reembolsada = "refunded"
	cancelada   = "canceled"

	contracargada = "charged_back" // a payment has it, an order does not
)

// Details of a status.
const (
	detAcreditado  = "accredited"
	detReservado   = "waiting_capture"
	detBoleta      = "waiting_payment"
	detTransfer    = "waiting_transfer"
	detEnProceso   = "in_process"
	detParcial     = "partially_refunded"
	detCancelado   = "canceled_transaction"
	detVencido     = "canceled"
	detDisputa     = "settled"
	modoManual     = "manual"
	modoAutomatico = "automatic"
	modoAsincrono  = "automatic_async"
)

// Times from the creation of an order.
const (
	duraReserva   = 7 * 24 * time.Hour   // until a reservation lapses
	duraReembolso = 180 * 24 * time.Hour // in which the order can be refunded
	duraBoleta    = 3 * 24 * time.Hour   // until an unpaid voucher or transfer without expiration_time lapses
	duraAsincrono = time.Second          // until an automatic_async card is decided
)

// orden is an order, with the JSON members of the API. It does not contain the payer, because payers are not stored.
type orden struct {
	ID                string          `json:"id"`
	Type              string          `json:"type"`
	ProcessingMode    string          `json:"processing_mode"`
	CaptureMode       string          `json:"capture_mode"`
	ExternalReference string          `json:"external_reference"`
	Description       string          `json:"description,omitempty"`
	TotalAmount       string          `json:"total_amount"`
	TotalPaidAmount   string          `json:"total_paid_amount,omitempty"`
	UserID            string          `json:"user_id"`
	CountryCode       string          `json:"country_code"`
	CreatedDate       string          `json:"created_date"`
	LastUpdatedDate   string          `json:"last_updated_date"`
	Status            string          `json:"status"`
	StatusDetail      string          `json:"status_detail"`
	Items             []articulo      `json:"items,omitempty"`
	IntegrationData   integracion     `json:"integration_data"`
	Config            json.RawMessage `json:"config,omitempty"`
	Transactions      transacciones   `json:"transactions"`

	creado    time.Time
	toca      time.Time // when the order changes by time alone (pasar); zero = never
	resultado string    // key of desenlaces for an automatic_async card that is not decided yet
	version   int64     // counts the changes of the stored order
}

type integracion struct {
	ApplicationID string `json:"application_id"`
}

type transacciones struct {
	Payments    []pago      `json:"payments"`
	Refunds     []reembolso `json:"refunds"`
	Chargebacks []disputa   `json:"chargebacks"`
}

type pago struct {
	ID               string    `json:"id"`
	Amount           string    `json:"amount"`
	PaidAmount       string    `json:"paid_amount,omitempty"`
	RefundedAmount   string    `json:"refunded_amount,omitempty"`
	ReferenceID      string    `json:"reference_id"`
	Status           string    `json:"status"`
	StatusDetail     string    `json:"status_detail"`
	DateOfExpiration string    `json:"date_of_expiration,omitempty"`
	PaymentMethod    medioPago `json:"payment_method"`
}

type medioPago struct {
	ID                   string `json:"id"`
	Type                 string `json:"type"`
	Installments         int    `json:"installments,omitempty"`
	StatementDescriptor  string `json:"statement_descriptor,omitempty"`
	Reference            string `json:"reference,omitempty"`
	BarcodeContent       string `json:"barcode_content,omitempty"`
	FinancialInstitution string `json:"financial_institution,omitempty"`
}

type reembolso struct {
	ID            string `json:"id"`
	TransactionID string `json:"transaction_id"`
	ReferenceID   string `json:"reference_id"`
	Amount        string `json:"amount"`
	Status        string `json:"status"`
}

// disputa is a chargeback: the cardholder's bank took the money back.
type disputa struct {
	ID            string `json:"id"`
	TransactionID string `json:"transaction_id"`
	CaseID        string `json:"case_id"`
	Status        string `json:"status"`
}

// pago is the one payment of the order.
func (o *orden) pago() *pago { return &o.Transactions.Payments[0] }

// poner sets the status and its detail for the order and its payment.
func (o *orden) poner(estado, detalle string, ahora time.Time) {
	o.Status, o.StatusDetail, o.LastUpdatedDate = estado, detalle, fecha(ahora)
	o.pago().Status, o.pago().StatusDetail = estado, detalle
	o.toca, o.resultado = time.Time{}, ""
}

// decidir applies the outcome d to a card payment.
func (o *orden) decidir(d desenlace, ahora time.Time) {
	switch {
	case d.aprobada:
		o.aprobar(ahora)
	case d.estado == fallida:
		o.rechazar(d.detalle, ahora)
	default:
		o.poner(d.estado, d.detalle, ahora)
	}
}

// aprobar reserves the amount in manual mode, unless it is reserved already, and charges it otherwise.
func (o *orden) aprobar(ahora time.Time) {
	if o.CaptureMode == modoManual && o.Status != requiere {
		o.poner(requiere, detReservado, ahora)
		o.toca = ahora.Add(duraReserva)
		return
	}
	o.poner(procesada, detAcreditado, ahora)
	o.TotalPaidAmount, o.pago().PaidAmount = o.TotalAmount, o.pago().Amount
}

// rechazar declines the payment: the order becomes failed, and the payment's detail says why.
func (o *orden) rechazar(detalle string, ahora time.Time) {
	o.poner(fallida, fallida, ahora)
	o.pago().StatusDetail = detalle
}

// capturar charges the reserved amount. Error: errNoCapturar when the order has no reservation.
func (o *orden) capturar(ahora time.Time) error {
	if o.Status != requiere || o.StatusDetail != detReservado {
		return errNoCapturar
	}
	o.aprobar(ahora)
	return nil
}

// cancelar cancels an order that has not been paid. Errors: errYaCancelada, errNoCancelar.
func (o *orden) cancelar(ahora time.Time) error {
	switch o.Status {
	case cancelada:
		return errYaCancelada
	case requiere:
		o.poner(cancelada, detCancelado, ahora)
		return nil
	}
	return errNoCancelar
}

// reembolsar refunds monto, or the whole remaining amount when monto is 0, as the refund id. Errors: errYaReembolsada,
// errNoReembolsar, errExcede.
func (o *orden) reembolsar(id string, monto money.Centavos, ahora time.Time) error {
	cobrado, devuelto := o.montos()
	switch {
	case o.Status == reembolsada:
		return errYaReembolsada
	case o.Status != procesada || ahora.Sub(o.creado) > duraReembolso:
		return errNoReembolsar
	case monto > cobrado-devuelto:
		return errExcede
	case monto == 0:
		monto = cobrado - devuelto
	}
	p := o.pago()
	o.Transactions.Refunds = append(o.Transactions.Refunds, reembolso{
		ID: id, TransactionID: p.ID, ReferenceID: referencia(id), Amount: monto.Decimal(), Status: procesada,
	})
	p.RefundedAmount = (devuelto + monto).Decimal()
	if devuelto+monto == cobrado {
		o.poner(reembolsada, reembolsada, ahora)
	} else {
		o.poner(procesada, detParcial, ahora)
	}
	return nil
}

// disputar adds the chargeback id. The order keeps its status; MercadoPago's documents do not say so, it is inferred.
// Error: errOperacion for an order that is not paid or has a chargeback.
func (o *orden) disputar(id string, ahora time.Time) error {
	p := o.pago()
	if o.Status != procesada || p.Status == contracargada {
		return errOperacion
	}
	p.Status, p.StatusDetail, o.LastUpdatedDate = contracargada, detDisputa, fecha(ahora)
	d := disputa{ID: id, TransactionID: p.ID, CaseID: referencia(id), Status: detDisputa}
	o.Transactions.Chargebacks = append(o.Transactions.Chargebacks, d)
	return nil
}

// montos are the amounts charged and refunded.
func (o *orden) montos() (cobrado, devuelto money.Centavos) {
	p := o.pago() // the simulator wrote these members, so they are amounts or empty
	cobrado, _ = money.LeerDecimal(p.PaidAmount)
	devuelto, _ = money.LeerDecimal(p.RefundedAmount)
	return cobrado, devuelto
}

// pasar applies the change that time has brought by ahora: the decision of an async card, or the lapse of a
// reservation or an unpaid order. It returns the webhook action of the change; "" when there is none.
func (o *orden) pasar(ahora time.Time) string {
	if o.toca.IsZero() || ahora.Before(o.toca) {
		return ""
	}
	if o.resultado != "" {
		o.decidir(desenlaces[o.resultado], ahora)
		return "order." + o.Status
	}
	return o.vencer(ahora)
}

// vencer ends a reservation or an unpaid order, and returns the webhook action.
func (o *orden) vencer(ahora time.Time) string {
	accion := "order.expired"
	if o.StatusDetail == detReservado {
		accion = "order.canceled"
	}
	o.poner(cancelada, detVencido, ahora)
	return accion
}

// indecisa reports whether the order waits: for the customer to pay, or for the decision on a card.
func (o *orden) indecisa() bool {
	return o.Status == enProceso || (o.Status == requiere && o.StatusDetail != detReservado)
}

// fecha writes a time in the API's format, in UTC.
func fecha(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

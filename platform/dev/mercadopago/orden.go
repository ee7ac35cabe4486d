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

	contracargada = "charged_back" // of a payment alone
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

// How long things last.
const (
	duraReserva   = 7 * 24 * time.Hour
	duraReembolso = 180 * 24 * time.Hour
	duraBoleta    = 3 * 24 * time.Hour // without expiration_time
	duraAsincrono = time.Second        // until an automatic_async card is decided
)

// orden is an order as the API shows it. The payer is not in it and not stored.
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
	toca      time.Time // when time alone changes it; zero = never
	resultado string    // test name of a decision that was put off
	version   int64
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

// poner moves order and payment to a status.
func (o *orden) poner(estado, detalle string, ahora time.Time) {
	o.Status, o.StatusDetail, o.LastUpdatedDate = estado, detalle, fecha(ahora)
	o.pago().Status, o.pago().StatusDetail = estado, detalle
	o.toca, o.resultado = time.Time{}, ""
}

// decidir gives a card payment its result.
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

// aprobar reserves a card in manual mode, and takes the money otherwise.
func (o *orden) aprobar(ahora time.Time) {
	if o.CaptureMode == modoManual && o.Status != requiere {
		o.poner(requiere, detReservado, ahora)
		o.toca = ahora.Add(duraReserva)
		return
	}
	o.poner(procesada, detAcreditado, ahora)
	o.TotalPaidAmount, o.pago().PaidAmount = o.TotalAmount, o.pago().Amount
}

// rechazar declines: the order says failed, the payment says why.
func (o *orden) rechazar(detalle string, ahora time.Time) {
	o.poner(fallida, fallida, ahora)
	o.pago().StatusDetail = detalle
}

// capturar takes what was reserved.
func (o *orden) capturar(ahora time.Time) error {
	if o.Status != requiere || o.StatusDetail != detReservado {
		return errNoCapturar
	}
	o.aprobar(ahora)
	return nil
}

// cancelar voids what has not been paid.
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

// reembolsar gives back monto, or all that is left when monto is zero.
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

// disputar takes the money back by a chargeback. The order's status stays (inferred).
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

// montos are the centavos taken and given back.
func (o *orden) montos() (cobrado, devuelto money.Centavos) {
	p := o.pago() // written by us: always amounts
	cobrado, _ = money.LeerDecimal(p.PaidAmount)
	devuelto, _ = money.LeerDecimal(p.RefundedAmount)
	return cobrado, devuelto
}

// pasar lets time act. It tells what happened, as a webhook's action; "" = nothing.
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

// vencer ends a reservation or an unpaid order.
func (o *orden) vencer(ahora time.Time) string {
	accion := "order.expired"
	if o.StatusDetail == detReservado {
		accion = "order.canceled"
	}
	o.poner(cancelada, detVencido, ahora)
	return accion
}

// indecisa reports whether the payment still waits for somebody to pay or decide.
func (o *orden) indecisa() bool {
	return o.Status == enProceso || (o.Status == requiere && o.StatusDetail != detReservado)
}

// fecha writes a time as the API does.
func fecha(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

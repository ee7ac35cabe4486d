package mercadopago

import (
	"encoding/json"
	"time"

	"despensa/platform/money"
)

// Statuses of an order and of its payment.
const (
	processed      = "processed"
	actionRequired = "action_required"
	inProcess      = "processing"
	failed         = "failed"
	refunded       = "refunded"
	canceled       = "canceled"

	chargedBack = "charged_back" // a payment has it, an order does not
)

// Details of a status.
const (
	detAccredited      = "accredited"
	detReserved        = "waiting_capture"
	detTicket          = "waiting_payment"
	detWaitingTransfer = "waiting_transfer"
	detInProcess       = "in_process"
	detPartial         = "partially_refunded"
	detCanceled        = "canceled_transaction"
	detLapsed          = "canceled"
	detDispute         = "settled"
	modeManual         = "manual"
	modeAutomatic      = "automatic"
	modeAsync          = "automatic_async"
)

// Times from the creation of an order.
const (
	reservationLife = 7 * 24 * time.Hour   // until a reservation lapses
	refundLife      = 180 * 24 * time.Hour // in which the order can be refunded
	ticketLife      = 3 * 24 * time.Hour   // until an unpaid voucher or transfer without expiration_time lapses
	asyncLife       = time.Second          // until an automatic_async card is decided
)

// gatewayOrder is an order, with the JSON members of the API. It does not contain the payer, because payers are not
// stored.
type gatewayOrder struct {
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
	Items             []item          `json:"items,omitempty"`
	IntegrationData   integration     `json:"integration_data"`
	Config            json.RawMessage `json:"config,omitempty"`
	Transactions      transactions    `json:"transactions"`

	created time.Time
	due     time.Time // when the order changes by time alone (passTime); zero = never
	outcome string    // key of outcomes for an automatic_async card that is not decided yet
	version int64     // counts the changes of the stored order
}

type integration struct {
	ApplicationID string `json:"application_id"`
}

type transactions struct {
	Payments    []payment `json:"payments"`
	Refunds     []refund  `json:"refunds"`
	Chargebacks []dispute `json:"chargebacks"`
}

type payment struct {
	ID               string        `json:"id"`
	Amount           string        `json:"amount"`
	PaidAmount       string        `json:"paid_amount,omitempty"`
	RefundedAmount   string        `json:"refunded_amount,omitempty"`
	ReferenceID      string        `json:"reference_id"`
	Status           string        `json:"status"`
	StatusDetail     string        `json:"status_detail"`
	DateOfExpiration string        `json:"date_of_expiration,omitempty"`
	PaymentMethod    paymentMethod `json:"payment_method"`
}

type paymentMethod struct {
	ID                   string `json:"id"`
	Type                 string `json:"type"`
	Installments         int    `json:"installments,omitempty"`
	StatementDescriptor  string `json:"statement_descriptor,omitempty"`
	Reference            string `json:"reference,omitempty"`
	BarcodeContent       string `json:"barcode_content,omitempty"`
	FinancialInstitution string `json:"financial_institution,omitempty"`
}

type refund struct {
	ID            string `json:"id"`
	TransactionID string `json:"transaction_id"`
	ReferenceID   string `json:"reference_id"`
	Amount        string `json:"amount"`
	Status        string `json:"status"`
}

// dispute is a chargeback: the cardholder's bank took the money back.
type dispute struct {
	ID            string `json:"id"`
	TransactionID string `json:"transaction_id"`
	CaseID        string `json:"case_id"`
	Status        string `json:"status"`
}

// payment is the one payment of the order.
func (o *gatewayOrder) payment() *payment { return &o.Transactions.Payments[0] }

// setStatus sets the status and its detail for the order and its payment.
func (o *gatewayOrder) setStatus(estado, detalle string, ahora time.Time) {
	o.Status, o.StatusDetail, o.LastUpdatedDate = estado, detalle, formatTime(ahora)
	o.payment().Status, o.payment().StatusDetail = estado, detalle
	o.due, o.outcome = time.Time{}, ""
}

// decide applies outcome to a card payment.
func (o *gatewayOrder) decide(outcome outcome, ahora time.Time) {
	switch {
	case outcome.approved:
		o.approve(ahora)
	case outcome.status == failed:
		o.decline(outcome.detail, ahora)
	default:
		o.setStatus(outcome.status, outcome.detail, ahora)
	}
}

// approve reserves the amount in manual mode, unless it is reserved already, and charges it otherwise.
func (o *gatewayOrder) approve(ahora time.Time) {
	if o.CaptureMode == modeManual && o.Status != actionRequired {
		o.setStatus(actionRequired, detReserved, ahora)
		o.due = ahora.Add(reservationLife)
		return
	}
	o.setStatus(processed, detAccredited, ahora)
	o.TotalPaidAmount, o.payment().PaidAmount = o.TotalAmount, o.payment().Amount
}

// decline declines the payment: the order becomes failed, and the payment's detail says why.
func (o *gatewayOrder) decline(detalle string, ahora time.Time) {
	o.setStatus(failed, failed, ahora)
	o.payment().StatusDetail = detalle
}

// capture charges the reserved amount. Error: errNoCapture when the order has no reservation.
func (o *gatewayOrder) capture(ahora time.Time) error {
	if o.Status != actionRequired || o.StatusDetail != detReserved {
		return errNoCapture
	}
	o.approve(ahora)
	return nil
}

// cancel cancels an order that has not been paid. Errors: errAlreadyCanceled, errNoCancel.
func (o *gatewayOrder) cancel(ahora time.Time) error {
	switch o.Status {
	case canceled:
		return errAlreadyCanceled
	case actionRequired:
		o.setStatus(canceled, detCanceled, ahora)
		return nil
	}
	return errNoCancel
}

// refund refunds monto, or the whole remaining amount when monto is 0, as the refund id. Errors: errAlreadyRefunded,
// errNoRefund, errExceeds.
func (o *gatewayOrder) refund(id string, monto money.Centavos, ahora time.Time) error {
	cobrado, devuelto := o.amounts()
	switch {
	case o.Status == refunded:
		return errAlreadyRefunded
	case o.Status != processed || ahora.Sub(o.created) > refundLife:
		return errNoRefund
	case monto > cobrado-devuelto:
		return errExceeds
	case monto == 0:
		monto = cobrado - devuelto
	}
	p := o.payment()
	o.Transactions.Refunds = append(o.Transactions.Refunds, refund{
		ID: id, TransactionID: p.ID, ReferenceID: referenceOf(id), Amount: monto.Decimal(), Status: processed,
	})
	p.RefundedAmount = (devuelto + monto).Decimal()
	if devuelto+monto == cobrado {
		o.setStatus(refunded, refunded, ahora)
	} else {
		o.setStatus(processed, detPartial, ahora)
	}
	return nil
}

// chargeBack adds the chargeback id. The order keeps its status; MercadoPago's documents do not say so, it is inferred.
// Error: errOperation for an order that is not paid or has a chargeback.
func (o *gatewayOrder) chargeBack(id string, ahora time.Time) error {
	p := o.payment()
	if o.Status != processed || p.Status == chargedBack {
		return errOperation
	}
	p.Status, p.StatusDetail, o.LastUpdatedDate = chargedBack, detDispute, formatTime(ahora)
	d := dispute{ID: id, TransactionID: p.ID, CaseID: referenceOf(id), Status: detDispute}
	o.Transactions.Chargebacks = append(o.Transactions.Chargebacks, d)
	return nil
}

// amounts are the amounts charged and refunded.
func (o *gatewayOrder) amounts() (cobrado, devuelto money.Centavos) {
	p := o.payment() // the simulator wrote these members, so they are amounts or empty
	cobrado, _ = money.ParseDecimal(p.PaidAmount)
	devuelto, _ = money.ParseDecimal(p.RefundedAmount)
	return cobrado, devuelto
}

// passTime applies the change that time has brought by ahora: the decision of an async card, or the lapse of a
// reservation or an unpaid order. It returns the webhook action of the change; "" when there is none.
func (o *gatewayOrder) passTime(ahora time.Time) string {
	if o.due.IsZero() || ahora.Before(o.due) {
		return ""
	}
	if o.outcome != "" {
		o.decide(outcomes[o.outcome], ahora)
		return "order." + o.Status
	}
	return o.lapse(ahora)
}

// lapse ends a reservation or an unpaid order, and returns the webhook action.
func (o *gatewayOrder) lapse(ahora time.Time) string {
	accion := "order.expired"
	if o.StatusDetail == detReserved {
		accion = "order.canceled"
	}
	o.setStatus(canceled, detLapsed, ahora)
	return accion
}

// isUndecided reports whether the order waits: for the customer to pay, or for the decision on a card.
func (o *gatewayOrder) isUndecided() bool {
	return o.Status == inProcess ||
		(o.Status == actionRequired && o.StatusDetail != detReserved)
}

// formatTime writes a time in the API's format, in UTC.
func formatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

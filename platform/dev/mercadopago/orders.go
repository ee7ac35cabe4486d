package mercadopago

import (
	"encoding/json"
	"net/http"
	"regexp"
	"time"

	"despensa/platform/money"

	"gorm.io/gorm"
)

// create is POST /v1/orders.
func (s *Simulator) create(r *http.Request) (answer, error) {
	b, err := readBody(r)
	if err != nil {
		return answer{}, err
	}
	var solicitud orderRequest
	if err := decode(b, &solicitud); err != nil {
		return answer{}, err
	}
	llamada, err := s.onceOf(r, "create", solicitud)
	if err != nil {
		return answer{}, err
	}
	if err := solicitud.validate(); err != nil {
		return answer{}, err
	}
	activas, _ := r.Context().Value(failuresKey{}).([]Failure)
	solicitud.otherAmount(activas)
	ahora := s.now()
	nuevos, err := s.random.newIDs(ahora)
	if err != nil {
		return answer{}, err
	}
	return s.runOnce(r.Context(), llamada, func(tx *gorm.DB) (orderRow, int, error) {
		return s.insert(tx, solicitud, nuevos, ahora)
	})
}

// insert stores the new order of solicitud, the use of its card token and its notice. It returns the row and the
// HTTP status of the answer. Errors: resolve's; those of the ledger.
func (s *Simulator) insert(
	tx *gorm.DB,
	solicitud orderRequest,
	nuevos ids,
	ahora time.Time,
) (orderRow, int, error) {
	o := newOrder(solicitud, nuevos, ahora)
	if err := resolve(tx, o, solicitud, ahora); err != nil {
		return orderRow{}, 0, err
	}
	nueva, err := o.row()
	if err != nil {
		return nueva, 0, err
	}
	if err := nueva.insert(tx); err != nil {
		return nueva, 0, err
	}
	aviso := s.notice(nuevos.notice, o, "order."+o.Status, ahora)
	estado := http.StatusCreated
	if o.Status == failed {
		estado = http.StatusPaymentRequired
	}
	return nueva, estado, aviso.insert(tx)
}

// newOrder makes the order of a request, without a status.
func newOrder(solicitud orderRequest, nuevos ids, ahora time.Time) *gatewayOrder {
	pagoPedido := solicitud.payment()
	monto, _ := money.ParseDecimal(pagoPedido.Amount) // validateAmounts has read it
	o := &gatewayOrder{
		ID:                nuevos.order,
		Type:              solicitud.Type,
		ProcessingMode:    solicitud.ProcessingMode,
		CaptureMode:       solicitud.CaptureMode,
		ExternalReference: solicitud.ExternalReference,
		Description:       solicitud.Description,
		TotalAmount:       monto.Decimal(),
		UserID:            "2000000001",
		CountryCode:       "ARG",
		CreatedDate:       formatTime(ahora),
		Items:             solicitud.Items,
		IntegrationData:   integration{ApplicationID: "1000000000000001"},
		Transactions:      transactions{Refunds: []refund{}, Chargebacks: []dispute{}},
		created:           ahora,
		version:           1,
	}
	o.Transactions.Payments = []payment{{
		ID:          nuevos.payment,
		Amount:      monto.Decimal(),
		ReferenceID: referenceOf(nuevos.payment),
		PaymentMethod: paymentMethod{
			ID:                  pagoPedido.PaymentMethod.ID,
			Type:                pagoPedido.PaymentMethod.Type,
			Installments:        pagoPedido.PaymentMethod.Installments,
			StatementDescriptor: pagoPedido.PaymentMethod.StatementDescriptor,
		},
	}}
	if solicitud.Config != nil && solicitud.Config.Online != nil {
		o.Config, _ = json.Marshal(solicitud.Config) // cannot fail: it was decoded from JSON
	}
	return o
}

// resolve gives a new order its first status. Error: errValue when the card has another brand than the order; the
// card token stays unused then, because the caller rolls tx back.
func resolve(
	tx *gorm.DB,
	gatewayOrder *gatewayOrder,
	solicitud orderRequest,
	ahora time.Time,
) error {
	metodo := solicitud.payment().PaymentMethod
	if metodo.Type != creditCard && metodo.Type != debitCard {
		gatewayOrder.wait(solicitud.payment().ExpirationTime, ahora)
		return nil
	}
	token, buena, err := spend(tx, metodo.Token, gatewayOrder.ID, ahora)
	switch {
	case err != nil:
		return err
	case !buena:
		gatewayOrder.decide(badToken, ahora)
	case !ofBrand(token.Primeros, metodo.ID):
		return errValue.about("payment_method.id: the card is of another brand")
	case solicitud.CaptureMode == modeAsync && token.Resultado != "CONT":
		gatewayOrder.setStatus(inProcess, detInProcess, ahora)
		gatewayOrder.due, gatewayOrder.outcome = ahora.Add(asyncLife), token.Resultado
	default:
		gatewayOrder.decide(outcomes[token.Resultado], ahora)
	}
	return nil
}

// wait makes a voucher or a transfer wait for its money, for plazo (ISO 8601), or ticketLife when plazo is empty.
func (o *gatewayOrder) wait(plazo string, ahora time.Time) {
	espera, ok := parseDuration(plazo)
	if !ok {
		espera = ticketLife
	}
	elPago := o.payment()
	metodo := &elPago.PaymentMethod
	metodo.Reference = referenceOf(o.ID)
	detalle := detTicket
	if metodo.Type == bankTransfer {
		detalle = detWaitingTransfer
		metodo.Reference = "000000" + metodo.Reference[3:]
		metodo.FinancialInstitution = "mercadopago"
	} else {
		metodo.BarcodeContent = metodo.Reference + referenceOf(elPago.ID)
	}
	o.setStatus(actionRequired, detalle, ahora)
	o.due = ahora.Add(espera)
	elPago.DateOfExpiration = formatTime(o.due)
}

var orderForm = regexp.MustCompile(`^ORD[0-9A-Za-z]{8,37}$`)

// get is GET /v1/orders/{id}.
func (s *Simulator) get(r *http.Request) (answer, error) {
	ahora := s.now()
	id := r.PathValue("id")
	if !orderForm.MatchString(id) {
		return answer{}, errPath.about("order_id")
	}
	hallada, hay, err := oneRow[orderRow](s.ledger.db.Read(r.Context()), "id", id)
	if err != nil {
		return answer{}, err
	}
	if !hay {
		return answer{}, errNoOrder
	}
	if hallada.isDue(ahora) {
		if hallada, err = s.change(r.Context(), id, nil); err != nil {
			return answer{}, err
		}
	}
	return answer{status: http.StatusOK, body: hallada.Doc}, nil
}

func (s *Simulator) listPaymentMethods(*http.Request) (answer, error) {
	return toJSON(http.StatusOK, paymentMethods), nil
}

package mercadopago

import (
	"encoding/json"
	"net/http"
	"regexp"
	"time"

	"despensa/platform/money"

	"gorm.io/gorm"
)

// crear is POST /v1/orders.
func (s *Simulador) crear(r *http.Request) (respuesta, error) {
	b, err := cuerpo(r)
	if err != nil {
		return respuesta{}, err
	}
	var p peticion
	if err := leer(b, &p); err != nil {
		return respuesta{}, err
	}
	u, err := s.unica(r, "create", p)
	if err != nil {
		return respuesta{}, err
	}
	if err := p.validar(); err != nil {
		return respuesta{}, err
	}
	fs, _ := r.Context().Value(enFallas{}).([]Falla)
	p.otroMonto(fs)
	ahora := s.ahora()
	j, err := s.azar.juego(ahora)
	if err != nil {
		return respuesta{}, err
	}
	return s.unaVez(r.Context(), u, func(tx *gorm.DB) (filaOrden, int, error) { return s.insertar(tx, p, j, ahora) })
}

// insertar stores the new order of p, the use of its card token and its notice. It returns the row and the HTTP status
// of the answer. Errors: resolver's; those of the ledger.
func (s *Simulador) insertar(tx *gorm.DB, p peticion, j ids, ahora time.Time) (filaOrden, int, error) {
	o := nuevaOrden(p, j, ahora)
	if err := resolver(tx, o, p, ahora); err != nil {
		return filaOrden{}, 0, err
	}
	f, err := o.fila()
	if err != nil {
		return f, 0, err
	}
	if err := f.crear(tx); err != nil {
		return f, 0, err
	}
	a := s.aviso(j.aviso, o, "order."+o.Status, ahora)
	estado := http.StatusCreated
	if o.Status == fallida {
		estado = http.StatusPaymentRequired
	}
	return f, estado, a.crear(tx)
}

// nuevaOrden makes the order of the request p, without a status.
func nuevaOrden(p peticion, j ids, ahora time.Time) *orden {
	pp := p.pago()
	monto, _ := money.LeerDecimal(pp.Amount) // validarMontos has read it
	o := &orden{
		ID:                j.orden,
		Type:              p.Type,
		ProcessingMode:    p.ProcessingMode,
		CaptureMode:       p.CaptureMode,
		ExternalReference: p.ExternalReference,
		Description:       p.Description,
		TotalAmount:       monto.Decimal(),
		UserID:            "2000000001",
		CountryCode:       "ARG",
		CreatedDate:       fecha(ahora),
		Items:             p.Items,
		IntegrationData:   integracion{ApplicationID: "1000000000000001"},
		Transactions:      transacciones{Refunds: []reembolso{}, Chargebacks: []disputa{}},
		creado:            ahora,
		version:           1,
	}
	o.Transactions.Payments = []pago{{
		ID:          j.pago,
		Amount:      monto.Decimal(),
		ReferenceID: referencia(j.pago),
		PaymentMethod: medioPago{
			ID:                  pp.PaymentMethod.ID,
			Type:                pp.PaymentMethod.Type,
			Installments:        pp.PaymentMethod.Installments,
			StatementDescriptor: pp.PaymentMethod.StatementDescriptor,
		},
	}}
	if p.Config != nil && p.Config.Online != nil {
		o.Config, _ = json.Marshal(p.Config) // cannot fail: it was decoded from JSON
	}
	return o
}

// resolver gives a new order its first status. Error: errValor when the card has another brand than the order; the card
// token stays unused then, because the caller rolls tx back.
func resolver(tx *gorm.DB, o *orden, p peticion, ahora time.Time) error {
	m := p.pago().PaymentMethod
	if m.Type != credito && m.Type != debito {
		o.esperar(p.pago().ExpirationTime, ahora)
		return nil
	}
	f, buena, err := gastar(tx, m.Token, o.ID, ahora)
	switch {
	case err != nil:
		return err
	case !buena:
		o.decidir(fichaMala, ahora)
	case !deMarca(f.Primeros, m.ID):
		return errValor.de("payment_method.id: the card is of another brand")
	case p.CaptureMode == modoAsincrono && f.Resultado != "CONT":
		o.poner(enProceso, detEnProceso, ahora)
		o.toca, o.resultado = ahora.Add(duraAsincrono), f.Resultado
	default:
		o.decidir(desenlaces[f.Resultado], ahora)
	}
	return nil
}

// esperar makes a voucher or a transfer wait for its money, for plazo (ISO 8601), or duraBoleta when plazo is empty.
func (o *orden) esperar(plazo string, ahora time.Time) {
	d, ok := duracion(plazo)
	if !ok {
		d = duraBoleta
	}
	p := o.pago()
	detalle, m := detBoleta, &p.PaymentMethod
	m.Reference = referencia(o.ID)
	if m.Type == transferencia {
		detalle, m.Reference, m.FinancialInstitution = detTransfer, "000000"+m.Reference[3:], "mercadopago"
	} else {
		m.BarcodeContent = m.Reference + referencia(p.ID)
	}
	o.poner(requiere, detalle, ahora)
	o.toca = ahora.Add(d)
	p.DateOfExpiration = fecha(o.toca)
}

var enOrden = regexp.MustCompile(`^ORD[0-9A-Za-z]{8,37}$`)

// consultar is GET /v1/orders/{id}.
func (s *Simulador) consultar(r *http.Request) (respuesta, error) {
	id, ahora := r.PathValue("id"), s.ahora()
	if !enOrden.MatchString(id) {
		return respuesta{}, errRuta.de("order_id")
	}
	f, hay, err := uno[filaOrden](s.libro.db.Leer(r.Context()), "id", id)
	if err != nil {
		return respuesta{}, err
	}
	if !hay {
		return respuesta{}, errNoHay
	}
	if f.vencida(ahora) {
		if f, err = s.mudar(r.Context(), id, nil); err != nil {
			return respuesta{}, err
		}
	}
	return respuesta{estado: http.StatusOK, cuerpo: f.Doc}, nil
}

func (s *Simulador) medios(*http.Request) (respuesta, error) {
	return enJSON(http.StatusOK, medios), nil
}

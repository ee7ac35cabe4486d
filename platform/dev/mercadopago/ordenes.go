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
	var solicitud peticion
	if err := leer(b, &solicitud); err != nil {
		return respuesta{}, err
	}
	llamada, err := s.unica(r, "create", solicitud)
	if err != nil {
		return respuesta{}, err
	}
	if err := solicitud.validar(); err != nil {
		return respuesta{}, err
	}
	activas, _ := r.Context().Value(enFallas{}).([]Falla)
	solicitud.otroMonto(activas)
	ahora := s.ahora()
	nuevos, err := s.azar.juego(ahora)
	if err != nil {
		return respuesta{}, err
	}
	return s.unaVez(r.Context(), llamada, func(tx *gorm.DB) (filaOrden, int, error) {
		return s.insertar(tx, solicitud, nuevos, ahora)
	})
}

// insertar stores the new order of solicitud, the use of its card token and its notice. It returns the row and the
// HTTP status of the answer. Errors: resolver's; those of the ledger.
func (s *Simulador) insertar(tx *gorm.DB, solicitud peticion, nuevos ids, ahora time.Time) (filaOrden, int, error) {
	o := nuevaOrden(solicitud, nuevos, ahora)
	if err := resolver(tx, o, solicitud, ahora); err != nil {
		return filaOrden{}, 0, err
	}
	nueva, err := o.fila()
	if err != nil {
		return nueva, 0, err
	}
	if err := nueva.crear(tx); err != nil {
		return nueva, 0, err
	}
	aviso := s.aviso(nuevos.aviso, o, "order."+o.Status, ahora)
	estado := http.StatusCreated
	if o.Status == fallida {
		estado = http.StatusPaymentRequired
	}
	return nueva, estado, aviso.crear(tx)
}

// nuevaOrden makes the order of a request, without a status.
func nuevaOrden(solicitud peticion, nuevos ids, ahora time.Time) *orden {
	pagoPedido := solicitud.pago()
	monto, _ := money.LeerDecimal(pagoPedido.Amount) // validarMontos has read it
	o := &orden{
		ID:                nuevos.orden,
		Type:              solicitud.Type,
		ProcessingMode:    solicitud.ProcessingMode,
		CaptureMode:       solicitud.CaptureMode,
		ExternalReference: solicitud.ExternalReference,
		Description:       solicitud.Description,
		TotalAmount:       monto.Decimal(),
		UserID:            "2000000001",
		CountryCode:       "ARG",
		CreatedDate:       fecha(ahora),
		Items:             solicitud.Items,
		IntegrationData:   integracion{ApplicationID: "1000000000000001"},
		Transactions:      transacciones{Refunds: []reembolso{}, Chargebacks: []disputa{}},
		creado:            ahora,
		version:           1,
	}
	o.Transactions.Payments = []pago{{
		ID:          nuevos.pago,
		Amount:      monto.Decimal(),
		ReferenceID: referencia(nuevos.pago),
		PaymentMethod: medioPago{
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

// resolver gives a new order its first status. Error: errValor when the card has another brand than the order; the
// card token stays unused then, because the caller rolls tx back.
func resolver(tx *gorm.DB, o *orden, solicitud peticion, ahora time.Time) error {
	metodo := solicitud.pago().PaymentMethod
	if metodo.Type != credito && metodo.Type != debito {
		o.esperar(solicitud.pago().ExpirationTime, ahora)
		return nil
	}
	token, buena, err := gastar(tx, metodo.Token, o.ID, ahora)
	switch {
	case err != nil:
		return err
	case !buena:
		o.decidir(fichaMala, ahora)
	case !deMarca(token.Primeros, metodo.ID):
		return errValor.de("payment_method.id: the card is of another brand")
	case solicitud.CaptureMode == modoAsincrono && token.Resultado != "CONT":
		o.poner(enProceso, detEnProceso, ahora)
		o.toca, o.resultado = ahora.Add(duraAsincrono), token.Resultado
	default:
		o.decidir(desenlaces[token.Resultado], ahora)
	}
	return nil
}

// esperar makes a voucher or a transfer wait for its money, for plazo (ISO 8601), or duraBoleta when plazo is empty.
func (o *orden) esperar(plazo string, ahora time.Time) {
	espera, ok := duracion(plazo)
	if !ok {
		espera = duraBoleta
	}
	elPago := o.pago()
	metodo := &elPago.PaymentMethod
	metodo.Reference = referencia(o.ID)
	detalle := detBoleta
	if metodo.Type == transferencia {
		detalle = detTransfer
		metodo.Reference = "000000" + metodo.Reference[3:]
		metodo.FinancialInstitution = "mercadopago"
	} else {
		metodo.BarcodeContent = metodo.Reference + referencia(elPago.ID)
	}
	o.poner(requiere, detalle, ahora)
	o.toca = ahora.Add(espera)
	elPago.DateOfExpiration = fecha(o.toca)
}

var enOrden = regexp.MustCompile(`^ORD[0-9A-Za-z]{8,37}$`)

// consultar is GET /v1/orders/{id}.
func (s *Simulador) consultar(r *http.Request) (respuesta, error) {
	ahora := s.ahora()
	id := r.PathValue("id")
	if !enOrden.MatchString(id) {
		return respuesta{}, errRuta.de("order_id")
	}
	hallada, hay, err := uno[filaOrden](s.libro.db.Leer(r.Context()), "id", id)
	if err != nil {
		return respuesta{}, err
	}
	if !hay {
		return respuesta{}, errNoHay
	}
	if hallada.vencida(ahora) {
		if hallada, err = s.mudar(r.Context(), id, nil); err != nil {
			return respuesta{}, err
		}
	}
	return respuesta{estado: http.StatusOK, cuerpo: hallada.Doc}, nil
}

func (s *Simulador) medios(*http.Request) (respuesta, error) {
	return enJSON(http.StatusOK, medios), nil
}

package pedido

import (
	"time"

	"despensa/platform/money"
)

// MaxIntentos is how often an order may be tried; the failure of the last is final.
const MaxIntentos = 3

// Pedido is one order: a single document, with its history in it.
// Times are UTC with millisecond precision.
type Pedido struct {
	ID      string    `bson:"_id"`
	Codigo  string    `bson:"codigo"`
	Cliente string    `bson:"cliente"`
	Estado  Estado    `bson:"estado"`
	Intento int64     `bson:"intento"` // 1 to MaxIntentos
	Version int64     `bson:"version"`
	Creado  time.Time `bson:"creado"`
	Cambio  time.Time `bson:"cambio"` // when the order entered Estado

	// The worker that holds the order, until when, and when the order next needs care.
	Duenio string    `bson:"duenio"`
	Lease  time.Time `bson:"lease"`
	// Anterior is the worker that had let its lease run out when the present lease was given; not stored.
	Anterior string `bson:"-"`
	// Seguido says that the phase before was done under this same claim, so that its deeds are known to stand; not stored.
	Seguido bool       `bson:"-"`
	Debe    *time.Time `bson:"debe"`    // when a worker has to look at the order next; nil: never
	Plazo   *time.Time `bson:"plazo"`   // deadline of the present wait
	Esperas int64      `bson:"esperas"` // tries of the present wait, for the backoff
	// Esperado is the kinds of wait that the order has known in Estado; each kind had a Plazo of its own.
	Esperado []string `bson:"esperado"` // absent in documents of earlier releases

	Huella   string         `bson:"huella"` // digest of the creating body
	Lineas   []Linea        `bson:"lineas"`
	Neto     money.Centavos `bson:"neto"`
	IVA      money.Centavos `bson:"iva"`
	Envio    money.Centavos `bson:"envio"`
	Total    money.Centavos `bson:"total"`
	Destino  Destino        `bson:"destino"`
	Ventana  *Ventana       `bson:"ventana"` // asked for; nil: the first free one
	Pago     Pago           `bson:"pago"`
	Entrega  Entrega        `bson:"entrega"`
	Intentos []Intento      `bson:"intentos"`
	Visitas  int64          `bson:"visitas"` // bookings tried, over all intentos
	Fallidas int64          `bson:"fallidas"`
	Motivo   string         `bson:"motivo"` // why the order is fallido, rechazado, cancelado or devuelto

	Nota       *Nota       `bson:"nota"`   // a cancel that is under way
	Pedida     *Cambios    `bson:"pedida"` // a retry asked for while the last intento is being undone
	Reembolsos []Reembolso `bson:"reembolsos"`
	Acciones   []Accion    `bson:"acciones"`

	Referencia string            `bson:"referencia,omitempty"` // as in Propio; absent in documents of earlier releases
	Metadatos  map[string]string `bson:"metadatos,omitempty"`  // the same

	Devoluciones []Devolucion `bson:"devoluciones"` // absent in documents of earlier releases
	Marcas       []Marca      `bson:"marcas"`       // absent in documents of earlier releases
	Retornos     []Retorno    `bson:"retornos"`     // absent in documents of earlier releases

	Eventos    []Evento `bson:"eventos"`
	Publicados int64    `bson:"publicados"` // Seq of the last event that the event store has

	// Resto keeps the members that a later release wrote and this release does not know.
	Resto map[string]any `bson:",inline"`
}

// Linea is one product of an order, with its price frozen. Amounts are for the whole line.
type Linea struct {
	Producto string         `bson:"producto"`
	Nombre   string         `bson:"nombre"`
	Cantidad int64          `bson:"cantidad"`
	Precio   money.Centavos `bson:"precio"` // of one unit, IVA included
	Tasa     money.IVA      `bson:"tasa"`
	Neto     money.Centavos `bson:"neto"`
	IVA      money.Centavos `bson:"iva"`
	Total    money.Centavos `bson:"total"`
	Peso     int64          `bson:"peso"`    // grams of one unit
	Volumen  int64          `bson:"volumen"` // millilitres of one unit
	Frio     bool           `bson:"frio"`
	// Vida is how many days beyond the delivery window the goods of the line are good for, at least; 0 in
	// documents of earlier releases.
	Vida int64 `bson:"vida"`
}

// Destino is where an order goes. Sellado is the contact and address under the
// customer's key; the coordinates alone are readable.
type Destino struct {
	Direccion string  `bson:"direccion"` // id of the customer's address
	Lat       float64 `bson:"lat"`
	Lon       float64 `bson:"lon"`
	Sellado   []byte  `bson:"sellado"`
}

// Ventana is a time span at the door.
type Ventana struct {
	Desde time.Time `bson:"desde"`
	Hasta time.Time `bson:"hasta"`
}

// Pago is how the order is paid in the present intento, and how its payment stands as pagos last told.
type Pago struct {
	Metodo         string         `bson:"metodo"`
	Token          string         `bson:"token"` // the gateway's card token; blanked once used
	MarcaDeTarjeta string         `bson:"marca"`
	Cuotas         int64          `bson:"cuotas"`
	Origen         string         `bson:"origen"` // keyed digest of a card payer's address; blanked once decided
	Estado         string         `bson:"estado"`
	Instrucciones  string         `bson:"instrucciones"`
	Desafio        string         `bson:"desafio"`
	Cobrado        money.Centavos `bson:"cobrado"`
	Reembolsado    money.Centavos `bson:"reembolsado"`
	Ajeno          money.Centavos `bson:"ajeno"` // part of Reembolsado given back at the gateway's own panel
}

// Entrega is the delivery as promised, and as it goes.
type Entrega struct {
	Visita  int64     `bson:"visita"` // number of the booking; 0: none
	Camion  string    `bson:"camion"`
	Patente string    `bson:"patente"`
	Desde   time.Time `bson:"desde"`
	Hasta   time.Time `bson:"hasta"`
	Salida  time.Time `bson:"salida"`
	Llegada time.Time `bson:"llegada"`
	Fin     time.Time `bson:"fin"`
}

// Nota says that a customer, an operator or the house wants the order cancelled, and that rutas has yet to give the
// visit back.
type Nota struct {
	Motivo string    `bson:"motivo"`
	Codigo string    `bson:"codigo"` // reason code of the event; "": a person asked, and Motivo is in their own words
	Quien  string    `bson:"quien"`
	Llave  string    `bson:"llave"` // of the action that asked; forgotten if the truck has left
	En     time.Time `bson:"en"`
}

// Cambios is the changes that a retry brings; nil members leave the order as it was.
type Cambios struct {
	Lineas  []Linea  `bson:"lineas"`
	Envio   *Linea   `bson:"envio"` // the fee for the new lines and place
	Destino *Destino `bson:"destino"`
	Ventana *Ventana `bson:"ventana"`
	Pago    *Pago    `bson:"pago"`
	Origen  string   `bson:"origen"` // as in Pago, of the request for the retry
}

// Accion remembers an Idempotency-Key of an action on this order for a day.
type Accion struct {
	Llave  string    `bson:"llave"`
	Huella string    `bson:"huella"`
	En     time.Time `bson:"en"`
}

// Evento is a step or another change of the order, as its history tells it. Seq starts at 1 without gaps.
type Evento struct {
	Seq     int64     `bson:"seq" json:"seq"`
	Tipo    string    `bson:"tipo" json:"tipo"` // a Paso, or creado, visita_asignada, …
	De      Estado    `bson:"de" json:"de"`
	A       Estado    `bson:"a" json:"a"`
	Intento int64     `bson:"intento" json:"intento"`
	Motivo  string    `bson:"motivo" json:"motivo"`
	En      time.Time `bson:"en" json:"en"`
}

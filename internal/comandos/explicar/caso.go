package explicar

import (
	"encoding/json"
	"regexp"
	"time"
)

// Caso is everything about one order. It has no personal data: people appear by their ids, and their own words are
// left out.
type Caso struct {
	Pedido      Pedido       `json:"pedido"`
	Expediente  *Expediente  `json:"expediente,omitempty"`
	Eventos     []Evento     `json:"eventos"` // oldest first
	Pagos       []Pago       `json:"pagos"`   // oldest first
	Existencias *Existencias `json:"existencias,omitempty"`
	Visitas     []Visita     `json:"visitas"` // oldest first
	Reembolsos  []Reembolso  `json:"reembolsos"`
	SinPermiso  []string     `json:"sin_permiso"` // parts that the token may not read
	Atencion    []string     `json:"llama_la_atencion"`
	Ahora       time.Time    `json:"ahora"` // by the server's clock
}

// Texto is a reason code of the house, an id, or a person's own words, which are replaced by ajeno.
type Texto string

// ajeno replaces a person's own words.
const ajeno = "texto libre"

var codigos = regexp.MustCompile(`^([a-z]+(-[a-z0-9]+)+|devolucion)(\.[a-z0-9-]+)?$|` +
	`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// UnmarshalJSON keeps a code or an id, and replaces any other text by ajeno.
func (t *Texto) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	*t = Texto(s)
	if s != "" && !codigos.MatchString(s) {
		*t = ajeno
	}
	return nil
}

// Pedido is the order as the API shows it, without personal data.
type Pedido struct {
	ID       string    `json:"id"`
	Codigo   string    `json:"codigo"`
	Estado   string    `json:"estado"`
	Intento  int       `json:"intento"`
	Cliente  string    `json:"cliente_id"`
	Lineas   []Linea   `json:"lineas"`
	Neto     int64     `json:"neto_centavos"`
	IVA      int64     `json:"iva_centavos"`
	Envio    int64     `json:"envio_centavos"`
	Total    int64     `json:"total_centavos"`
	Motivo   Texto     `json:"motivo,omitempty"`
	Acciones []string  `json:"acciones"`
	Creado   time.Time `json:"creado"`
	Cambio   time.Time `json:"cambio"`
	Pago     struct {
		Metodo      string `json:"metodo"`
		Marca       string `json:"marca,omitempty"`
		Cuotas      int    `json:"cuotas,omitempty"`
		Estado      string `json:"estado,omitempty"`
		Cobrado     int64  `json:"cobrado_centavos"`
		Reembolsado int64  `json:"reembolsado_centavos"`
	} `json:"pago"`
	Entrega *struct {
		Desde     time.Time  `json:"desde"`
		Hasta     time.Time  `json:"hasta"`
		Camion    string     `json:"camion_id"`
		Patente   string     `json:"patente"`
		Salida    *time.Time `json:"salida,omitempty"`
		Llegada   *time.Time `json:"llegada,omitempty"`
		Entregado *time.Time `json:"entregado,omitempty"`
	} `json:"entrega,omitempty"`
	Devoluciones []Devolucion `json:"devoluciones,omitempty"`
	Marcas       []string     `json:"marcas,omitempty"` // reasons for which the staff must look at the order
}

// Linea is one product of an order.
type Linea struct {
	Producto string `json:"producto_id"`
	Nombre   string `json:"nombre"`
	Cantidad int64  `json:"cantidad"`
	Total    int64  `json:"total_centavos"`
}

// Cantidad is a number of units of one product.
type Cantidad struct {
	Producto string `json:"producto_id"`
	Cantidad int64  `json:"cantidad"`
}

// Devolucion is goods that came back.
type Devolucion struct {
	ID       string     `json:"id"`
	Estado   string     `json:"estado"`
	Lineas   []Cantidad `json:"lineas"`
	Monto    int64      `json:"monto_centavos"`
	Creado   time.Time  `json:"creado"`
	Resuelta *time.Time `json:"resuelta,omitempty"`
}

// Reembolso is money given back by order of an operator, or for a return.
type Reembolso struct {
	ID     string    `json:"id"`
	Monto  int64     `json:"monto_centavos"` // in centavos; 0: all that is left, before the gateway has told the amount
	Estado string    `json:"estado"`
	Motivo Texto     `json:"rechazo,omitempty"`
	Creado time.Time `json:"creado"`
}

// Evento is one event in the history of the order.
type Evento struct {
	Seq     int64     `json:"seq"`
	Tipo    string    `json:"tipo"`
	De      string    `json:"de,omitempty"`
	A       string    `json:"a"`
	Intento int       `json:"intento"`
	Motivo  Texto     `json:"motivo,omitempty"`
	En      time.Time `json:"en"`
}

// Expediente is the work on the order: every intento, and the next step with its time.
type Expediente struct {
	Ahora      time.Time  `json:"ahora"`
	Version    int64      `json:"version"`
	Debe       *time.Time `json:"debe,omitempty"`
	Plazo      *time.Time `json:"plazo,omitempty"`
	Esperas    int64      `json:"esperas"`
	Tomado     *time.Time `json:"tomado,omitempty"`
	Cancela    *time.Time `json:"cancela,omitempty"`
	Reintenta  bool       `json:"reintenta"`
	Fallidas   int64      `json:"fallidas"`
	Publicados int64      `json:"publicados"`
	Intentos   []Intento  `json:"intentos"`
}

// Intento is one attempt to charge, reserve and book the order.
type Intento struct {
	Numero  int        `json:"numero"`
	Lineas  []Cantidad `json:"lineas"`
	Vueltas []struct {
		Deposito string `json:"deposito_id"`
		Visita   int64  `json:"visita"`
		Cerrada  bool   `json:"cerrada"`
		Falta    bool   `json:"falta"`
	} `json:"vueltas"`
	Visitas  []int64    `json:"visitas"`
	Motivo   Texto      `json:"motivo,omitempty"`
	Fin      *time.Time `json:"fin,omitempty"`
	Deshecho bool       `json:"deshecho"`
}

// Pago is the payment of one intento.
type Pago struct {
	ID          string     `json:"id"`
	Intento     int        `json:"intento"`
	Estado      string     `json:"estado"`
	Metodo      string     `json:"metodo"`
	Marca       string     `json:"marca,omitempty"`
	Monto       int64      `json:"monto_centavos"`
	Cobrado     int64      `json:"cobrado_centavos"`
	Reembolsado int64      `json:"reembolsado_centavos"`
	Contracargo bool       `json:"contracargo,omitempty"`
	Motivo      string     `json:"motivo,omitempty"` // reason code of the gateway
	Vence       *time.Time `json:"vence,omitempty"`
	Creado      time.Time  `json:"creado"`
	Pasarela    *Pasarela  `json:"pasarela,omitempty"`
}

// Pasarela is the last known state of a payment at the gateway.
type Pasarela struct {
	Proveedor   string     `json:"proveedor"`
	Referencia  string     `json:"referencia"`
	Orden       string     `json:"orden,omitempty"`
	Transaccion string     `json:"transaccion,omitempty"`
	Estado      string     `json:"estado,omitempty"`
	Llamada     string     `json:"llamada,omitempty"`
	Mirado      *time.Time `json:"mirado,omitempty"`
	Mirar       *time.Time `json:"mirar,omitempty"`
}

// Existencias are the reservations and movements of stock for the order.
type Existencias struct {
	Reservas []struct {
		Producto string `json:"producto_id"`
		Deposito string `json:"deposito_id"`
		Intento  int    `json:"intento"`
		Vuelta   int64  `json:"vuelta"`
		Cantidad int64  `json:"cantidad"`
	} `json:"reservas"`
	Movimientos []struct {
		ID       string    `json:"id"`
		Producto string    `json:"producto_id"`
		Deposito string    `json:"deposito_id"`
		Cantidad int64     `json:"cantidad"`
		Motivo   string    `json:"motivo"` // venta or devolucion
		Creado   time.Time `json:"creado"`
	} `json:"movimientos"`
}

// Visita is one booking of a truck.
type Visita struct {
	ID      string `json:"id"`
	Intento int    `json:"intento"`
	Numero  int    `json:"numero"`
	Estado  string `json:"estado"`
	Dia     string `json:"dia"`
	Camion  string `json:"camion_id"`
	Patente string `json:"patente"`
	Ventana struct {
		Desde time.Time `json:"desde"`
		Hasta time.Time `json:"hasta"`
	} `json:"ventana"`
	Salida  time.Time  `json:"salida"`
	Llegada *time.Time `json:"llegada,omitempty"`
	Fin     *time.Time `json:"fin,omitempty"`
	Motivo  Texto      `json:"motivo,omitempty"`
	Creado  time.Time  `json:"creado"`
}

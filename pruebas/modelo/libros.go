package modelo

import (
	"time"
)

// libros are all records that the judge compares: the rows of the program's files, the gateway's ledger, the machine
// as the API shows it, and the answers that clients got. Amounts are centavos.
type libros struct {
	ahora         time.Time // the program's clock when the files were read
	maxLentos     int       // pedidos.max_lentos
	maquina       maquina
	pedidos       map[string]*orden
	publicados    map[string]int // events of an order in the event store
	apartados     []string       // orders that were set aside as unreadable
	cobros        []cobro
	reembolsos    []reembolsoCobro
	ordenesDePago []ordenDePago // the gateway's ledger
	existencias   []existencia
	movimientos   map[string]movimiento // stored and not yet published ones, by id
	dobles        []string              // ids of movements that are stored and unpublished with different contents
	turnos        []turno
	visitas       []visita
	buzones       []buzon
	dichos        map[string]*dicho
	dichoStock    []movimientoDicho
	panel         map[string]bool   // refunds at the panel by the gateway's id; without an answer by dudoso
	dichoVisitas  map[string]string // by visit: entregada or fallida
	dichoSalidas  map[string]bool   // shifts that a client was told have left
	faltasAlOido  []falta           // faults that an actor found in an answer
	limiteQuietud time.Duration     // how long due work may stay due
}

// maquina is the table of GET /pedidos/maquina.
type maquina struct {
	Estados      []string     `json:"estados"`
	Transiciones []transicion `json:"transiciones"`
}

// transicion is a row of the machine: a step, the states it leads from and the state it leads to.
type transicion struct {
	Paso string   `json:"paso"`
	De   []string `json:"de"`
	A    string   `json:"a"`
}

// orden is an order as pedidos.db has it.
type orden struct {
	ID, Cliente, Estado string // of the row
	Debe                *time.Time
	Eventos, Publicados int
	Doc                 documento
}

// documento has the members of an order's document that the judge reads.
type documento struct {
	Cliente string `bson:"cliente"`
	Estado  string `bson:"estado"`
	Intento int    `bson:"intento"`
	Total   int64  `bson:"total"`
	Pago    struct {
		Metodo      string `bson:"metodo"`
		Cobrado     int64  `bson:"cobrado"`
		Reembolsado int64  `bson:"reembolsado"`
	} `bson:"pago"`
	Entrega struct {
		Visita int       `bson:"visita"`
		Desde  time.Time `bson:"desde"`
	} `bson:"entrega"`
	Visitas      int        `bson:"visitas"`
	Lineas       []linea    `bson:"lineas"`
	Intentos     []intento  `bson:"intentos"`
	Nota         any        `bson:"nota"`
	Pedida       any        `bson:"pedida"`
	Reembolsos   []devuelto `bson:"reembolsos"`
	Devoluciones []retorno  `bson:"devoluciones"`
	Eventos      []evento   `bson:"eventos"`
}

// linea is a line of an order, in units and centavos.
type linea struct {
	Producto string `bson:"producto"`
	Cantidad int64  `bson:"cantidad"`
	Total    int64  `bson:"total"`
}

// intento is a pass of an order: its lines, the depots tried, and whether all of it is undone.
type intento struct {
	Numero   int      `bson:"numero"`
	Lineas   []linea  `bson:"lineas"`
	Vueltas  []vuelta `bson:"vueltas"`
	Deshecho bool     `bson:"deshecho"`
}

// vuelta is a depot that an intento tried.
type vuelta struct {
	Deposito string `bson:"deposito"`
	Cerrada  bool   `bson:"cerrada"`
}

// devuelto is a refund in an order's document.
type devuelto struct {
	ID     string `bson:"id"`
	Monto  int64  `bson:"monto"`
	Estado string `bson:"estado"`
}

// retorno is a return of goods in an order's document.
type retorno struct {
	ID     string  `bson:"id"`
	Estado string  `bson:"estado"`
	Monto  int64   `bson:"monto"`
	Lineas []linea `bson:"lineas"`
}

// evento is a row of an order's history; the API names its members alike.
type evento struct {
	Seq     int       `bson:"seq" json:"seq"`
	Tipo    string    `bson:"tipo" json:"tipo"`
	De      string    `bson:"de" json:"de"`
	A       string    `bson:"a" json:"a"`
	Intento int       `bson:"intento" json:"intento"`
	Motivo  string    `bson:"motivo" json:"motivo"`
	En      time.Time `bson:"en" json:"en"`
}

// cobro is a row of pagos.db.
type cobro struct {
	ID, Pedido, Cliente, Metodo, Estado, Cierre, Orden string
	Intento                                            int
	Monto, Cobrado, Reembolsado                        int64
	Creado                                             time.Time
	Debe                                               *time.Time
}

// reembolsoCobro is a refund of a charge in pagos.db. Ajeno is its id at the gateway.
type reembolsoCobro struct {
	Cobro, ID, Estado, Ajeno string
	Monto                    int64
}

// ordenDePago is an order of the gateway's own ledger.
type ordenDePago struct {
	ID, Referencia, Estado, Detalle string
	Cobrado, Reembolsado            int64
	Disputada                       bool
	Reembolsos                      map[string]int64 // by the gateway's id
}

// abierta reports whether the gateway still waits for money or holds a reservation.
func (a ordenDePago) abierta() bool { return a.Estado == "action_required" || a.Estado == "processing" }

// existencia is one product in one depot.
type existencia struct {
	Producto    string       `bson:"producto"`
	Deposito    string       `bson:"deposito"`
	Lotes       []lote       `bson:"lotes"`
	Reservas    []reserva    `bson:"reservas"`
	Movimientos []movimiento `bson:"movimientos"`
	Libre       int64        `bson:"-"` // of the row
}

// lote is a batch of a product in a depot; Vence is nil when it keeps.
type lote struct {
	ID    string     `bson:"id"`
	Vence *time.Time `bson:"vence"`
	Libre int64      `bson:"libre"`
}

// toma is the part of a reservation or a movement that comes from one batch.
type toma struct {
	Lote     string     `bson:"lote"`
	Vence    *time.Time `bson:"vence"`
	Cantidad int64      `bson:"cantidad"`
}

// reserva is stock that an intento keeps in a depot.
type reserva struct {
	Pedido   string `bson:"pedido"`
	Intento  int    `bson:"intento"`
	Vuelta   int    `bson:"vuelta"`
	Cantidad int64  `bson:"cantidad"`
	Tomas    []toma `bson:"tomas"`
}

// movimiento is stock that came or went for good.
type movimiento struct {
	ID       string    `bson:"_id"`
	Producto string    `bson:"producto"`
	Deposito string    `bson:"deposito"`
	Cantidad int64     `bson:"cantidad"`
	Pedido   string    `bson:"pedido"`
	Tomas    []toma    `bson:"tomas"`
	En       time.Time `bson:"en"`
}

// cupo is room in a truck.
type cupo struct{ Peso, Volumen, Minutos, Visitas int64 }

func (c cupo) mas(o cupo) cupo {
	return cupo{
		Peso:    c.Peso + o.Peso,
		Volumen: c.Volumen + o.Volumen,
		Minutos: c.Minutos + o.Minutos,
		Visitas: c.Visitas + o.Visitas,
	}
}

func (c cupo) en(limite cupo) bool {
	return c.Peso <= limite.Peso && c.Volumen <= limite.Volumen &&
		c.Minutos <= limite.Minutos &&
		c.Visitas <= limite.Visitas
}

// turno is a shift of a truck, with the room that its row calls taken.
type turno struct {
	ID, Camion, Estado string
	Inicio, Fin        time.Time
	Franja             time.Duration
	Capacidad, Usado   cupo
	Tramos             [6]int64
}

// visita is a booking of a place on a truck.
type visita struct {
	ID, Pedido, Turno, Camion, Deposito, Estado string
	Intento, Numero, Tramo                      int
	Cupo                                        cupo
	Hasta                                       time.Time
	Salio                                       bool // it has left with its truck
}

// buzon is a queue of notices to send or to process, with the number of its overdue rows.
type buzon struct {
	Nombre   string
	Vencidos int
	Desde    time.Time // the time of the oldest row
}

// dicho is the sum of the answers that clients got about one order.
type dicho struct {
	Cliente      string
	Por          string // the actor that was told of it first
	Total        int64  // of the first answer
	Historia     []evento
	Cancelado    bool
	Totales      map[int]int64 // by intento: the total that the client sent with an order or a retry that was accepted
	Reembolsos   map[string]int64
	Devoluciones map[string]string // by id: the last estado told
	Devuelto     map[int]int64     // by intento: the highest refund that an answer named
	Cuento       []string          // the story, line by line
}

// movimientoDicho is stock that a client was told has moved.
type movimientoDicho struct {
	ID, Producto, Por string
	Cantidad          int64
}

// falta is one contradiction: the rule, the order, and a sentence.
type falta struct{ Regla, Pedido, Que string }

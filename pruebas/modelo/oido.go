package modelo

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// oido keeps the answers that clients got, and the story of each order.
type oido struct {
	mu      sync.Mutex
	sello   func() string // the time, as a story shows it
	pedidos map[string]*dicho
	orden   []string            // ids in the order in which clients got them
	propios map[string][]string // ids by login of the customer
	stock   []movimientoDicho
	panel   map[string]bool
	visitas map[string]string
	salidas map[string]bool
	faltas  []falta
	status  contadores // answers by status and code
	hechos  contadores // counts of the actors' deeds
}

func nuevoOido(empezo time.Time) *oido {
	o := &oido{pedidos: map[string]*dicho{}, propios: map[string][]string{},
		panel: map[string]bool{}, visitas: map[string]string{}, salidas: map[string]bool{}}
	o.sello = func() string { return fmt.Sprintf("%7.3fs", time.Since(empezo).Seconds()) }
	return o
}

// de returns the record of an order's answers. A new record names quien as the first actor that was told of the
// order. The caller holds mu.
func (o *oido) de(id, quien string) *dicho {
	d := o.pedidos[id]
	if d == nil {
		d = &dicho{Por: quien, Totales: map[int]int64{}, Reembolsos: map[string]int64{},
			Devoluciones: map[string]string{}, Devuelto: map[int]int64{}}
		o.pedidos[id] = d
		o.orden = append(o.orden, id)
	}
	return d
}

// contar adds a line to the story of an order.
func (o *oido) contar(id, quien, formato string, args ...any) {
	if id == "" {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if d := o.pedidos[id]; d != nil {
		d.Cuento = append(
			d.Cuento,
			fmt.Sprintf("%s %-14s ", o.sello(), quien)+fmt.Sprintf(formato, args...),
		)
	}
}

// mal records an answer that contradicts the API's own promises.
func (o *oido) mal(id, formato string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.faltas = append(
		o.faltas,
		falta{Regla: "oido", Pedido: id, Que: fmt.Sprintf(formato, args...)},
	)
}

// vista is an order as an answer shows it.
type vista struct {
	ID        string `json:"id"`
	Estado    string `json:"estado"`
	Intento   int    `json:"intento"`
	ClienteID string `json:"cliente_id"`

	DireccionID string   `json:"direccion_id"`
	Ventana     *ventana `json:"ventana"`

	Total    int64    `json:"total_centavos"`
	Acciones []string `json:"acciones"`
	Lineas   []struct {
		ProductoID string `json:"producto_id"`
		Cantidad   int    `json:"cantidad"`
	} `json:"lineas"`
	Pago struct {
		Metodo      string `json:"metodo"`
		Cobrado     int64  `json:"cobrado_centavos"`
		Reembolsado int64  `json:"reembolsado_centavos"`
	} `json:"pago"`
	Devoluciones []struct {
		ID     string `json:"id"`
		Estado string `json:"estado"`
		Lineas []struct {
			ProductoID string `json:"producto_id"`
		} `json:"lineas"`
	} `json:"devoluciones"`
}

// pedido records the order vista of an answer.
func (o *oido) pedido(vista vista, quien, login string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.pedidos[vista.ID] == nil {
		o.propios[login] = append(o.propios[login], vista.ID)
	}
	d := o.de(vista.ID, quien)
	d.Cliente = vista.ClienteID
	d.Cancelado = d.Cancelado || vista.Estado == "cancelado"
	if vivo(vista.Estado) {
		d.Devuelto[vista.Intento] = max(d.Devuelto[vista.Intento], vista.Pago.Reembolsado)
	}
	for _, x := range vista.Devoluciones {
		if d.Devoluciones[x.ID] == "" || x.Estado != "pedida" {
			d.Devoluciones[x.ID] = x.Estado
		}
	}
}

// devuelto records a refund at the gateway's panel.
func (o *oido) devuelto(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.panel[id] = true
}

// anotar changes the record of an order's answers by f.
func (o *oido) anotar(id, quien string, f func(*dicho)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f(o.de(id, quien))
}

// historiaVista is the longest history of an order that any actor has read.
func (o *oido) historiaVista(id string) []evento {
	o.mu.Lock()
	defer o.mu.Unlock()
	if d := o.pedidos[id]; d != nil {
		return d.Historia
	}
	return nil
}

// recientes are the latest n orders: of a customer's login, or of all customers.
func (o *oido) recientes(login string, n int) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	ids := o.orden
	if login != "" {
		ids = o.propios[login]
	}
	return slices.Clone(ids[max(0, len(ids)-n):])
}

// en copies the recorded answers into libros.
func (o *oido) en(libros *libros) {
	o.mu.Lock()
	defer o.mu.Unlock()
	libros.dichos = maps.Clone(o.pedidos)
	libros.dichoStock = slices.Clone(o.stock)
	libros.dichoVisitas = maps.Clone(o.visitas)
	libros.dichoSalidas = maps.Clone(o.salidas)
	libros.panel = maps.Clone(o.panel)
	libros.faltasAlOido = slices.Clone(o.faltas)
}

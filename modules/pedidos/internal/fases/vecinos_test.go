package fases

import (
	"context"
	"maps"
	"slices"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/reservas"
	"despensa/modules/rutas"
	"despensa/platform/money"
)

// pagosFalsa keeps one payment per intento. A voucher is paid at pagada.
type pagosFalsa struct {
	m      *mundo
	cobros map[int]*pagos.Recibo
	hechos map[string]bool // refunds by id
	pagada time.Time
}

func nuevaPagos(m *mundo) *pagosFalsa {
	return &pagosFalsa{m: m, cobros: map[int]*pagos.Recibo{}, hechos: map[string]bool{}, pagada: t0.Add(10 * time.Hour)}
}

func (f *pagosFalsa) Autorizar(_ context.Context, o pagos.Orden) (pagos.Recibo, error) {
	hecha, err := f.m.llaman("pagos.Autorizar")
	if hecha {
		return pagos.Recibo{}, err
	}
	c := f.cobros[o.Numero]
	if c == nil {
		c = &pagos.Recibo{Estado: pagos.Reservado}
		f.cobros[o.Numero] = c
	}
	switch {
	case c.Estado == pagos.Anulado:
		return *c, pagos.ErrAnulado
	case o.Metodo.Lento() && f.m.ahora.Before(f.pagada):
		c.Estado = pagos.Pendiente
		return *c, primero(err, pagos.ErrPendiente)
	case o.Metodo.Lento():
		c.Estado, c.Cobrado = pagos.Cobrado, o.Monto
	}
	return *c, err
}

func (f *pagosFalsa) Capturar(_ context.Context, i pagos.Intento) (pagos.Recibo, error) {
	hecha, err := f.m.llaman("pagos.Capturar")
	c := f.cobros[i.Numero]
	switch {
	case hecha:
		return pagos.Recibo{}, err
	case c == nil:
		return pagos.Recibo{}, pagos.ErrSinCobro
	case c.Estado == pagos.Anulado:
		return *c, pagos.ErrAnulado
	}
	c.Estado, c.Cobrado = pagos.Cobrado, total
	return *c, err
}

func (f *pagosFalsa) Anular(_ context.Context, i pagos.Intento) (pagos.Recibo, error) {
	hecha, err := f.m.llaman("pagos.Anular")
	if hecha {
		return pagos.Recibo{}, err
	}
	c := f.cobros[i.Numero]
	if c == nil {
		c = &pagos.Recibo{}
		f.cobros[i.Numero] = c
	}
	c.Estado, c.Reembolsado = pagos.Anulado, c.Cobrado
	return *c, err
}

func (f *pagosFalsa) Reembolsar(_ context.Context, r pagos.Reembolso) (pagos.Recibo, error) {
	hecha, err := f.m.llaman("pagos.Reembolsar")
	c := f.cobros[r.Numero]
	switch {
	case hecha:
		return pagos.Recibo{}, err
	case c.Estado == pagos.Anulado:
		return *c, pagos.ErrAnulado
	case !f.hechos[r.ID]:
		c.Reembolsado += r.Monto
		f.hechos[r.ID] = true
	}
	return *c, err
}

// queda is the money that the house keeps.
func (f *pagosFalsa) queda() (n money.Centavos) {
	for _, c := range f.cobros {
		n += c.Cobrado - c.Reembolsado
	}
	return n
}

func primero(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// stockFalso keeps units by depot.
type stockFalso struct {
	m                  *mundo
	libre              map[string]int64
	reservado, vendido map[string]int64 // by claveStock
	lapidas            map[string]bool
}

func nuevoStock(m *mundo) *stockFalso {
	return &stockFalso{m: m, libre: map[string]int64{"norte": 10, "sur": 10}, reservado: map[string]int64{},
		vendido: map[string]int64{}, lapidas: map[string]bool{}}
}

func claveStock(e reservas.Encargo) string {
	return e.Deposito + string(rune('0'+e.Intento)) + string(rune('0'+e.Vuelta))
}

func (s *stockFalso) ConStock(_ context.Context, ls []reservas.Linea) (map[string]bool, []string, error) {
	_, err := s.m.llaman("Stock.ConStock")
	out := map[string]bool{}
	for d, n := range s.libre {
		out[d] = n >= ls[0].Cantidad
	}
	return out, nil, err
}

func (s *stockFalso) Reservar(_ context.Context, e reservas.Encargo) error {
	hecha, err := s.m.llaman("Stock.Reservar")
	k, n := claveStock(e), e.Lineas[0].Cantidad
	switch {
	case hecha:
	case s.lapidas[k]:
		return reservas.ErrLiberada
	case s.reservado[k] > 0 || s.vendido[k] > 0:
	case s.libre[e.Deposito] < n:
		return existencias.ErrFalta
	default:
		s.libre[e.Deposito] -= n
		s.reservado[k] = n
	}
	return err
}

func (s *stockFalso) Liberar(_ context.Context, e reservas.Encargo, _ time.Time) error {
	hecha, err := s.m.llaman("Stock.Liberar")
	if hecha {
		return err
	}
	k := claveStock(e)
	s.lapidas[k] = true
	s.libre[e.Deposito] += s.reservado[k] + s.vendido[k]
	delete(s.reservado, k)
	delete(s.vendido, k)
	return err
}

func (s *stockFalso) Vender(_ context.Context, e reservas.Encargo) error {
	hecha, err := s.m.llaman("Stock.Vender")
	k := claveStock(e)
	switch {
	case hecha:
	case s.lapidas[k]:
		return reservas.ErrLiberada
	case s.vendido[k] > 0:
	case s.reservado[k] == 0:
		return existencias.ErrSinReserva
	default:
		s.vendido[k] = s.reservado[k]
		delete(s.reservado, k)
	}
	return err
}

// suma adds what m holds.
func suma(m map[string]int64) (n int64) {
	for _, v := range m {
		n += v
	}
	return n
}

// rutasFalsa keeps visits. A truck leaves an hour before its window, if sale; its visit ends
// with the window, as acaba says.
type rutasFalsa struct {
	m       *mundo
	visitas map[rutas.Clave]*rutas.Visita
	llenos  map[string]bool // depots without room
	sale    bool
	acaba   func(numero int) rutas.EstadoVisita
}

func nuevaRutas(m *mundo) *rutasFalsa {
	return &rutasFalsa{m: m, visitas: map[rutas.Clave]*rutas.Visita{}, llenos: map[string]bool{}, sale: true,
		acaba: func(int) rutas.EstadoVisita { return rutas.Entregada }}
}

// ventanaDe is the window of four hours that begins next after a day from t's.
func ventanaDe(t time.Time) rutas.Ventana {
	d := t.Truncate(4 * time.Hour).Add(24 * time.Hour)
	return rutas.Ventana{Desde: d, Hasta: d.Add(4 * time.Hour)}
}

func (f *rutasFalsa) Ofrecer(_ context.Context, c rutas.Consulta) (out []rutas.DepositoCercano, err error) {
	if _, err := f.m.llaman("rutas.Ofrecer"); err != nil {
		return nil, err
	}
	for _, d := range []string{"norte", "sur"} {
		x := rutas.DepositoCercano{ID: d}
		for i := range 12 {
			if !f.llenos[d] {
				x.Ventanas = append(x.Ventanas, ventanaDe(c.NoAntes.Add(time.Duration(i)*4*time.Hour)))
			}
		}
		out = append(out, x)
	}
	return out, nil
}

func (f *rutasFalsa) Reservar(_ context.Context, e rutas.Encargo) (rutas.Visita, error) {
	hecha, err := f.m.llaman("rutas.Reservar")
	v := f.visitas[e.Clave]
	switch {
	case hecha:
		return rutas.Visita{}, err
	case v != nil && v.Estado == rutas.Liberada:
		return rutas.Visita{}, rutas.ErrLiberada
	case v == nil && f.llenos[e.Deposito]:
		return rutas.Visita{}, rutas.ErrSinLugar
	case v == nil:
		w := ventanaDe(f.m.ahora)
		if e.Ventana != nil {
			w = *e.Ventana
		}
		if w.Desde.Before(f.m.ahora) {
			w = ventanaDe(f.m.ahora)
		}
		v = &rutas.Visita{Clave: e.Clave, Estado: rutas.Provisional, Ventana: w, Salida: w.Desde.Add(-time.Hour)}
		f.visitas[e.Clave] = v
	}
	return *v, err
}

func (f *rutasFalsa) Asegurar(_ context.Context, c rutas.Clave) (rutas.Visita, error) {
	hecha, err := f.m.llaman("rutas.Asegurar")
	v := f.visitas[c]
	switch {
	case hecha:
		return rutas.Visita{}, err
	case v == nil:
		return rutas.Visita{}, rutas.ErrSinVisita
	case v.Estado == rutas.Liberada || v.Estado == rutas.Perdida:
		return *v, rutas.ErrLiberada
	case v.Estado == rutas.Provisional:
		v.Estado = rutas.Firme
	}
	return *v, err
}

func (f *rutasFalsa) Liberar(_ context.Context, c rutas.Clave) error {
	hecha, err := f.m.llaman("rutas.Liberar")
	v := f.visitas[c]
	if v == nil {
		v = &rutas.Visita{Clave: c}
	}
	if !hecha {
		f.visitas[c] = v
	}
	switch {
	case hecha && err == rutas.ErrYaSalio && v.Estado == rutas.Firme:
		v.Estado = rutas.EnCamino // as it says
	case hecha && err == rutas.ErrYaSalio && v.Estado == rutas.Provisional:
		v.Estado = rutas.Perdida // the truck left without it
	case hecha:
	case v.Estado == rutas.EnCamino || v.Estado == rutas.Entregada:
		return rutas.ErrYaSalio
	case v.Estado != rutas.Fallida && v.Estado != rutas.Perdida:
		v.Estado = rutas.Liberada
	}
	return err
}

func (f *rutasFalsa) Visita(_ context.Context, c rutas.Clave) (rutas.Visita, error) {
	hecha, err := f.m.llaman("rutas.Visita")
	switch {
	case hecha:
		return rutas.Visita{}, err
	case f.visitas[c] == nil:
		return rutas.Visita{}, rutas.ErrSinVisita
	}
	return *f.visitas[c], err
}

// mover does what the clock says.
func (f *rutasFalsa) mover() {
	for _, v := range f.visitas {
		salio := !f.m.ahora.Before(v.Salida)
		switch {
		case v.Estado == rutas.Firme && salio && f.sale:
			v.Estado = rutas.EnCamino
		case v.Estado == rutas.EnCamino && !f.m.ahora.Before(v.Ventana.Hasta):
			v.Estado = f.acaba(v.Numero)
		case v.Estado == rutas.Provisional && salio:
			v.Estado = rutas.Perdida
		}
	}
}

// con lists how the visits stand, by number.
func (f *rutasFalsa) con() (out []rutas.EstadoVisita) {
	claves := slices.SortedFunc(maps.Keys(f.visitas), func(a, b rutas.Clave) int { return a.Numero - b.Numero })
	for _, c := range claves {
		out = append(out, f.visitas[c].Estado)
	}
	return out
}

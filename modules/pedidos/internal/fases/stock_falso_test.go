package fases

import (
	"context"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/reservas"
)

// stockFalso keeps units by depot. Of the free ones, corta expire at corto; they are taken first.
type stockFalso struct {
	m                  *mundo
	libre, corta       map[string]int64
	corto              time.Time
	reservado, vendido map[string]int64 // by claveStock
	cortos             map[string]bool  // by claveStock: some of its units expire at corto
	lapidas            map[string]bool
	vueltos, tirados   map[int64]int64 // returned goods, by number
}

func nuevoStock(mundo *mundo) *stockFalso {
	return &stockFalso{
		m:         mundo,
		libre:     map[string]int64{"norte": 10, "sur": 10},
		reservado: map[string]int64{},
		vendido:   map[string]int64{},
		lapidas:   map[string]bool{},
		corta:     map[string]int64{},
		cortos:    map[string]bool{},
		vueltos:   map[int64]int64{},
		tirados:   map[int64]int64{},
	}
}

func claveStock(requerimiento reservas.Requerimiento) string {
	return requerimiento.Deposito + string(
		rune('0'+requerimiento.Intento),
	) + string(rune('0'+requerimiento.Vuelta))
}

func (s *stockFalso) Surtido(
	_ context.Context,
	lineas []reservas.Linea,
) (reservas.Surtido, error) {
	_, err := s.m.llaman("Stock.Surtido")
	var es []existencias.EnDeposito
	for d, n := range s.libre {
		e := existencias.EnDeposito{Producto: lineas[0].Producto, Deposito: d}
		e.Lotes = []existencias.Lote{
			{ID: "corto", Vence: &s.corto, Libre: s.corta[d]},
			{Libre: n - s.corta[d]},
		}
		es = append(es, e)
	}
	return reservas.NewSurtido(lineas, es, time.UTC), err
}

// sirve reports whether units that expire at corto are good for e.
func (s *stockFalso) sirve(requerimiento reservas.Requerimiento) bool {
	return existencias.Dura(
		&s.corto,
		existencias.VenceMinimo(requerimiento.Hasta, requerimiento.Lineas[0].Vida, time.UTC),
	)
}

func (s *stockFalso) Duran(
	_ context.Context,
	requerimiento reservas.Requerimiento,
) (bool, error) {
	_, err := s.m.llaman("Stock.Duran")
	return !s.cortos[claveStock(requerimiento)] || s.sirve(requerimiento), err
}

func (s *stockFalso) Retornar(_ context.Context, retorno reservas.Retorno) error {
	hecha, err := s.m.llaman("Stock.Retornar")
	if hecha {
		return err
	}
	if retorno.Descarte {
		s.tirados[int64(retorno.Numero)] = retorno.Cantidad
	} else {
		s.vueltos[int64(retorno.Numero)] = retorno.Cantidad
	}
	return err
}

func (s *stockFalso) Reservar(_ context.Context, requerimiento reservas.Requerimiento) error {
	hecha, err := s.m.llaman("Stock.Reservar")
	k, n := claveStock(requerimiento), requerimiento.Lineas[0].Cantidad
	switch {
	case hecha:
	case s.lapidas[k]:
		return reservas.ErrLiberada
	case s.reservado[k] > 0 || s.vendido[k] > 0:
	case s.sirve(requerimiento) && s.libre[requerimiento.Deposito] < n,
		!s.sirve(requerimiento) && s.libre[requerimiento.Deposito]-s.corta[requerimiento.Deposito] < n:
		return existencias.ErrFalta
	default:
		if s.sirve(requerimiento) && s.corta[requerimiento.Deposito] > 0 {
			s.cortos[k] = true
			s.corta[requerimiento.Deposito] -= min(n, s.corta[requerimiento.Deposito])
		}
		s.libre[requerimiento.Deposito] -= n
		s.reservado[k] = n
	}
	return err
}

func (s *stockFalso) Liberar(
	_ context.Context,
	requerimiento reservas.Requerimiento,
	_ time.Time,
) error {
	hecha, err := s.m.llaman("Stock.Liberar")
	if hecha {
		return err
	}
	k := claveStock(requerimiento)
	s.lapidas[k] = true
	s.libre[requerimiento.Deposito] += s.reservado[k] + s.vendido[k] - requerimiento.Lineas[0].Fuera
	delete(s.reservado, k)
	delete(s.vendido, k)
	return err
}

func (s *stockFalso) Vender(_ context.Context, requerimiento reservas.Requerimiento) error {
	hecha, err := s.m.llaman("Stock.Vender")
	k := claveStock(requerimiento)
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

// suma adds the units in m.
func suma[K comparable](m map[K]int64) (n int64) {
	for _, v := range m {
		n += v
	}
	return n
}

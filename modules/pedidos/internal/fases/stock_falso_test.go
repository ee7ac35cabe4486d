package fases

import (
	"context"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/reservas"
)

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

// suma adds the units in m.
func suma(m map[string]int64) (n int64) {
	for _, v := range m {
		n += v
	}
	return n
}

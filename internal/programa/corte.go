package programa

import (
	"errors"
	"sync/atomic"

	"despensa/platform/sqldb"
)

// CortarEn makes a Corte that calls fin at the n-th boundary from the first order on, counted from 1.
func CortarEn(n int64, fin func()) sqldb.Corte {
	c := &contador{n: n, fin: fin}
	return c.cortar
}

// ErrMuerto is what everything answers after the cut: the process is as good as dead.
var ErrMuerto = errors.New("the process has ended (crash test)")

// primera is the effect from which boundaries are counted: what happens before the first
// order is not the same on every store.
const primera = "pedidos.insertar"

// contador counts boundaries from primera on: each side of every write and of every
// gateway call.
type contador struct {
	n      int64 // the boundary at which the process ends; 0: never
	fin    func()
	cuenta atomic.Bool // there was an order
	van    atomic.Int64
	muerto atomic.Bool
}

// cortar is a sqldb.Corte. After the n-th boundary nothing has an effect any more.
func (c *contador) cortar(nombre string, _ sqldb.Momento) error {
	if c.muerto.Load() {
		return ErrMuerto
	}
	if nombre == primera {
		c.cuenta.Store(true)
	}
	if !c.cuenta.Load() || c.van.Add(1) != c.n {
		return nil
	}
	c.muerto.Store(true)
	if c.fin != nil {
		c.fin()
	}
	return ErrMuerto
}

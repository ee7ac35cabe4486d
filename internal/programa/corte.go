package programa

import (
	"errors"
	"sync/atomic"

	"despensa/platform/sqldb"
)

// CortarEn makes a Cut that calls fin at the n-th boundary since the first order, counted from 1, and lets nothing
// have an effect after it.
func CortarEn(n int64, fin func()) sqldb.Cut {
	c := &contador{n: n, fin: fin}
	return c.cortar
}

// ErrMuerto is the error of every write and gateway call after the cut: the process counts as ended.
var ErrMuerto = errors.New("the process has ended (crash test)")

// primera is the effect from which boundaries are counted: the number of boundaries before the first order differs
// from store to store.
const primera = "pedidos.insertar"

// contador counts boundaries since primera: before and after each write and each call of the gateway.
type contador struct {
	n      int64 // the boundary at which the process ends; 0: never
	fin    func()
	cuenta atomic.Bool // primera has happened
	van    atomic.Int64
	muerto atomic.Bool
}

// cortar implements sqldb.Cut. Errors: ErrMuerto at the n-th boundary and after it.
func (c *contador) cortar(nombre string, _ sqldb.Moment) error {
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

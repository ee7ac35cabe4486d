package main

import (
	"errors"
	"strings"
	"sync/atomic"

	"despensa/platform/sqldb"
)

// errMuerto is what everything answers after the cut: the process is as good as dead.
var errMuerto = errors.New("the process has ended (crash test)")

// contador counts boundaries: each side of every write and of every gateway call, but for
// turns of background jobs, which only a server has and no order sees.
type contador struct {
	n      int64 // the boundary at which the process ends; 0: never
	fin    func()
	van    atomic.Int64
	muerto atomic.Bool
}

// cortar is a sqldb.Corte. After the n-th boundary nothing has an effect any more.
func (c *contador) cortar(nombre string, _ sqldb.Momento) error {
	if c.muerto.Load() {
		return errMuerto
	}
	if strings.HasPrefix(nombre, "turno.") {
		return nil
	}
	if c.van.Add(1) != c.n {
		return nil
	}
	c.muerto.Store(true)
	if c.fin != nil {
		c.fin()
	}
	return errMuerto
}

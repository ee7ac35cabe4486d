package flota

import (
	"context"
	"sync"
	"time"

	"gorm.io/gorm"
)

// agendas are the agenda of every depot, and the active depots themselves. Safe for concurrent use.
type agendas struct {
	vida  time.Duration
	reloj func() time.Time

	mu        sync.RWMutex
	por       map[string]*agenda // by depot
	leidos    time.Time          // when the reading of depositos began; zero: depositos must be read anew
	tachados  int                // how often depositos was struck out
	depositos []Deposito         // active, by code
}

func nuevasAgendas(compartida bool) *agendas {
	vida := vidaPropia
	if compartida {
		vida = vidaCompartida
	}
	return &agendas{vida: vida, reloj: time.Now, por: map[string]*agenda{}}
}

// de gives the agenda of a depot, which may not have been read yet.
func (as *agendas) de(deposito string) *agenda {
	as.mu.RLock()
	a := as.por[deposito]
	as.mu.RUnlock()
	if a != nil {
		return a
	}
	as.mu.Lock()
	defer as.mu.Unlock()
	if as.por[deposito] == nil {
		as.por[deposito] = nuevaAgenda(as.vida, as.reloj)
	}
	return as.por[deposito]
}

// enHora gives the active depots, or nil when they must be read anew; the caller hands desde and tachados to guardar
// after that reading.
func (as *agendas) enHora() (ds []Deposito, desde time.Time, tachados int) {
	as.mu.RLock()
	defer as.mu.RUnlock()
	desde = as.reloj()
	if as.leidos.IsZero() || desde.Sub(as.leidos) >= as.vida {
		return nil, desde, as.tachados
	}
	return as.depositos, desde, as.tachados
}

// guardar keeps the depots of a reading that began at desde, unless a depot was changed meanwhile.
func (as *agendas) guardar(depositos []Deposito, desde time.Time, tachados int) {
	as.mu.Lock()
	defer as.mu.Unlock()
	if as.tachados == tachados && desde.After(as.leidos) {
		as.depositos, as.leidos = depositos, desde
	}
}

// tacharDepositos strikes the depots out: they are read anew before they are used.
func (as *agendas) tacharDepositos() {
	as.mu.Lock()
	defer as.mu.Unlock()
	as.leidos = time.Time{}
	as.tachados++
}

// activos gives the active depots, by code, at most the life of an agenda old.
func (f *Flota) activos(ctx context.Context) ([]Deposito, error) {
	ds, desde, tachados := f.agendas.enHora()
	if ds != nil {
		return ds, nil
	}
	filas, err := sanas[filaDeposito](f.db.Read(ctx).Where("activo = ?", true).Order("codigo"))
	if err != nil {
		return nil, err
	}
	ds = cosas(filas, filaDeposito.cosa)
	f.agendas.guardar(ds, desde, tachados)
	return ds, nil
}

// lecturaDeAgendas reads the first shifts that can be booked of each depot.
const lecturaDeAgendas = `select * from (
	select turnos.*, row_number() over (partition by deposito order by inicio, frio, id) as puesto
	from turnos where deposito in ? and libre = ? and fin > ?) t
	where puesto <= ? order by deposito, inicio, frio, id`

// leerAgendas reads, in one statement, the agendas of the depots with an agenda that is too old to be used.
func (f *Flota) leerAgendas(ctx context.Context, depositos []string) error {
	var faltan []string
	for _, id := range depositos {
		if !f.agendas.de(id).vigente() {
			faltan = append(faltan, id)
		}
	}
	if len(faltan) == 0 {
		return nil
	}
	lecturas := make(map[string]lectura, len(faltan))
	for _, id := range faltan {
		lecturas[id] = f.agendas.de(id).leer()
	}
	turnos, err := f.reservables(f.db.Read(ctx), faltan)
	for id, l := range lecturas {
		if err != nil {
			f.agendas.de(id).fallida()
			continue
		}
		f.agendas.de(id).hecha(l, turnos[id])
	}
	return err
}

// reservables reads the first agendaMax shifts of each depot that can be booked, in the order of enOrden, by the id of
// the depot.
func (f *Flota) reservables(db *gorm.DB, depositos []string) (map[string][]*Turno, error) {
	filas, err := sanas[filaTurno](
		db.Raw(lecturaDeAgendas, depositos, true, f.ahora().UnixMilli(), agendaMax),
	)
	turnos := make(map[string][]*Turno, len(depositos))
	for _, fila := range filas {
		t := fila.cosa()
		turnos[t.Deposito] = append(turnos[t.Deposito], &t)
	}
	return turnos, err
}

// anotaciones are the shifts that one write has stored, and whether it has stored a depot: asentar brings the agendas
// up to date with them.
type anotaciones struct {
	mu        sync.Mutex // the write may go on after its caller has given up
	turnos    []*Turno
	depositos bool
}

// ajusteAnotaciones is the name of the gorm setting under which the tx of escribir carries its anotaciones.
const ajusteAnotaciones = "despensa:flota_anotaciones"

// anotando gives a tx that carries c. The notes of an earlier try of the same write are forgotten.
func (c *anotaciones) anotando(tx *gorm.DB) *gorm.DB {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turnos, c.depositos = nil, false
	return tx.Set(ajusteAnotaciones, c).Session(&gorm.Session{})
}

// anotarTurno notes that tx stores turno.
func anotarTurno(tx *gorm.DB, turno Turno) {
	anotarEn(tx, func(c *anotaciones) { c.turnos = append(c.turnos, &turno) })
}

// anotarDepositos notes that tx stores a depot.
func anotarDepositos(tx *gorm.DB) { anotarEn(tx, func(c *anotaciones) { c.depositos = true }) }

// anotarEn changes the anotaciones of tx, if it has any.
func anotarEn(tx *gorm.DB, cambiar func(c *anotaciones)) {
	v, _ := tx.Get(ajusteAnotaciones)
	if c, ok := v.(*anotaciones); ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		cambiar(c)
	}
}

// asentar brings the agendas up to date after a write. A write that ended with an error may have been committed all
// the same, so its shifts are read anew.
func (as *agendas) asentar(anotaciones *anotaciones, err error) {
	anotaciones.mu.Lock()
	defer anotaciones.mu.Unlock()
	if anotaciones.depositos {
		as.tacharDepositos()
	}
	for _, t := range anotaciones.turnos {
		if a := as.de(t.Deposito); err != nil {
			a.tachar()
		} else {
			a.anotar(t)
		}
	}
}

package flota

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"despensa/modules/rutas"
	"despensa/platform/idempotency"

	"gorm.io/gorm"
)

// Reservar implements rutas.Servicio. It books from the agenda, and searches the store when the agenda shows no room.
func (f *Flota) Reservar(ctx context.Context, encargo rutas.Encargo) (rutas.Visita, error) {
	d, err := f.demanda(ctx, encargo)
	if err != nil {
		return f.yaReservada(ctx, encargo.Clave, err)
	}
	soltar, err := f.turnarse(ctx, encargo.Deposito)
	if err != nil {
		return rutas.Visita{}, err
	}
	defer soltar()
	v, err := f.reservarDeAgenda(ctx, encargo, d)
	if errors.Is(err, errCarrera) {
		v, err = escribir(
			ctx,
			f,
			"rutas.reservar",
			func(tx *gorm.DB) (Visita, error) { return f.reservar(tx, encargo, d) },
		)
	}
	return f.contrato(v), err
}

// turnarse makes the bookings of one depot by this process wait for each other in a shared store: they all choose the
// same best shift, and PostgreSQL aborts every concurrent one but the first. soltar lets the next booking go on.
func (f *Flota) turnarse(ctx context.Context, deposito string) (soltar func(), err error) {
	if !f.db.Shared() {
		return func() {}, nil // SQLite's one writer takes bookings one after the other
	}
	return f.agendas.de(deposito).turnarse(ctx)
}

// reservarDeAgenda books the window that the depot's agenda shows, without reading a row. Errors: errCarrera when the
// agenda shows no window, or the stored shift has no such room: then the caller must search the store.
func (f *Flota) reservarDeAgenda(
	ctx context.Context,
	encargo rutas.Encargo,
	demanda demanda,
) (Visita, error) {
	if err := f.leerAgendas(ctx, []string{encargo.Deposito}); err != nil {
		return Visita{}, err
	}
	exacto := encargo
	exacto.Flexible = false // only the store knows whether the asked window is really full
	t, i, ventana, err := elegir(f.agendados(ctx, encargo.Deposito), exacto, demanda)
	switch {
	case errors.Is(err, rutas.ErrSinLugar) || errors.Is(err, rutas.ErrVentana):
		return Visita{}, errCarrera
	case err != nil:
		return Visita{}, err
	}
	v, err := intentar(
		ctx,
		f,
		f.escritor(),
		"rutas.reservar",
		func(tx *gorm.DB) (Visita, error) {
			return f.reservarEn(tx, nuevaVisita(encargo, demanda, t, i, ventana), t, demanda)
		},
	)
	if errors.Is(err, errCarrera) {
		f.agendas.de(encargo.Deposito).tachar()
	}
	return v, err
}

// reservarEn takes room for visita on turno, a recent state of its shift, and stores visita. It finds out that a
// shift has no room before it has changed anything, because a failure after that would undo the other writes of the
// same commit. Errors: errCarrera when turno has no room, when the key has led to a visit or a tombstone already,
// or when the depot is out of service.
func (f *Flota) reservarEn(
	tx *gorm.DB,
	visita Visita,
	turno Turno,
	demanda demanda,
) (Visita, error) {
	if f.db.Shared() {
		visita, t, err := ocuparYAnotar(tx, visita, turno, demanda)
		anotarTurno(tx, t)
		return visita, err
	}
	turno, err := ocupar(tx, turno, visita.numVentana, demanda)
	if err != nil {
		return Visita{}, err
	}
	anotarTurno(tx, turno)
	if visita, err = anotarVisita(tx, visita); errors.Is(err, rutas.ErrSinVisita) {
		err = errCarrera
	}
	return visita, err
}

// demanda gives the room, the times and the window that e needs, and is worked out before any transaction. Errors:
// rutas.ErrSinLugar, rutas.ErrFueraDeArea.
func (f *Flota) demanda(ctx context.Context, encargo rutas.Encargo) (demanda, error) {
	dep, err := f.activo(ctx, encargo.Deposito)
	if err != nil {
		return demanda{}, err
	}
	viaje, err := f.alcance(dep, encargo.Punto)
	if err != nil {
		return demanda{}, err
	}
	d := f.pedir(encargo.Carga, viaje, encargo.NoAntes)
	d.exacta = encargo.Ventana
	return d, nil
}

// activo gives a depot that was in service at most the life of an agenda ago. Errors: rutas.ErrSinLugar.
func (f *Flota) activo(ctx context.Context, id string) (Deposito, error) {
	ds, err := f.activos(ctx)
	if err != nil {
		return Deposito{}, err
	}
	if i := slices.IndexFunc(ds, func(d Deposito) bool { return d.ID == id }); i >= 0 {
		return ds[i], nil
	}
	fila, err := uno[filaDeposito](
		f.db.Read(ctx).Where("id = ? and activo = ?", id, true),
		rutas.ErrSinLugar,
	)
	return fila.cosa(), err // another process may have just added the depot
}

// alcance is the travel time from a depot to a place. Errors: rutas.ErrFueraDeArea when it is longer than
// Reglas.ViajeMax, or the place is far from every street.
func (f *Flota) alcance(deposito Deposito, punto rutas.Punto) (time.Duration, error) {
	viaje, err := f.o.Viajes.Viaje(deposito.Punto, punto)
	if err == nil && viaje > f.o.Reglas.ViajeMax {
		err = rutas.ErrFueraDeArea
	}
	return viaje, err
}

// pedir gives the demanda of a load: one visit, with its work in whole minutes, rounded up.
func (f *Flota) pedir(carga rutas.Carga, viaje time.Duration, noAntes time.Time) demanda {
	r, ahora := f.o.Reglas, f.ahora()
	trabajo := r.Servicio + 2*viaje*time.Duration(r.ViajeCompartido)/100
	minutos := int64((trabajo + time.Minute - 1) / time.Minute)
	return demanda{
		capacidad: Capacidad{
			PesoGramos: carga.PesoGramos,
			VolumenML:  carga.VolumenML,
			Minutos:    minutos,
			Visitas:    1,
		},
		frio: carga.Frio, viaje: viaje, ahora: ahora, hasta: ahora.Add(r.Horizonte),
		noAntes: noAntes.Truncate(time.Millisecond), // as ahora is
	}
}

// yaReservada gives the visit that an earlier call with the same key has booked; porque, why it cannot be booked now,
// when there is none.
func (f *Flota) yaReservada(
	ctx context.Context,
	clave rutas.Clave,
	porque error,
) (rutas.Visita, error) {
	v, err := previa(f.db.Read(ctx), clave)
	if errors.Is(err, rutas.ErrSinVisita) {
		return rutas.Visita{}, porque
	}
	return f.contrato(v), err
}

// previa gives the visit that the key has booked. Errors: rutas.ErrLiberada, rutas.ErrSinVisita.
func previa(tx *gorm.DB, clave rutas.Clave) (Visita, error) {
	v, err := visitaDe(tx, clave)
	if err == nil && v.Estado == rutas.Liberada {
		return Visita{}, rutas.ErrLiberada
	}
	if !errors.Is(err, rutas.ErrSinVisita) {
		return v, err
	}
	return Visita{}, sinVisita(tx, clave)
}

// sinVisita is the error of a key without a visit: rutas.ErrLiberada when the key has a tombstone, else
// rutas.ErrSinVisita.
func sinVisita(tx *gorm.DB, clave rutas.Clave) error {
	_, err := uno[filaLapida](
		tx.Where(
			"pedido = ? and intento = ? and numero = ?",
			clave.Pedido,
			clave.Intento,
			clave.Numero,
		),
		rutas.ErrSinVisita,
	)
	if err == nil {
		return rutas.ErrLiberada
	}
	return err
}

// reservar searches the store for a shift with room, takes the room and stores the visit. Errors: rutas.ErrLiberada,
// rutas.ErrSinLugar, rutas.ErrVentana; errCarrera.
func (f *Flota) reservar(tx *gorm.DB, encargo rutas.Encargo, demanda demanda) (Visita, error) {
	visita, err := previa(tx, encargo.Clave)
	if !errors.Is(err, rutas.ErrSinVisita) {
		return visita, err
	}
	if err := enServicio(tx, encargo.Deposito, rutas.ErrSinLugar); err != nil {
		return Visita{}, err // it has gone out of service since demanda read it
	}
	t, i, ventana, err := elegir(f.candidatos(tx, encargo.Deposito), encargo, demanda)
	if err != nil {
		return Visita{}, err
	}
	t.tomar(i, demanda.capacidad)
	if err := guardarTurno(tx, &t); err != nil {
		return Visita{}, err
	}
	visita, err = anotarVisita(tx, nuevaVisita(encargo, demanda, t, i, ventana))
	if errors.Is(err, rutas.ErrSinVisita) {
		err = errCarrera
	}
	return visita, err
}

// elegir finds a shift and a window for e: the window asked for, or the next free one when e is flexible. Errors:
// rutas.ErrSinLugar; rutas.ErrVentana when the window asked for has no room.
func elegir(
	fuente fuente,
	encargo rutas.Encargo,
	demanda demanda,
) (t Turno, i int, v rutas.Ventana, err error) {
	t, i, v, err = primera(fuente, demanda)
	if !errors.Is(err, rutas.ErrSinLugar) || encargo.Ventana == nil {
		return t, i, v, err
	}
	if !encargo.Flexible {
		return t, i, v, rutas.ErrVentana
	}
	demanda.exacta, demanda.desde = nil, encargo.Ventana.Desde
	return primera(fuente, demanda)
}

// primera finds the soonest window of a depot that takes demanda, with its shift and its number. Errors:
// rutas.ErrSinLugar.
func primera(fuente fuente, demanda demanda) (t Turno, i int, v rutas.Ventana, err error) {
	err = rutas.ErrSinLugar
	falla := fuente(demanda, func(c *Turno) bool {
		if n, w, ok := c.primero(demanda); ok && (err != nil || w.Desde.Before(v.Desde)) {
			t, i, v, err = *c, n, w, nil
		}
		return err != nil ||
			c.Inicio.Before(v.Desde) // a later shift may still have a sooner window
	})
	if falla != nil {
		err = falla
	}
	return t, i, v, err
}

// IDVisita is the id of the visit that a key books.
func IDVisita(clave rutas.Clave) string {
	return idempotency.Derive(
		"visita",
		clave.Pedido,
		strconv.Itoa(clave.Intento),
		strconv.Itoa(clave.Numero),
	)
}

func nuevaVisita(
	encargo rutas.Encargo,
	demanda demanda,
	turno Turno,
	i int,
	ventana rutas.Ventana,
) Visita {
	punto := encargo.Punto
	return Visita{
		ID:       IDVisita(encargo.Clave),
		Clave:    encargo.Clave,
		Cliente:  encargo.Cliente,
		Turno:    turno.ID,
		Camion:   turno.Camion,
		Deposito: turno.Deposito,
		Dia:      turno.Dia,
		Estado:   rutas.Provisional, Punto: &punto, Capacidad: demanda.capacidad, Frio: demanda.frio, Ventana: ventana,
		Salida:     turno.salidaPrevista(demanda.ahora),
		Version:    1,
		Creado:     demanda.ahora,
		numVentana: i,
		jornada:    rutas.Ventana{Desde: turno.Inicio, Hasta: turno.Fin},
	}
}

package flota

import (
	"context"
	"errors"
	"strconv"
	"time"

	"despensa/modules/rutas"
	"despensa/platform/idempotency"

	"gorm.io/gorm"
)

// Reservar is rutas.Servicio's.
func (f *Flota) Reservar(ctx context.Context, e rutas.Encargo) (rutas.Visita, error) {
	d, err := f.demanda(ctx, e)
	if err != nil {
		return f.yaReservada(ctx, e.Clave, err)
	}
	v, err := escribir(ctx, f, "rutas.reservar", func(tx *gorm.DB) (Visita, error) {
		return f.reservar(tx, e, d)
	})
	return f.contrato(v), err
}

// demanda works out, before any transaction, what e asks of a shift.
func (f *Flota) demanda(ctx context.Context, e rutas.Encargo) (demanda, error) {
	dep, err := uno[filaDeposito](f.db.Leer(ctx).Where("id = ? and activo = ?", e.Deposito, true), rutas.ErrSinLugar)
	if err != nil {
		return demanda{}, err
	}
	viaje, err := f.alcance(dep.cosa(), e.Punto)
	if err != nil {
		return demanda{}, err
	}
	d := f.pedir(e.Carga, viaje, e.NoAntes)
	d.exacta = e.Ventana
	return d, nil
}

// alcance is the travel time from a depot to a place that it reaches.
func (f *Flota) alcance(d Deposito, p rutas.Punto) (time.Duration, error) {
	viaje, err := f.o.Viajes.Viaje(d.Punto, p)
	if err == nil && viaje > f.o.Reglas.ViajeMax {
		err = rutas.ErrFueraDeArea
	}
	return viaje, err
}

func (f *Flota) pedir(c rutas.Carga, viaje time.Duration, noAntes time.Time) demanda {
	r := f.o.Reglas
	trabajo := r.Servicio + 2*viaje*time.Duration(r.ViajeCompartido)/100
	minutos := int64((trabajo + time.Minute - 1) / time.Minute)
	return demanda{
		cupo: Cupo{PesoGramos: c.PesoGramos, VolumenML: c.VolumenML, Minutos: minutos, Visitas: 1},
		frio: c.Frio, viaje: viaje, ahora: f.ahora(), noAntes: noAntes.Truncate(time.Millisecond), // as ahora is
	}
}

// yaReservada answers a booking that could not be made today but has been made before.
func (f *Flota) yaReservada(ctx context.Context, c rutas.Clave, porque error) (rutas.Visita, error) {
	v, err := previa(f.db.Leer(ctx), c)
	if errors.Is(err, rutas.ErrSinVisita) {
		return rutas.Visita{}, porque
	}
	return f.contrato(v), err
}

// previa gives what the key has led to. Errors: rutas.ErrLiberada, rutas.ErrSinVisita.
func previa(tx *gorm.DB, c rutas.Clave) (Visita, error) {
	v, err := visitaDe(tx, c)
	if err == nil && v.Estado == rutas.Liberada {
		return Visita{}, rutas.ErrLiberada
	}
	if !errors.Is(err, rutas.ErrSinVisita) {
		return v, err
	}
	return Visita{}, sinVisita(tx, c)
}

// visitaDe reads the visit of a key. Errors: rutas.ErrSinVisita.
func visitaDe(tx *gorm.DB, c rutas.Clave) (Visita, error) {
	f, err := uno[filaVisita](conPatente(tx).Where("pedido = ? and intento = ? and numero = ?", c.Pedido, c.Intento, c.Numero), rutas.ErrSinVisita)
	return f.cosa(), err
}

// sinVisita tells why there is no visit: ErrLiberada when a tombstone stands, else ErrSinVisita.
func sinVisita(tx *gorm.DB, c rutas.Clave) error {
	_, err := uno[filaLapida](tx.Where("pedido = ? and intento = ? and numero = ?", c.Pedido, c.Intento, c.Numero), rutas.ErrSinVisita)
	if err == nil {
		return rutas.ErrLiberada
	}
	return err
}

func (f *Flota) reservar(tx *gorm.DB, e rutas.Encargo, d demanda) (Visita, error) {
	v, err := previa(tx, e.Clave)
	if !errors.Is(err, rutas.ErrSinVisita) {
		return v, err
	}
	if err := enServicio(tx, e.Deposito, rutas.ErrSinLugar); err != nil {
		return Visita{}, err // since its place was looked up
	}
	t, i, ventana, err := f.elegir(tx, e, d)
	if err != nil {
		return Visita{}, err
	}
	t.tomar(i, d.cupo)
	if err := guardarTurno(tx, &t); err != nil {
		return Visita{}, err
	}
	return insertarVisita(tx, nuevaVisita(e, d, t, i, ventana))
}

// elegir finds the window: the one asked for, or, when e is flexible, the next free one.
func (f *Flota) elegir(tx *gorm.DB, e rutas.Encargo, d demanda) (t Turno, i int, v rutas.Ventana, err error) {
	t, i, v, err = f.primera(tx, e.Deposito, d)
	if !errors.Is(err, rutas.ErrSinLugar) || e.Ventana == nil {
		return t, i, v, err
	}
	if !e.Flexible {
		return t, i, v, rutas.ErrVentana
	}
	d.exacta, d.desde = nil, e.Ventana.Desde
	return f.primera(tx, e.Deposito, d)
}

// primera is the soonest window of a depot that takes d. Errors: rutas.ErrSinLugar.
func (f *Flota) primera(tx *gorm.DB, deposito string, d demanda) (t Turno, i int, v rutas.Ventana, err error) {
	err = rutas.ErrSinLugar
	falla := f.candidatos(tx, deposito, d, func(c Turno) bool {
		if n, w, ok := c.primero(d); ok && (err != nil || w.Desde.Before(v.Desde)) {
			t, i, v, err = c, n, w, nil
		}
		return err != nil || c.Inicio.Before(v.Desde) // a later shift may still have a sooner window
	})
	if falla != nil {
		err = falla
	}
	return t, i, v, err
}

// IDVisita is the id of the visit that an order's intento books.
func IDVisita(c rutas.Clave) string {
	return idempotency.Derive("visita", c.Pedido, strconv.Itoa(c.Intento), strconv.Itoa(c.Numero))
}

func nuevaVisita(e rutas.Encargo, d demanda, t Turno, i int, v rutas.Ventana) Visita {
	punto := e.Punto
	return Visita{
		ID:    IDVisita(e.Clave),
		Clave: e.Clave, Cliente: e.Cliente, Turno: t.ID, Camion: t.Camion, Deposito: t.Deposito, Dia: t.Dia,
		Estado: rutas.Provisional, Punto: &punto, Cupo: d.cupo, Frio: d.frio, Ventana: v, Salida: t.partida(d.ahora),
		Version: 1, Creado: d.ahora, tramo: i,
	}
}

func insertarVisita(tx *gorm.DB, v Visita) (Visita, error) {
	f := filaDeVisita(v)
	err := tx.Create(&f).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return Visita{}, errCarrera
	}
	if err != nil {
		return Visita{}, err
	}
	return visitaDe(tx, v.Clave)
}

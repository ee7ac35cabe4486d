package flota

import (
	"context"
	"errors"
	"strconv"
	"sync/atomic"
	"testing"
	"time"
	_ "time/tzdata"

	"despensa/migrations"
	"despensa/modules/rutas"
	"despensa/platform/idempotency"
	"despensa/platform/seal/sealtest"
	"despensa/platform/sqldb"
	"despensa/platform/sqldb/sqldbtest"

	"gorm.io/gorm"
)

// viajeFijo is a network with one travel time between all places; a place north of the equator is outside its area.
type viajeFijo time.Duration

func (v viajeFijo) Viaje(_, hasta rutas.Punto) (time.Duration, error) {
	if hasta.Lat > 0 {
		return 0, rutas.ErrFueraDeArea
	}
	return time.Duration(v), nil
}

// reloj is a clock that tests move.
type reloj struct{ ms atomic.Int64 }

func (r *reloj) ahora() time.Time      { return time.UnixMilli(r.ms.Load()) }
func (r *reloj) poner(t time.Time)     { r.ms.Store(t.UnixMilli()) }
func (r *reloj) mover(d time.Duration) { r.ms.Add(d.Milliseconds()) }
func hora(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var reglas = Reglas{
	Horizonte: 14 * 24 * time.Hour, Franja: 4 * time.Hour, Servicio: 5 * time.Minute, ViajeCompartido: 10,
	ViajeMax: 2 * time.Hour, Candidatos: 256, VisitasMax: 80,
	Lapida: 30 * 24 * time.Hour, Clave: 72 * time.Hour, Olvido: 30 * 24 * time.Hour,
	SalidaAntes: 2 * time.Hour, RegresoMax: 4 * time.Hour,
}

// mundo is a fleet in a store of its own, with a clock at Wednesday 10:00 UTC (07:00 local).
type mundo struct {
	*Flota
	t     testing.TB
	ctx   context.Context
	reloj *reloj
	n     atomic.Int64
	sitio sqldbtest.Place
}

const casa, planta = -34.6, -58.4

func nuevoMundo(t testing.TB, corte sqldb.Cut) *mundo {
	t.Helper()
	return abrirMundo(t, sqldbtest.New(t, "rutas"), corte)
}

func abrirMundo(t testing.TB, sitio sqldbtest.Place, corte sqldb.Cut) *mundo {
	t.Helper()
	ctx := context.Background()
	db, err := sqldb.Open(
		ctx,
		sqldb.Options{Name: "rutas", File: sitio.File, Postgres: sitio.Postgres,
			Migrations: migrations.De("rutas"), Cut: corte},
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	zona, err := time.LoadLocation("America/Argentina/Buenos_Aires")
	if err != nil {
		t.Fatal(err)
	}
	m := &mundo{t: t, ctx: ctx, sitio: sitio, reloj: &reloj{}}
	m.reloj.poner(hora(t, "2026-11-25T10:00:00Z"))
	m.Flota = New(
		Opciones{DB: db, Palabras: &sealtest.Port{}, Viajes: viajeFijo(20 * time.Minute),
			Ahora: m.reloj.ahora, Zona: zona, Reglas: reglas},
	)
	if corte == nil { // with a Corte the store has the driver already
		m.bien(m.tener("chofer"))
	}
	return m
}

// tener adds the driver id, unless it exists already.
func (m *mundo) tener(id string) error {
	_, _, err := m.CrearRepartidor(m.ctx, Repartidor{ID: id, Nombre: id, Activo: true},
		idempotency.Key{ID: id, Fingerprint: id})
	if errors.Is(err, ErrRepartidorExiste) {
		return nil
	}
	return err
}

// llave is a new key.
func (m *mundo) llave() idempotency.Key {
	return idempotency.Key{
		ID:          idempotency.Derive("prueba", strconv.FormatInt(m.n.Add(1), 10)),
		Fingerprint: "h",
		Given:       true,
	}
}

func (m *mundo) deposito() Deposito {
	m.t.Helper()
	d, _, err := m.CrearDeposito(
		m.ctx,
		Deposito{Codigo: "D" + strconv.FormatInt(m.n.Add(1), 10), Nombre: "x",
			Punto: rutas.Punto{Lat: casa, Lon: planta}, Activo: true},
		m.llave(),
	)
	m.bien(err)
	return d
}

func (m *mundo) camion(deposito Deposito, cambio func(*Camion)) Camion {
	m.t.Helper()
	c := Camion{
		Patente:       patente(int(m.n.Add(1))),
		Deposito:      deposito.ID,
		PesoMaxGramos: 1_000_000,
		VolumenMaxML:  5_000_000,
		Frio:          true,
		Activo:        true,
		Repartidor:    "chofer",
	}
	if cambio != nil {
		cambio(&c)
	}
	c, _, err := m.CrearCamion(m.ctx, c, m.llave())
	m.bien(err)
	return c
}

func patente(n int) string {
	return "AA" + strconv.Itoa(
		100+n%900,
	) + string([]byte{byte('A' + n/900%26), byte('A' + n/23400%26)})
}

// turno adds a shift of camion from the hour desde (after the clock's start) for horas hours.
func (m *mundo) turno(camion Camion, desde, horas, visitas int) Turno {
	m.t.Helper()
	inicio := hora(m.t, "2026-11-25T10:00:00Z").Add(time.Duration(desde) * time.Hour)
	t, _, err := m.CrearTurno(m.ctx, SolicitudDeTurno{Camion: camion.ID, Inicio: inicio,
		Fin: inicio.Add(
			time.Duration(horas) * time.Hour,
		), VisitasMax: int64(visitas)}, m.llave())
	m.bien(err)
	return t
}

func (m *mundo) bien(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

func clave(
	pedido string,
) rutas.Clave {
	return rutas.Clave{Pedido: pedido, Intento: 1, Numero: 1}
}

// encargo is a request for room for 5 kg and 10 l.
func (m *mundo) encargo(deposito Deposito, pedido string) rutas.Encargo {
	return rutas.Encargo{
		Clave:    clave(pedido),
		Cliente:  "cliente",
		Deposito: deposito.ID,
		Punto: rutas.Punto{Lat: casa,
			Lon: planta},
		Carga: rutas.Carga{PesoGramos: 5000, VolumenML: 10_000}, NoAntes: m.reloj.ahora(),
	}
}

// firme books a visit and makes it firm.
func (m *mundo) firme(deposito Deposito, pedido string) rutas.Visita {
	m.t.Helper()
	_, err := m.Reservar(m.ctx, m.encargo(deposito, pedido))
	m.bien(err)
	v, err := m.Asegurar(m.ctx, clave(pedido))
	m.bien(err)
	return v
}

// cuadra checks that each shift's room is the sum of the visits that hold it.
func (m *mundo) cuadra() {
	m.t.Helper()
	if err := cuadra(m.Flota.db.Read(m.ctx)); err != "" {
		m.t.Fatal(err)
	}
}

func cuadra(db *gorm.DB) string {
	var filas []filaTurno
	if err := db.Find(&filas).Error; err != nil {
		return err.Error()
	}
	for _, f := range filas {
		t := f.cosa()
		var visitas []filaVisita
		if err := conPatente(db).Where("visitas.turno = ?", t.ID).Find(&visitas).Error; err != nil {
			return err.Error()
		}
		var suma Capacidad
		var tramos [maxVentanas]int64
		for _, v := range visitas {
			if ocupa(rutas.EstadoVisita(v.Estado)) {
				suma = suma.mas(v.cosa().Capacidad)
				tramos[v.Tramo] += v.Minutos
			}
		}
		if suma != t.Usado || tramos != t.MinutosPorVentana {
			return "room does not agree with the visits that hold it"
		}
		if f.Libre != t.libre() || f.Hueco != t.hueco() {
			return "the row's search columns are stale"
		}
	}
	return ""
}

// avisos is how many rows are in the outbox.
func (m *mundo) avisos() (n int64) {
	m.t.Helper()
	m.bien(m.Flota.db.Read(m.ctx).Table("avisos").Count(&n).Error)
	return n
}

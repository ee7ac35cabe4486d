package flota

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"despensa/modules/rutas"

	"gorm.io/gorm"
)

// The content of a full shift of the test: three windows of 26 visits of 9 minutes.
const (
	porFranja       = 26
	porTurno        = 3 * porFranja
	turnosPorCamion = 13
)

// llenar puts n open visits or a few more into full shifts of a fleet of deposito, straight
// into the tables, and leaves one shift with room at the end of the horizon.
func (m *mundo) llenar(deposito Deposito, n int) {
	m.t.Helper()
	for camion := range n/porTurno/turnosPorCamion + 1 { // a transaction a truck, as a statement has a time limit
		_, err := escribir(
			m.ctx,
			m.Flota,
			"prueba.llenar",
			func(tx *gorm.DB) (struct{}, error) {
				return struct{}{}, m.camionLleno(tx, deposito, camion)
			},
		)
		m.bien(err)
	}
	m.turno(m.camion(deposito, nil), 13*24, 12, 500)
}

func (m *mundo) camionLleno(tx *gorm.DB, deposito Deposito, n int) error {
	c := Camion{
		ID:            fmt.Sprint(deposito.ID, "-", n),
		Patente:       fmt.Sprint(deposito.ID, "-", n),
		Deposito:      deposito.ID,
		PesoMaxGramos: 1_000_000,
		VolumenMaxML:  5_000_000,
		Activo:        true,
		Creado:        m.reloj.ahora(),
	}
	camion := filaDeCamion(c)
	if err := tx.Create(&camion).Error; err != nil {
		return err
	}
	for dia := range turnosPorCamion {
		inicio := m.reloj.ahora().Add(time.Duration(dia) * 24 * time.Hour)
		t := m.nuevoTurno(
			c,
			SolicitudDeTurno{
				Inicio:     inicio,
				Fin:        inicio.Add(12 * time.Hour),
				VisitasMax: porTurno,
			},
		)
		t.ID = fmt.Sprint(c.ID, "-", dia)
		for i := range porTurno {
			t.tomar(i/porFranja, Capacidad{PesoGramos: 1, VolumenML: 1, Minutos: 9, Visitas: 1})
		}
		fila := filaDeTurno(t)
		if err := tx.Create(&fila).Error; err != nil {
			return err
		}
	}
	return tx.Exec(
		`with recursive k (n) as (select 0 union all select n + 1 from k where n < ? - 1)
		insert into visitas select t.id || '-' || k.n, t.id || '-' || k.n, 1, 1, 'x', t.id, t.camion, t.deposito, t.dia,
		'provisional', -34.6, -58.4, 1, 1, 9, false, k.n / ?, t.inicio, t.fin, t.inicio, null, null, '', 1, t.creado
		from turnos t, k where t.camion = ?`,
		porTurno,
		porFranja,
		c.ID,
	).Error
}

// TestNoQueryReadsTheWholeTable looks at the plans of the queries at 100,000 visits.
func TestNoQueryReadsTheWholeTable(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short: 100,000 rows")
	}
	m := nuevoMundo(t, nil)
	d := m.deposito()
	m.llenar(d, 100_000)
	if m.sitio.Postgres != "" {
		m.bien(m.Flota.db.Write(
			m.ctx,
			"prueba",
			func(tx *gorm.DB) error { return tx.Exec("analyze visitas, turnos, camiones").Error },
		))
	}
	db := m.Flota.db.Read(m.ctx).Session(&gorm.Session{DryRun: true})
	q := m.pedir(rutas.Carga{PesoGramos: 1, VolumenML: 1}, 20*time.Minute, m.reloj.ahora())
	exacta := q
	exacta.exacta = &rutas.Ventana{
		Desde: m.reloj.ahora(),
		Hasta: m.reloj.ahora().Add(4 * time.Hour),
	}
	p := Pagina{Limite: 50, Creado: m.reloj.ahora(), ID: "x"}
	var turnos []filaTurno
	var visitas []filaVisita
	var camiones []filaCamion
	consultas := map[string]struct {
		q      *gorm.DB
		indice string
	}{
		"candidates": {
			m.conLugar(db, d.ID, q, nil).Limit(16).Find(&turnos),
			"turnos_lugar",
		},
		"candidates, next page": {
			m.conLugar(db, d.ID, q, &filaTurno{}).Limit(16).Find(&turnos),
			"turnos_lugar",
		},
		"shifts with a window": {m.turnosCon(db, d.ID, exacta).Find(&turnos), "turnos_lugar"},
		"candidates of a window": {
			m.conLugar(db, d.ID, exacta, nil).Limit(16).Find(&turnos),
			"turnos_lugar",
		},
		"by key": {
			conPatente(
				db,
			).Where("pedido = ? and intento = ? and numero = ?", "a", 1, 1).
				Limit(1).
				Find(&visitas),
			"sqlite_autoindex_visitas",
		},
		"of a shift": {
			conPatente(
				db,
			).Where("visitas.turno = ? and visitas.estado = ?", "t", "firme").
				Find(&visitas),
			"visitas_turno",
		},
		"list": {hoja(conPatente(db), "visitas", p, 51).Find(&visitas), "visitas_lista"},
		"list by truck": {
			hoja(igual(conPatente(db), "visitas.camion", "c"), "visitas", p, 51).Find(&visitas),
			"visitas_camion",
		},
		"list by state": {
			hoja(
				igual(conPatente(db), "visitas.estado", "firme"),
				"visitas",
				p,
				51,
			).Find(&visitas),
			"visitas_estado",
		},
		"list by day": {
			hoja(
				igual(conPatente(db), "visitas.dia", "2026-11-25"),
				"visitas",
				p,
				51,
			).Find(&visitas),
			"visitas_dia",
		},
		"list by order": {
			hoja(igual(conPatente(db), "visitas.pedido", "a"), "visitas", p, 51).Find(&visitas),
			"sqlite_autoindex_visitas",
		},
		"a driver's": {
			hoja(
				deQuien(conPatente(db), Quien{Repartidor: "r"}),
				"visitas",
				p,
				51,
			).Find(&visitas),
			"camiones_repartidor",
		},
		"shifts to close": {
			db.Where("estado = ? and fin <= ?", "abierto", 1).
				Order("fin").
				Limit(200).
				Find(&turnos),
			"turnos_estado",
		},
		"overlap": {
			db.Where("camion = ? and inicio > ? and inicio < ? and fin > ?", "c", 1, 2, 3).
				Limit(1).
				Find(&turnos),
			"turnos_camion",
		},
		"trucks of a depot": {
			hoja(igual(db, "deposito", d.ID), "camiones", p, 51).Find(&camiones),
			"camiones_",
		},
	}
	for nombre, c := range consultas {
		plan := m.plan(c.q)
		if m.sitio.Postgres != "" { // its planner may prefer another index, or the whole of a small table
			if strings.Contains(plan, "Seq Scan on visitas") {
				t.Errorf("%s: %s", nombre, plan)
			}
			continue
		}
		if !strings.Contains(plan, c.indice) || strings.Contains(plan, "SCAN visitas\n") ||
			strings.Contains(plan, "SCAN turnos\n") {
			t.Errorf("%s: %s", nombre, plan)
		}
	}
	m.cuentan(100_000)
	inicio := time.Now()
	v, err := m.Reservar(m.ctx, m.encargo(d, "una"))
	m.bien(err)
	t.Logf(
		"one booking past %d full shifts took %v, window %v",
		100_000/porTurno,
		time.Since(inicio),
		v.Ventana.Desde,
	)
}

// cuentan checks that there are at least n visits.
func (m *mundo) cuentan(n int64) {
	m.t.Helper()
	var hay int64
	m.bien(m.Flota.db.Read(m.ctx).Model(&filaVisita{}).Count(&hay).Error)
	if hay < n {
		m.t.Fatalf("only %d visits", hay)
	}
}

// plan is the plan of the engine for q.
func (m *mundo) plan(q *gorm.DB) string {
	m.t.Helper()
	explicar, columnas := "explain query plan ", 4
	if m.sitio.Postgres != "" {
		explicar, columnas = "explain ", 1
	}
	conexion := m.Flota.db.Read(m.ctx).Statement.ConnPool
	rs, err := conexion.QueryContext(
		m.ctx,
		explicar+q.Statement.SQL.String(),
		q.Statement.Vars...)
	m.bien(err)
	defer func() { m.bien(rs.Close()) }()
	var b strings.Builder
	for rs.Next() {
		linea := make([]any, columnas)
		var texto string
		for i := range linea {
			linea[i] = new(any)
		}
		linea[columnas-1] = &texto
		m.bien(rs.Scan(linea...))
		b.WriteString(texto + "\n")
	}
	m.bien(rs.Err())
	return b.String()
}

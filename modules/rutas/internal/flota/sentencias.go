package flota

import (
	"fmt"
	"slices"
	"strings"

	"despensa/modules/rutas"
	"despensa/platform/sqldb"

	"gorm.io/gorm"
)

// The statements of every order, each with a constant text, so that a connection prepares it once.

// sentenciaClave selects the visit of a key.
const sentenciaClave = "select " + columnasVisita + `, camiones.patente, camiones.repartidor, turnos.inicio, turnos.fin
	from visitas join camiones on camiones.id = visitas.camion join turnos on turnos.id = visitas.turno
	where pedido = ? and intento = ? and numero = ?`

// sentenciaFirme makes a provisional visit firm.
const sentenciaFirme = `update visitas set estado = ?, version = version + 1
	where pedido = ? and intento = ? and numero = ? and estado = ?
	returning ` + columnasVisita + `, (select patente from camiones where id = visitas.camion),
	(select repartidor from camiones where id = visitas.camion),
	(select inicio from turnos where id = visitas.turno), (select turnos.fin from turnos where id = visitas.turno)`

// The parts of the statement that stores a new visit: insertarVisita has its values; visitaCabe holds when its key has
// no tombstone and its depot is in service; darVisita returns the plate and the driver of its truck.
const (
	insertarVisita = `insert into visitas (id, pedido, intento, numero, cliente, turno, camion, deposito, dia, estado,
	lat, lon, peso, volumen, minutos, frio, tramo, desde, hasta, salida, motivo, version, creado)
	select ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?`
	visitaCabe = ` not exists (select 1 from lapidas where pedido = ? and intento = ? and numero = ?)
	and exists (select 1 from depositos where id = ? and activo = ?)`
	darVisita = ` returning (select patente from camiones where id = visitas.camion) as patente,
	(select repartidor from camiones where id = visitas.camion) as repartidor`
)

// sentenciaVisita stores a visit unless its key has a visit or a tombstone already, or its depot is out of service.
const sentenciaVisita = insertarVisita + `
	where` + visitaCabe + `
	on conflict do nothing
	` + darVisita

// sentenciaTomar takes room for one visit in window %[1]d of a shift that is still at the time and in the state in
// which the window was chosen. hueco and libre get the values of Turno.hueco and Turno.libre.
const sentenciaTomar = `update turnos set peso = peso + ?, volumen = volumen + ?, minutos = minutos + ?,
	visitas = visitas + 1, tramo%[1]d = tramo%[1]d + ?, revision = revision + 1,
	hueco = %[2]s(%[3]s(0, ? - tramo0, ? - tramo1, ? - tramo2, ? - tramo3, ? - tramo4, ? - tramo5),
	minutos_max - minutos - ?),
	libre = %[2]s(%[3]s(0, ? - tramo0, ? - tramo1, ? - tramo2, ? - tramo3, ? - tramo4, ? - tramo5),
	minutos_max - minutos - ?) > 0
		and peso + ? < peso_max and volumen + ? < volumen_max and visitas + 1 < visitas_max
	where id = ? and estado = ? and activo = ? and libre = ? and frio in (?, ?)
	and inicio = ? and fin = ? and franja = ? and minutos_max = ?
	and tramo%[1]d + ? <= ? and minutos + ? <= minutos_max
	and peso + ? <= peso_max and volumen + ? <= volumen_max and visitas < visitas_max%[4]s
	returning version, revision, frio, peso_max, volumen_max, visitas_max, peso, volumen, minutos, visitas,
	tramo0, tramo1, tramo2, tramo3, tramo4, tramo5`

// sentenciasTomar gives sentenciaTomar for each window. menor and mayor are the engine's functions for the least and
// the greatest of two values; y is one more condition.
func sentenciasTomar(menor, mayor, y string) (s [maxVentanas]string) {
	for i := range s {
		s[i] = strings.ReplaceAll(fmt.Sprintf(sentenciaTomar, i, menor, mayor, y), "\n\t", " ")
	}
	return s
}

// sentenciasReservar gives, for each window, the statement by which PostgreSQL takes room and stores a visit: both or
// neither. The room is taken where the visit can be stored, and the visit is stored where the room was taken. Both
// parts see the same snapshot. The statement is serializable, so it fails when a concurrent transaction changes a row
// that it has read.
func sentenciasReservar() (s [maxVentanas]string) {
	const claveLibre = " and not exists (select 1 from visitas v" +
		" where v.pedido = ? and v.intento = ? and v.numero = ?) and"
	for i, tomar := range sentenciasTomar("least", "greatest", claveLibre+visitaCabe) {
		s[i] = "with turno as (" + tomar + "), visita as (" + insertarVisita +
			" from turno on conflict (pedido, intento, numero) do nothing" + darVisita + ") select * from turno, visita"
	}
	return s
}

var (
	tomarEnArchivo = sentenciasTomar("min", "max", "")
	reservarDeUna  = sentenciasReservar()
)

// una reads the one row that a statement returns. Errors: falta when it returns none.
func una(tx *gorm.DB, falta error, texto string, datos []any, donde ...any) error {
	ok, err := sqldb.Scan(tx.Raw(texto, datos...), donde...)
	if err == nil && !ok {
		return falta
	}
	return sqldb.Redact(err)
}

// columnas are the fields that receive the columns of columnasVisita and those that conPatente adds.
func (f *filaVisita) columnas() []any {
	return []any{
		&f.ID, &f.Pedido, &f.Intento, &f.Numero, &f.Cliente, &f.Turno, &f.Camion, &f.Deposito, &f.Dia, &f.Estado,
		&f.Lat, &f.Lon, &f.Peso, &f.Volumen, &f.Minutos, &f.Frio, &f.Tramo, &f.Desde, &f.Hasta, &f.Salida,
		&f.Llegada, &f.Fin, &f.Motivo, &f.Version, &f.Creado, &f.Patente, &f.Repartidor, &f.Comienza, &f.Termina,
	}
}

// visitaDe reads the visit of a key. Errors: rutas.ErrSinVisita.
func visitaDe(tx *gorm.DB, clave rutas.Clave) (Visita, error) {
	var f filaVisita
	err := una(
		tx,
		rutas.ErrSinVisita,
		sentenciaClave,
		[]any{clave.Pedido, clave.Intento, clave.Numero},
		f.columnas()...)
	return f.cosa(), err
}

// afirmar makes a provisional visit firm. Errors: rutas.ErrSinVisita when there is none.
func afirmar(tx *gorm.DB, clave rutas.Clave) (Visita, error) {
	var f filaVisita
	datos := []any{
		string(rutas.Firme),
		clave.Pedido,
		clave.Intento,
		clave.Numero,
		string(rutas.Provisional),
	}
	err := una(tx, rutas.ErrSinVisita, sentenciaFirme, datos, f.columnas()...)
	return f.cosa(), err
}

// datosDeVisita are the values of insertarVisita.
func datosDeVisita(filaVisita *filaVisita) []any {
	return []any{
		filaVisita.ID, filaVisita.Pedido, filaVisita.Intento, filaVisita.Numero, filaVisita.Cliente,
		filaVisita.Turno, filaVisita.Camion, filaVisita.Deposito, filaVisita.Dia, filaVisita.Estado,
		filaVisita.Lat, filaVisita.Lon, filaVisita.Peso, filaVisita.Volumen, filaVisita.Minutos,
		filaVisita.Frio, filaVisita.Tramo, filaVisita.Desde, filaVisita.Hasta, filaVisita.Salida,
		filaVisita.Version, filaVisita.Creado,
	}
}

// datosDeCabe are the values of visitaCabe.
func datosDeCabe(filaVisita *filaVisita) []any {
	return []any{
		filaVisita.Pedido,
		filaVisita.Intento,
		filaVisita.Numero,
		filaVisita.Deposito,
		true,
	}
}

// nuevaFila is the row of a visit that is not stored yet.
func nuevaFila(visita Visita) *filaVisita {
	f := filaDeVisita(visita)
	f.Comienza, f.Termina = visita.jornada.Desde.UnixMilli(), visita.jornada.Hasta.UnixMilli()
	return &f
}

// anotarVisita stores a new visit. Errors: rutas.ErrSinVisita when its key has a visit or a tombstone already, or its
// depot is out of service.
func anotarVisita(tx *gorm.DB, visita Visita) (Visita, error) {
	f := nuevaFila(visita)
	datos := append(datosDeVisita(f), datosDeCabe(f)...)
	err := una(tx, rutas.ErrSinVisita, sentenciaVisita, datos, &f.Patente, &f.Repartidor)
	return f.cosa(), err
}

// vaciado is turno without the members that columnasTomadas fills in.
func vaciado(turno Turno) Turno {
	turno.Usado, turno.MinutosPorVentana = Capacidad{}, [maxVentanas]int64{}
	return turno
}

// columnasTomadas are the fields that receive the columns that sentenciaTomar returns.
func (t *Turno) columnasTomadas() []any {
	return []any{
		&t.Version, &t.revision, &t.Frio, &t.Capacidad.PesoGramos, &t.Capacidad.VolumenML, &t.Capacidad.Visitas,
		&t.Usado.PesoGramos, &t.Usado.VolumenML, &t.Usado.Minutos, &t.Usado.Visitas,
		&t.MinutosPorVentana[0], &t.MinutosPorVentana[1], &t.MinutosPorVentana[2],
		&t.MinutosPorVentana[3], &t.MinutosPorVentana[4], &t.MinutosPorVentana[5],
	}
}

// ocupar takes room for demanda in window i of a shift in SQLite. turno is a recent state of the shift; the result
// is the present one. Errors: errCarrera when the shift has changed in time or state, or has no room.
func ocupar(tx *gorm.DB, turno Turno, i int, demanda demanda) (Turno, error) {
	turno = vaciado(turno)
	err := una(
		tx,
		errCarrera,
		tomarEnArchivo[i],
		datosDeOcupar(turno, i, demanda),
		turno.columnasTomadas()...)
	return turno, err
}

// ocuparYAnotar does the work of ocupar and anotarVisita by one statement of PostgreSQL. Errors: errCarrera when the
// room cannot be taken or the visit cannot be stored.
func ocuparYAnotar(
	tx *gorm.DB,
	visita Visita,
	turno Turno,
	demanda demanda,
) (Visita, Turno, error) {
	f := nuevaFila(visita)
	turno = vaciado(turno)
	clave := []any{f.Pedido, f.Intento, f.Numero}
	datos := slices.Concat(
		datosDeOcupar(turno, visita.numVentana, demanda),
		clave,
		datosDeCabe(f),
		datosDeVisita(f),
	)
	err := una(
		tx,
		errCarrera,
		reservarDeUna[visita.numVentana],
		datos,
		append(turno.columnasTomadas(), &f.Patente, &f.Repartidor)...)
	return f.cosa(), turno, err
}

// datosDeOcupar are the values of sentenciaTomar.
func datosDeOcupar(turno Turno, i int, demanda demanda) []any {
	var libres [maxVentanas]int64 // minutes that each window of an empty shift takes
	for n := range libres {
		if v, ok := turno.ventana(n); ok {
			libres[n] = turno.libreEn(n, v)
		}
	}
	c, cabe := demanda.capacidad, libres[i]
	libres[i] -= c.Minutos
	hueco := []any{libres[0], libres[1], libres[2], libres[3], libres[4], libres[5], c.Minutos}
	fila := filaDeTurno(turno)
	return slices.Concat(
		[]any{c.PesoGramos, c.VolumenML, c.Minutos, c.Minutos}, hueco, hueco,
		[]any{c.PesoGramos, c.VolumenML},
		[]any{turno.ID, string(TurnoAbierto), true, true, true, demanda.frio},
		[]any{fila.Inicio, fila.Fin, fila.Franja, fila.MinutosMax},
		[]any{c.Minutos, cabe, c.Minutos, c.PesoGramos, c.VolumenML},
	)
}

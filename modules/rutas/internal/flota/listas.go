package flota

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// Pagina asks for up to Limite+1 rows, newest first, that come after the row made at Creado with the id ID. An empty
// ID asks for the first page.
type Pagina struct {
	Limite int
	Creado time.Time
	ID     string
}

// Filtro narrows a list to the rows with these values; an empty member does not narrow.
type Filtro struct {
	Deposito, Camion, Turno, Pedido, Dia, Estado string
}

// ListarDepositos reads one page of depots.
func (f *Flota) ListarDepositos(ctx context.Context, pagina Pagina) ([]Deposito, error) {
	filas, err := llena[filaDeposito](ctx, pagina.Limite+1,
		func(n int) *gorm.DB { return hoja(f.db.Read(ctx), "depositos", pagina, n) })
	return cosas(filas, filaDeposito.cosa), err
}

// ListarCamiones reads one page of trucks; of filtro, only Deposito narrows.
func (f *Flota) ListarCamiones(
	ctx context.Context,
	filtro Filtro,
	pagina Pagina,
) ([]Camion, error) {
	db := igual(f.db.Read(ctx), "deposito", filtro.Deposito)
	filas, err := llena[filaCamion](
		ctx,
		pagina.Limite+1,
		func(n int) *gorm.DB { return hoja(db, "camiones", pagina, n) },
	)
	return cosas(filas, filaCamion.cosa), err
}

// ListarTurnos reads one page of shifts; of filtro, Deposito, Camion, Dia and Estado narrow. Dia selects the shifts
// that touch that day. Errors: ErrValor (Dia).
func (f *Flota) ListarTurnos(
	ctx context.Context,
	filtro Filtro,
	pagina Pagina,
) ([]Turno, error) {
	db, err := f.enDia(f.db.Read(ctx), "turnos.dia", filtro.Dia)
	if err != nil {
		return nil, err
	}
	columnas := map[string]string{
		"deposito": filtro.Deposito,
		"camion":   filtro.Camion,
		"estado":   filtro.Estado,
	}
	for columna, valor := range columnas {
		db = igual(db, columna, valor)
	}
	filas, err := llena[filaTurno](
		ctx,
		pagina.Limite+1,
		func(n int) *gorm.DB { return hoja(db, "turnos", pagina, n) },
	)
	return cosas(filas, filaTurno.cosa), err
}

// ListarVisitas reads one page of the visits that quien may see; every member of filtro narrows. Dia selects the
// visits on shifts that touch that day. Errors: ErrValor (Dia).
func (f *Flota) ListarVisitas(
	ctx context.Context,
	filtro Filtro,
	quien Quien,
	pagina Pagina,
) ([]Visita, error) {
	db, err := f.enDia(deQuien(conPatente(f.db.Read(ctx)), quien), "visitas.dia", filtro.Dia)
	if err != nil {
		return nil, err
	}
	for columna, valor := range map[string]string{
		"visitas.deposito": filtro.Deposito, "visitas.camion": filtro.Camion, "visitas.turno": filtro.Turno,
		"visitas.pedido": filtro.Pedido, "visitas.estado": filtro.Estado,
	} {
		db = igual(db, columna, valor)
	}
	filas, err := llena[filaVisita](
		ctx,
		pagina.Limite+1,
		func(n int) *gorm.DB { return hoja(db, "visitas", pagina, n) },
	)
	return f.legibles(ctx, cosas(filas, filaVisita.cosa)), err
}

// igual narrows db to rows with that value in columna; an empty value does not narrow.
func igual(db *gorm.DB, columna, valor string) *gorm.DB {
	if valor == "" {
		return db
	}
	return db.Where(columna+" = ?", valor)
}

// hoja selects the first limite rows of a page. db itself stays usable for another query.
func hoja(db *gorm.DB, tabla string, pagina Pagina, limite int) *gorm.DB {
	db = db.Session(&gorm.Session{})
	if pagina.ID != "" {
		db = db.Where(
			"("+tabla+".creado, "+tabla+".id) < (?, ?)",
			pagina.Creado.UnixMilli(),
			pagina.ID,
		)
	}
	return db.Order(tabla + ".creado desc, " + tabla + ".id desc").Limit(limite)
}

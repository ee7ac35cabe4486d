package flota

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// Pagina asks for up to Limite+1 things, newest first, after the thing that was made
// at Creado with the id ID (none when ID is empty).
type Pagina struct {
	Limite int
	Creado time.Time
	ID     string
}

// Filtro narrows a list; what is empty does not.
type Filtro struct {
	Deposito, Camion, Turno, Pedido, Dia, Estado string
}

// ListarDepositos reads one page of depots.
func (f *Flota) ListarDepositos(ctx context.Context, p Pagina) ([]Deposito, error) {
	filas, err := llena[filaDeposito](ctx, p.Limite+1,
		func(n int) *gorm.DB { return hoja(f.db.Leer(ctx), "depositos", p, n) })
	return cosas(filas, filaDeposito.cosa), err
}

// ListarCamiones reads one page of trucks; Filtro.Deposito counts.
func (f *Flota) ListarCamiones(ctx context.Context, q Filtro, p Pagina) ([]Camion, error) {
	db := igual(f.db.Leer(ctx), "deposito", q.Deposito)
	filas, err := llena[filaCamion](ctx, p.Limite+1, func(n int) *gorm.DB { return hoja(db, "camiones", p, n) })
	return cosas(filas, filaCamion.cosa), err
}

// ListarTurnos reads one page of shifts; Deposito, Camion, Dia and Estado count. Those of a Dia are the shifts that
// touch it. Errors: ErrValor (Dia).
func (f *Flota) ListarTurnos(ctx context.Context, q Filtro, p Pagina) ([]Turno, error) {
	db, err := f.enDia(f.db.Leer(ctx), "turnos.dia", q.Dia)
	if err != nil {
		return nil, err
	}
	for columna, valor := range map[string]string{"deposito": q.Deposito, "camion": q.Camion, "estado": q.Estado} {
		db = igual(db, columna, valor)
	}
	filas, err := llena[filaTurno](ctx, p.Limite+1, func(n int) *gorm.DB { return hoja(db, "turnos", p, n) })
	return cosas(filas, filaTurno.cosa), err
}

// ListarVisitas reads one page of the visits that the caller may see; all of q counts. Those of a Dia are the visits
// whose shift touches it. Errors: ErrValor (Dia).
func (f *Flota) ListarVisitas(ctx context.Context, q Filtro, quien Quien, p Pagina) ([]Visita, error) {
	db, err := f.enDia(deQuien(conPatente(f.db.Leer(ctx)), quien), "visitas.dia", q.Dia)
	if err != nil {
		return nil, err
	}
	for columna, valor := range map[string]string{
		"visitas.deposito": q.Deposito, "visitas.camion": q.Camion, "visitas.turno": q.Turno,
		"visitas.pedido": q.Pedido, "visitas.estado": q.Estado,
	} {
		db = igual(db, columna, valor)
	}
	filas, err := llena[filaVisita](ctx, p.Limite+1, func(n int) *gorm.DB { return hoja(db, "visitas", p, n) })
	return f.legibles(ctx, cosas(filas, filaVisita.cosa)), err
}

func igual(db *gorm.DB, columna, valor string) *gorm.DB {
	if valor == "" {
		return db
	}
	return db.Where(columna+" = ?", valor)
}

// hoja asks for the first limite things of a page; db may be asked again.
func hoja(db *gorm.DB, tabla string, p Pagina, limite int) *gorm.DB {
	db = db.Session(&gorm.Session{})
	if p.ID != "" {
		db = db.Where("("+tabla+".creado, "+tabla+".id) < (?, ?)", p.Creado.UnixMilli(), p.ID)
	}
	return db.Order(tabla + ".creado desc, " + tabla + ".id desc").Limit(limite)
}

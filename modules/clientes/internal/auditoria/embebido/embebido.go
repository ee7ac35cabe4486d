// Package embebido is the searchable trail of a program without a search server: a store
// of its own, the file auditoria.db.
package embebido

import (
	"context"
	"fmt"
	"time"

	"despensa/migrations"
	"despensa/modules/clientes/internal/auditoria"
	"despensa/platform/audit"
	"despensa/platform/sqldb"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Buscador is the store. Safe for concurrent use.
type Buscador struct{ db *sqldb.DB }

var _ auditoria.Buscador = (*Buscador)(nil)

// Open opens and migrates the file; its folder must exist. corte and observar are sqldb's, nil in production.
func Open(
	ctx context.Context,
	archivo string,
	corte sqldb.Cut,
	observar func(sqldb.Execution),
) (*Buscador, error) {
	db, err := sqldb.Open(ctx, sqldb.Options{
		Name: "auditoria", File: archivo, Migrations: migrations.De("auditoria"), Cut: corte, Observe: observar,
	})
	if err != nil {
		return nil, fmt.Errorf("auditoria: open the store: %w", err)
	}
	return &Buscador{db}, nil
}

// Cuenta tells how many writes were made and how many commits carried them.
func (d *Buscador) Cuenta() (escrituras, confirmaciones, idas uint64) { return d.db.Counts() }

// Sentencias tells how many statements were run.
func (d *Buscador) Sentencias() uint64 { return d.db.Statements() }

// Listo reports whether the file can be read and takes writes. Errors: sqldb.ErrFull.
func (d *Buscador) Listo(ctx context.Context) error { return d.db.Ready(ctx) }

// Cerrar implements auditoria.Buscador.
func (d *Buscador) Cerrar() error { return d.db.Close() }

// fila is a row of asientos.
type fila struct {
	ID        string `gorm:"primaryKey"`
	Numero    int64
	Creado    int64 // Unix milliseconds
	Actor     string
	Rol       string
	Accion    string
	Clase     string
	Recurso   string
	Cliente   string
	Resultado audit.Outcome
	Solicitud string
	Veces     int64
	Indice    string
	Anterior  []byte
	Hash      []byte
}

// TableName is for gorm.
func (fila) TableName() string { return "asientos" }

// tanda is how many rows one statement takes.
const tanda = 100

// Enviar implements auditoria.Buscador.
func (d *Buscador) Enviar(ctx context.Context, asientos []auditoria.Asiento) error {
	filas := make([]fila, len(asientos))
	for i, s := range asientos {
		filas[i] = fila{
			ID:        s.ID,
			Numero:    s.Numero,
			Creado:    s.En.UnixMilli(),
			Actor:     s.Actor,
			Rol:       s.Rol,
			Accion:    s.Accion,
			Clase:     s.Clase,
			Recurso:   s.Recurso,
			Cliente:   s.Cliente,
			Resultado: s.Resultado,
			Solicitud: s.Solicitud,
			Veces:     s.Veces,
			Indice:    s.Indice,
			Anterior:  s.Anterior[:],
			Hash:      s.Hash[:],
		}
	}
	ya := clause.OnConflict{Columns: []clause.Column{{Name: "id"}}, DoNothing: true}
	err := d.db.Write(ctx, "auditoria.enviar", func(tx *gorm.DB) error {
		copia := append([]fila{}, filas...)
		return tx.Clauses(ya).CreateInBatches(&copia, tanda).Error
	})
	return falla(err)
}

// Buscar implements auditoria.Buscador.
func (d *Buscador) Buscar(
	ctx context.Context,
	consulta auditoria.Consulta,
) ([]auditoria.Asiento, error) {
	q, orden := filtrar(d.db.Read(ctx), consulta.Filtro), "numero desc"
	switch {
	case consulta.Ascendente:
		q, orden = q.Where("numero > ?", consulta.Tras), "numero"
	case consulta.Tras > 0:
		q = q.Where("numero < ?", consulta.Tras)
	}
	filas, _, err := sqldb.Fill(ctx, consulta.Limite, func(n int) ([]fila, int, error) {
		filas, rotas, err := sqldb.Readable[fila](
			q.Session(&gorm.Session{}).Order(orden).Limit(n),
		)
		return filas, len(rotas), err
	})
	if err != nil {
		return nil, falla(err)
	}
	as := make([]auditoria.Asiento, len(filas))
	for i, f := range filas {
		as[i] = f.asiento()
	}
	return as, nil
}

func filtrar(consulta *gorm.DB, filtro auditoria.Filtro) *gorm.DB {
	for _, x := range []struct{ columna, valor string }{
		{"actor", filtro.Actor}, {"cliente", filtro.Cliente}, {"accion", filtro.Accion},
		{"clase", filtro.Clase}, {"recurso", filtro.Recurso}, {"resultado", string(filtro.Resultado)},
	} {
		if x.valor != "" {
			consulta = consulta.Where(clause.Eq{Column: x.columna, Value: x.valor})
		}
	}
	if !filtro.Desde.IsZero() {
		consulta = consulta.Where("creado >= ?", filtro.Desde.UnixMilli())
	}
	if !filtro.Hasta.IsZero() {
		consulta = consulta.Where("creado < ?", filtro.Hasta.UnixMilli())
	}
	return consulta
}

func (f fila) asiento() auditoria.Asiento {
	s := auditoria.Asiento{
		Numero:    f.Numero,
		ID:        f.ID,
		En:        time.UnixMilli(f.Creado).UTC(),
		Actor:     f.Actor,
		Rol:       f.Rol,
		Accion:    f.Accion,
		Clase:     f.Clase,
		Recurso:   f.Recurso,
		Cliente:   f.Cliente,
		Resultado: f.Resultado,
		Solicitud: f.Solicitud,
		Veces:     f.Veces,
		Indice:    f.Indice,
	}
	copy(s.Anterior[:], f.Anterior)
	copy(s.Hash[:], f.Hash)
	return s
}

// porBorrado is how many rows one write removes.
const porBorrado = 1000

// Borrar implements auditoria.Buscador.
func (d *Buscador) Borrar(ctx context.Context, indice string) error {
	for {
		var n int64
		err := d.db.Write(ctx, "auditoria.borrar", func(tx *gorm.DB) error {
			r := tx.Exec(
				"delete from asientos where id in (select id from asientos where indice = ? limit ?)",
				indice,
				porBorrado,
			)
			n = r.RowsAffected
			return r.Error
		})
		if err != nil || n < porBorrado {
			return falla(err)
		}
	}
}

func falla(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", auditoria.ErrBuscador, err)
}

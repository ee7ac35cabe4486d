package auditoria

import (
	"context"
	"errors"
	"fmt"
	"time"

	"despensa/platform/sqldb"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Limites say when an index is full and the next one begins.
type Limites struct {
	Registros int64 // as many records
	Dias      int   // or as many days of them (UTC), from its first record's on
}

// filaIndice is a row of auditoria_indices.
type filaIndice struct {
	Indice         string `gorm:"primaryKey"`
	Orden          int64
	Dia            int64 // days since 1970
	Desde, Hasta   int64
	Anterior, Hash []byte
	Ultimo         int64 // Unix milliseconds
	Borrado        *int64
}

// TableName is for gorm.
func (filaIndice) TableName() string { return "auditoria_indices" }

// Numerar gives numbers, links and indices to up to lote records that have none, in the order of their ids, all or
// none. It returns how many rows it took. Several callers at once leave no gap and no fork, because the end of the
// chain is read and moved in one transaction.
func (a *Rastro) Numerar(ctx context.Context, limites Limites, lote int) (n int, err error) {
	var hay []string // an idle trail writes nothing
	err = a.db.Read(ctx).Model(&fila{}).Where("numero is null").Limit(1).Pluck("id", &hay).Error
	if err != nil || len(hay) == 0 {
		return 0, err
	}
	err = a.db.Write(ctx, "clientes.auditoria.numerar", func(tx *gorm.DB) (err error) {
		n, err = numerar(tx, limites, lote)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("auditoria: number: %w", err)
	}
	return n, nil
}

// numerar is Numerar within its transaction: it sets unreadable rows aside, chains the others after the last record,
// begins an index where one is full, and saves the end of the chain. It returns how many rows it took.
func numerar(tx *gorm.DB, limites Limites, lote int) (int, error) {
	filas, rotas, err := sqldb.Readable[fila](
		tx.Where("numero is null").Order("id").Limit(lote),
	)
	if err == nil {
		err = apartar(tx, rotas)
	}
	if err != nil {
		return 0, err
	}
	fin, err := final(tx)
	if err != nil {
		return 0, err
	}
	numeradas := make([]filaNumerada, 0, len(filas))
	for _, f := range filas {
		if sig := fin.para(f, limites); sig.Orden != fin.Orden {
			if err := guardarIndice(tx, fin); err != nil {
				return 0, err
			}
			fin = sig
		}
		s := fin.agregar(f)
		numeradas = append(
			numeradas,
			filaNumerada{
				Fila:     f,
				Numero:   s.Numero,
				Indice:   s.Indice,
				Anterior: s.Anterior[:],
				Hash:     s.Hash[:],
			},
		)
	}
	if err := guardarLugares(tx, numeradas); err != nil {
		return 0, err
	}
	return len(filas) + len(rotas), guardarIndice(tx, fin)
}

// guardarLugares writes the number, the index and the link of each of filas with one statement: an insert in which
// every row meets its own id, which exists already, and updates that row. A row that has a number keeps it.
func guardarLugares(tx *gorm.DB, filas []filaNumerada) error {
	if len(filas) == 0 {
		return nil
	}
	return tx.Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "id"}},
		Where: clause.Where{
			Exprs: []clause.Expression{clause.Expr{SQL: "auditoria.numero is null"}},
		},
		DoUpdates: clause.AssignmentColumns([]string{"numero", "indice", "anterior", "hash"}),
	}).Create(&filas).Error
}

// apartar keeps rows out of the chain that cannot be read: their numbers are below zero.
func apartar(tx *gorm.DB, rotas []sqldb.Row) error {
	for _, r := range rotas {
		err := tx.Exec(
			`update auditoria set numero = (select coalesce(min(numero), 0) - 1 from auditoria where numero < 0)
where id = ?`,
			r["id"],
		).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// Apartados counts the rows that are kept out of the chain because they cannot be read.
func (a *Rastro) Apartados(ctx context.Context) (n int64, err error) {
	err = a.db.Read(ctx).Table("auditoria").Where("numero < 0").Count(&n).Error
	return n, wrap(err)
}

// Retomar lets the rows back into the chain that apartar kept out of it, and returns their number.
func (a *Rastro) Retomar(ctx context.Context) (n int64, err error) {
	err = a.db.Write(ctx, "clientes.auditoria.retomar", func(tx *gorm.DB) error {
		q := tx.Exec("update auditoria set numero = null where numero < 0")
		n = q.RowsAffected
		return q.Error
	})
	if err != nil {
		return 0, fmt.Errorf("auditoria: take up again: %w", err)
	}
	return n, nil
}

// final is the index at the end of the chain; its zero value before the first record.
func final(tx *gorm.DB) (f filaIndice, err error) {
	err = tx.Order("orden desc").Limit(1).Take(&f).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return filaIndice{Hash: make([]byte, len(Huella{}))}, nil
	}
	return f, err
}

const msPorDia = int64(24 * time.Hour / time.Millisecond)

// para is the index in which fila is kept: the present one, or, when that is full, the next.
func (i filaIndice) para(fila fila, limites Limites) filaIndice {
	dia := fila.Creado / msPorDia
	if i.Orden > 0 && i.Hasta-i.Desde+1 < limites.Registros && dia < i.Dia+int64(limites.Dias) {
		return i
	}
	orden := i.Orden + 1
	return filaIndice{
		Indice: fmt.Sprintf(
			"%s-%06d",
			time.UnixMilli(fila.Creado).UTC().Format("2006.01.02"),
			orden,
		),
		Orden: orden,
		Dia:   dia,
		Desde: i.Hasta + 1, Hasta: i.Hasta, Anterior: i.Hash, Hash: i.Hash,
	}
}

// agregar puts fila at the end of the chain.
func (i *filaIndice) agregar(fila fila) Asiento {
	s := fila.asiento()
	s.Numero, s.Indice, s.Anterior = i.Hasta+1, i.Indice, huella(i.Hash)
	s.Hash = s.Enlazar()
	i.Hasta, i.Hash, i.Ultimo = s.Numero, s.Hash[:], max(i.Ultimo, fila.Creado)
	return s
}

func guardarIndice(tx *gorm.DB, filaIndice filaIndice) error {
	if filaIndice.Orden == 0 {
		return nil
	}
	return tx.Save(&filaIndice).Error
}

func huella(b []byte) (h Huella) {
	copy(h[:], b)
	return h
}

func (f fila) asiento() Asiento {
	return Asiento{
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
	}
}

// filaNumerada is a row that has its place.
type filaNumerada struct {
	Fila           fila `gorm:"embedded"`
	Numero         int64
	Indice         string
	Anterior, Hash []byte
}

// TableName is for gorm.
func (filaNumerada) TableName() string { return "auditoria" }

func (f filaNumerada) asiento() Asiento {
	s := f.Fila.asiento()
	s.Numero = f.Numero
	s.Indice = f.Indice
	s.Anterior = huella(f.Anterior)
	s.Hash = huella(f.Hash)
	return s
}

// desdeNumero gives up to limite rows with numbers from desde on, in the order of the numbers; with porEnviar only
// those that have not been sent. Rows that cannot be read are left out.
func desdeNumero(
	ctx context.Context,
	db *sqldb.DB,
	desde int64,
	limite int,
	porEnviar bool,
) ([]Asiento, error) {
	q := db.Read(ctx).Where("numero >= ?", desde)
	if porEnviar {
		q = q.Where("enviado is null")
	}
	filas, _, err := sqldb.Fill(ctx, limite, func(n int) ([]filaNumerada, int, error) {
		filas, rotas, err := sqldb.Readable[filaNumerada](
			q.Session(&gorm.Session{}).Order("numero").Limit(n),
		)
		return filas, len(rotas), err
	})
	if err != nil {
		return nil, fmt.Errorf("auditoria: read: %w", err)
	}
	as := make([]Asiento, len(filas))
	for i, f := range filas {
		as[i] = f.asiento()
	}
	return as, nil
}

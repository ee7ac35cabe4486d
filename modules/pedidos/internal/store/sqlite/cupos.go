package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/pedidos/internal/store/documentos"

	"go.mongodb.org/mongo-driver/bson"
	"gorm.io/gorm"
)

// cupos is the store.Cupos of a Tienda.
type cupos struct{ t *Tienda }

var _ store.Cupos = cupos{}

// Cupos gives the store of the places that orders take.
func (t *Tienda) Cupos() store.Cupos { return cupos{t} }

const (
	sqlCupos        = "select id, doc from cupos where id in (select value from json_each(?))"
	sqlNuevoCupo    = "insert into cupos (id, version, vence, doc) values (?, ?, ?, ?) on conflict do nothing"
	sqlGuardarCupo  = "update cupos set version = ?, vence = ?, doc = ? where id = ? and version = ?"
	sqlCuposVencido = "select id from cupos where vence < ? order by vence limit ?"
	sqlLimpiarCupos = "delete from cupos where id in (" + sqlCuposVencido + ")"
)

// Leer implements store.Cupos.
func (s cupos) Leer(ctx context.Context, id string) (*pedido.Cupo, error) {
	cs, err := s.LeerVarios(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	return cs[0], nil
}

// documento is a row of an id and a document.
type documento struct {
	id  string
	doc []byte
}

func leerDocumento(rows *sql.Rows) (d documento, err error) {
	err = rows.Scan(&d.id, &d.doc)
	return d, err
}

// LeerVarios implements store.Cupos.
func (s cupos) LeerVarios(ctx context.Context, ids []string) ([]*pedido.Cupo, error) {
	ds, err := filas(s.t.db.Read(ctx).Raw(sqlCupos, lista(ids)), leerDocumento)
	if err != nil {
		return nil, fallo(ctx, "pedidos.leer_cupo", err)
	}
	hay := make(map[string]*pedido.Cupo, len(ds))
	for _, d := range ds {
		if hay[d.id], err = documentos.Decode[pedido.Cupo](d.doc); err != nil {
			return nil, &store.Ilegible{ID: d.id, Err: err}
		}
	}
	return store.CuposDe(ids, hay), nil
}

// Guardar implements store.Cupos.
func (s cupos) Guardar(ctx context.Context, cupo *pedido.Cupo) error {
	nuevo := *cupo
	nuevo.Version++
	doc, err := bson.Marshal(&nuevo)
	if err != nil {
		return fmt.Errorf("document: %w", err)
	}
	err = s.t.escribir(ctx, "pedidos.guardar_cupo", func(tx *gorm.DB) error {
		if nuevo.Version == 1 {
			return exigir(
				store.ErrConflicto,
				tx,
				sqlNuevoCupo,
				nuevo.ID,
				nuevo.Version,
				ms(nuevo.Vence),
				doc,
			)
		}
		return exigir(
			store.ErrConflicto,
			tx,
			sqlGuardarCupo,
			nuevo.Version,
			ms(nuevo.Vence),
			doc,
			nuevo.ID,
			nuevo.Version-1,
		)
	})
	if err == nil {
		cupo.Version = nuevo.Version
	}
	return err
}

// Limpiar implements store.Cupos.
func (s cupos) Limpiar(ctx context.Context, ahora time.Time, limite int) (int, error) {
	hay, err := filas(s.t.db.Read(ctx).Raw(sqlCuposVencido, ms(ahora), 1), columna[string])
	if err != nil || len(hay) == 0 {
		return 0, fallo(ctx, "pedidos.limpiar_cupos", err)
	}
	var n int64 // read only after the effect has been acknowledged
	err = s.t.escribir(ctx, "pedidos.limpiar_cupos", func(tx *gorm.DB) (err error) {
		n, err = ejecutar(tx, sqlLimpiarCupos, ms(ahora), limite)
		return err
	})
	if err != nil {
		return 0, err
	}
	return int(n), nil
}

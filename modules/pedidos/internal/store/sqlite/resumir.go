package sqlite

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"

	"gorm.io/gorm"
)

// The orders of each estado are counted once, at the first call of Resumir. From then on triggers keep the counts in a
// temporary table of the one connection that writes. The table is in memory, changes in the transaction of each write
// and is gone with the process, which alone has the file. So the counts are exact, no write of an order writes a page
// more, and no count reads an index to its end.
const (
	sqlHayCuentas = "select name from temp.sqlite_master where name = 'cuentas'"
	sqlCuentas    = "select estado, pedidos from temp.cuentas where pedidos > 0"
	sqlVencidos   = "select estado, min(debe), count(*) from pedidos indexed by pedidos_debe " +
		"where debe <= ? group by estado"
)

// crearCuentas are the statements that count and make the triggers.
var crearCuentas = []string{
	"create temp table cuentas (estado text not null primary key, pedidos integer not null) without rowid",
	"insert into temp.cuentas select estado, count(*) from main.pedidos group by estado",
	`create temp trigger cuentas_alta after insert on main.pedidos begin
		insert into cuentas values (new.estado, 1) on conflict do update set pedidos = pedidos + 1;
	end`,
	`create temp trigger cuentas_cambio after update of estado on main.pedidos when old.estado <> new.estado begin
		update cuentas set pedidos = pedidos - 1 where estado = old.estado;
		insert into cuentas values (new.estado, 1) on conflict do update set pedidos = pedidos + 1;
	end`,
}

// Resumir implements store.Pedidos. Only the connection that writes sees the counts, so Resumir asks as a write does.
func (s pedidos) Resumir(ctx context.Context, ahora time.Time) ([]store.Resumen, error) {
	var cuantos []par // read only once the writer has answered
	err := s.t.escribir(ctx, "pedidos.resumir", func(tx *gorm.DB) (err error) {
		if err = contar(tx); err == nil {
			cuantos, err = filas(tx.Raw(sqlCuentas), leerPar)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	vencidos, err := filas(s.t.db.Read(ctx).Raw(sqlVencidos, ms(ahora)), leerVencidos)
	if err != nil {
		return nil, fallo(ctx, "pedidos.resumir", err)
	}
	return resumir(cuantos, vencidos), nil
}

// contar counts the orders and makes the triggers, unless this connection has done so before.
func contar(tx *gorm.DB) error {
	hay, err := filas(tx.Raw(sqlHayCuentas), columna[string])
	if err != nil || len(hay) > 0 {
		return err
	}
	for _, q := range crearCuentas {
		if err := tx.Exec(q).Error; err != nil {
			return err
		}
	}
	return nil
}

// vencidos is how many orders of an estado are due, and since when (in ms) the first of them is.
type vencidos struct {
	estado         string
	desde, cuantos int64
}

func leerVencidos(rows *sql.Rows) (v vencidos, err error) {
	err = rows.Scan(&v.estado, &v.desde, &v.cuantos)
	return v, err
}

// resumir joins the counts of all orders with those of the due ones, by estado.
func resumir(cuantos []par, vs []vencidos) []store.Resumen {
	out := make([]store.Resumen, 0, len(cuantos))
	for _, c := range cuantos {
		r := store.Resumen{Estado: pedido.Estado(c.clave), Pedidos: c.n}
		if i := slices.IndexFunc(vs, func(v vencidos) bool { return v.estado == c.clave }); i >= 0 {
			t := time.UnixMilli(vs[i].desde).UTC()
			r.Vencido, r.Debidos = &t, vs[i].cuantos
		}
		out = append(out, r)
	}
	return out
}

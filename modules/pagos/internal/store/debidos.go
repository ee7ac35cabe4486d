package store

import (
	"context"
	"fmt"
	"time"

	"despensa/modules/pagos/internal/cobros"
)

// debidos is the query for the rows of a table that are due, oldest first, and after them the rows that are due after
// lejos and were not set aside. It is one statement, whose two parts the index of debe answers.
func debidos(tabla, columnas string) string {
	mitad := func(turno, cual string) string {
		return "select * from (select " + columnas + ", debe, " + turno + " as turno from " + tabla +
			" where debe is not null and " + cual + " order by debe limit ?) as t" + turno
	}
	return mitad(
		"0",
		"debe <= ?",
	) + " union all " + mitad(
		"1",
		"debe > ? and debe < ?",
	) + " order by turno, debe limit ?"
}

// abiertosLejos finds the open cobros, pending or reserved, that are due later than they can be: a clock that was ahead
// wrote their debe. Most rows hold money that was taken and are due months away, by right. So the query finds the few
// open rows by the index of estado; the sum keeps the planner from using the index of debe.
const abiertosLejos = "select id from cobros where estado in ('pendiente', 'reservado')" +
	" and debe + 0 > ? and debe + 0 <= ? order by debe limit ?"

var (
	cobrosDebidos   = "select id from (" + debidos("cobros", "id") + ") as d"
	webhooksDebidos = debidos("inbox", "proveedor, dato, solicitud, recibido, intentos")
)

// argumentos are the arguments of the statement of debidos, in its order.
func argumentos(ahora, lejos time.Time, n int) []any {
	return []any{ahora.UnixMilli(), n, lejos.UnixMilli(), apartada, n, n}
}

// Debidos implements cobros.Store.
func (s *Store) Debidos(
	ctx context.Context,
	ahora time.Time,
	lejos cobros.Lejos,
	n int,
) ([]string, error) {
	var ids []string
	if err := s.db.Read(ctx).Raw(cobrosDebidos, argumentos(ahora, lejos.Todos, n)...).Scan(&ids).Error; err != nil {
		return nil, fmt.Errorf("pagos: store: %w", err)
	}
	if lejos.Abiertos.IsZero() || len(ids) >= n {
		return ids, nil
	}
	var abiertos []string
	q := s.db.Read(ctx).
		Raw(abiertosLejos, lejos.Abiertos.UnixMilli(), lejos.Todos.UnixMilli(), n-len(ids))
	if err := q.Scan(&abiertos).Error; err != nil {
		return nil, fmt.Errorf("pagos: store: %w", err)
	}
	return append(ids, abiertos...), nil
}

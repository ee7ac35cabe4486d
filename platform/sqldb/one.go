package sqldb

import (
	"cmp"

	"gorm.io/gorm"
)

// One reads the first row of query. ok is false when query has no row; that is no error. Errors: those of query; an
// error that Unreadable knows when the row is no T.
func One[T any](query *gorm.DB) (row T, ok bool, err error) {
	r := query.Limit(1).Find(&row)
	if r.Error != nil || r.RowsAffected == 0 {
		var none T
		return none, false, r.Error
	}
	return row, true, nil
}

// Scan reads the columns of the one row of query, a Raw statement, into dest. ok is false when query has no row; that
// is no error. Scan reads the answer to its end, because a PostgreSQL server may report a conflict with another
// transaction after the row. Errors: those of query; an error that Unreadable knows when a value does not fit into
// dest.
func Scan(query *gorm.DB, dest ...any) (ok bool, err error) {
	rows, err := query.Rows()
	if err != nil {
		return false, err
	}
	defer func() { _ = rows.Close() }()
	if ok = rows.Next(); ok {
		err = rows.Scan(dest...)
	}
	for err == nil && rows.Next() {
	}
	err = cmp.Or(err, rows.Err())
	return ok && err == nil, err
}

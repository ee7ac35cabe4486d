package sqldb

import (
	"cmp"

	"gorm.io/gorm"
)

// One reads the first row of q; ok is false when there is none, which is no error. Errors: those of q; see Unreadable.
func One[T any](q *gorm.DB) (row T, ok bool, err error) {
	r := q.Limit(1).Find(&row)
	if r.Error != nil || r.RowsAffected == 0 {
		var none T
		return none, false, r.Error
	}
	return row, true, nil
}

// Scan reads the columns of the one row that q, a Raw statement, gives into dest; ok is false when it gives none, which is
// no error. It reads to the end, for a server may say as late as behind the row that another transaction is in the way.
// Errors: those of q; see Unreadable.
func Scan(q *gorm.DB, dest ...any) (ok bool, err error) {
	rows, err := q.Rows()
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

package sqldb

import "gorm.io/gorm"

// One reads the first row of q; ok is false when there is none, which is no error. Errors: those of q; see Unreadable.
func One[T any](q *gorm.DB) (row T, ok bool, err error) {
	r := q.Limit(1).Find(&row)
	if r.Error != nil || r.RowsAffected == 0 {
		var none T
		return none, false, r.Error
	}
	return row, true, nil
}

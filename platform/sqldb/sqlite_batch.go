package sqldb

import (
	"errors"
	"fmt"

	"despensa/platform/fault"

	"gorm.io/gorm"
)

// commit runs the writes in one transaction and sends each its outcome after the commit. A write that the disk
// refused gets fault.ErrStoreAway.
func (d *sqliteDB) commit(writes []*pendingWrite) {
	errs, err := d.together(writes)
	if errors.Is(err, errUndo) {
		errs, err = d.apart(writes)
	}
	d.writes.Add(uint64(len(writes)))
	d.commits.Add(1)
	for i, e := range writes {
		if err != nil && errs[i] == nil {
			errs[i] = err
		}
		if d.disk.wrote(errs[i]); errs[i] != nil && ofTheDisk(errs[i]) {
			errs[i] = fmt.Errorf("%w: %w", fault.ErrStoreAway, errs[i])
		}
		e.res <- errs[i]
	}
}

// errUndo says that one of several writes failed after it had changed a row, or left the transaction in doubt. The
// transaction is rolled back and its writes run again, apart.
var errUndo = errors.New("sqldb: a part of the transaction is to be undone")

// together runs the writes one after another in one transaction without savepoints: the ordinary case. errs are the
// writes' own errors; err is the transaction's. A write that fails without having changed a row needs no undoing.
// Errors: errUndo.
func (d *sqliteDB) together(writes []*pendingWrite) (errs []error, err error) {
	return d.inOne(writes, func(tx *gorm.DB, f func(tx *gorm.DB) error) (own, whole error) {
		own = withoutPanic(f, tx)
		switch left := d.wh.left(); {
		case len(writes) == 1:
			return own, own
		case own != nil && left == changed, left == doubtful:
			return own, errUndo
		}
		return own, nil
	})
}

// inOne runs the writes one after another in one transaction. It calls one with the function of each write: own is the
// error of that write alone, and a whole that is not nil rolls back the transaction.
func (d *sqliteDB) inOne(
	writes []*pendingWrite, one func(tx *gorm.DB, f func(tx *gorm.DB) error) (own, whole error),
) (errs []error, err error) {
	errs = make([]error, len(writes))
	d.wh.runs(writes[0].name)
	err = d.w.Transaction(func(tx *gorm.DB) (whole error) {
		for i, e := range writes {
			d.wh.runs(e.name)
			if errs[i], whole = one(tx, e.f); whole != nil {
				return whole
			}
		}
		d.wh.runs(writes[0].name)
		return nil
	})
	return errs, err
}

// errSavepoint says that a savepoint could not be set, released or rolled back to. The whole transaction is rolled
// back.
var errSavepoint = errors.New("sqldb: savepoint")

// apart runs the writes in one transaction, each in a savepoint of its own, so that an error undoes the changes of its
// write alone. commit calls it after together has been rolled back, and not again: a write runs at most twice. The
// write that failed runs again too, because the writes before it may change other rows this time.
func (d *sqliteDB) apart(writes []*pendingWrite) (errs []error, err error) {
	return d.inOne(writes, func(tx *gorm.DB, f func(tx *gorm.DB) error) (own, whole error) {
		if own = inSavepoint(tx, f); errors.Is(own, errSavepoint) {
			return own, own
		}
		return own, nil
	})
}

// inSavepoint runs effect in a savepoint; an error of effect undoes the changes of effect alone. Errors: effect's;
// errSavepoint.
func inSavepoint(tx *gorm.DB, effect func(tx *gorm.DB) error) error {
	if err := tx.Exec("savepoint s").Error; err != nil {
		return fmt.Errorf("%w: %w", errSavepoint, err)
	}
	err := withoutPanic(effect, tx)
	if err != nil {
		if e := tx.Exec("rollback to s").Error; e != nil {
			return fmt.Errorf("%w: %w", errSavepoint, e)
		}
	}
	if e := tx.Exec("release s").Error; e != nil {
		return fmt.Errorf("%w: %w", errSavepoint, e)
	}
	return err
}

package sqldb

import (
	"database/sql"
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/callbacks"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/schema"
	"modernc.org/sqlite"
)

// dialect is how gorm speaks to SQLite. It makes and changes no tables: migrations do.
type dialect struct{ conn *sql.DB }

var (
	_ gorm.Dialector                     = dialect{}
	_ gorm.ErrorTranslator               = dialect{}
	_ gorm.SavePointerDialectorInterface = dialect{}
)

// Name is gorm.Dialector's.
func (dialect) Name() string { return "sqlite" }

// Initialize is gorm.Dialector's.
func (d dialect) Initialize(db *gorm.DB) error {
	db.ConnPool = d.conn
	callbacks.RegisterDefaultCallbacks(db, &callbacks.Config{
		CreateClauses:        []string{"INSERT", "VALUES", "ON CONFLICT", "RETURNING"},
		UpdateClauses:        []string{"UPDATE", "SET", "FROM", "WHERE", "RETURNING"},
		DeleteClauses:        []string{"DELETE", "FROM", "WHERE", "RETURNING"},
		LastInsertIDReversed: true,
	})
	db.ClauseBuilders["LIMIT"] = buildLimit
	db.ClauseBuilders["FOR"] = buildNoLock
	return nil
}

// buildLimit writes the limit of one row as it is, for it is part of what the statement means, and any other as a
// parameter, so that pages of different lengths are one statement. SQLite knows no OFFSET without a LIMIT.
func buildLimit(c clause.Clause, b clause.Builder) {
	l, ok := c.Expression.(clause.Limit)
	if !ok {
		return
	}
	limit := -1
	if l.Limit != nil && *l.Limit >= 0 {
		limit = *l.Limit
	}
	switch {
	case limit == 1:
		_, _ = b.WriteString("LIMIT 1")
	case limit >= 0 || l.Offset > 0:
		_, _ = b.WriteString("LIMIT ")
		b.AddVar(b, limit)
	}
	if l.Offset > 0 {
		_, _ = b.WriteString(" OFFSET ")
		b.AddVar(b, l.Offset)
	}
}

// buildNoLock leaves out the locks of rows: a file has one writer.
func buildNoLock(c clause.Clause, b clause.Builder) {
	if _, ok := c.Expression.(clause.Locking); !ok {
		c.Build(b)
	}
}

// Migrator is gorm.Dialector's; nil, because goose makes the tables.
func (dialect) Migrator(*gorm.DB) gorm.Migrator { return nil }

// DataTypeOf is gorm.Dialector's, which asks only to make tables.
func (dialect) DataTypeOf(f *schema.Field) string { return string(f.DataType) }

// DefaultValueOf is gorm.Dialector's.
func (dialect) DefaultValueOf(f *schema.Field) clause.Expression {
	if f.AutoIncrement {
		return clause.Expr{SQL: "NULL"}
	}
	return clause.Expr{SQL: "DEFAULT"} // SQLite refuses it, rather than storing something else
}

// BindVarTo is gorm.Dialector's.
func (dialect) BindVarTo(w clause.Writer, _ *gorm.Statement, _ any) { _ = w.WriteByte('?') }

// QuoteTo quotes a name, or the names of a table and a column with a point between them.
func (dialect) QuoteTo(w clause.Writer, name string) {
	_ = w.WriteByte('`')
	for _, b := range []byte(name) {
		switch b {
		case '`': // quoted already
		case '.':
			_, _ = w.WriteString("`.`")
		default:
			_ = w.WriteByte(b)
		}
	}
	_ = w.WriteByte('`')
}

// Explain is gorm.Dialector's.
func (dialect) Explain(text string, vars ...any) string {
	return logger.ExplainSQL(text, nil, `"`, vars...)
}

// SavePoint is gorm.SavePointerDialectorInterface's.
func (dialect) SavePoint(tx *gorm.DB, name string) error { return tx.Exec("SAVEPOINT " + name).Error }

// RollbackTo is gorm.SavePointerDialectorInterface's.
func (dialect) RollbackTo(tx *gorm.DB, name string) error {
	return tx.Exec("ROLLBACK TO SAVEPOINT " + name).Error
}

// SQLite's extended result codes for a broken constraint.
const (
	codeForeignKey = 787
	codePrimaryKey = 1555
	codeUnique     = 2067
)

// Translate gives gorm's error for a repeated key and for a row that others need.
func (dialect) Translate(err error) error {
	switch codeOf(err) {
	case codeUnique, codePrimaryKey:
		return gorm.ErrDuplicatedKey
	case codeForeignKey:
		return gorm.ErrForeignKeyViolated
	}
	return err
}

// codeOf is the result code of SQLite in err; 0: none.
func codeOf(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code()
}

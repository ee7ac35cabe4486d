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

// dialect is gorm's dialect of SQLite. It makes and changes no tables, because goose runs the migrations.
type dialect struct{ conn *sql.DB }

var (
	_ gorm.Dialector                     = dialect{}
	_ gorm.ErrorTranslator               = dialect{}
	_ gorm.SavePointerDialectorInterface = dialect{}
)

// Name implements gorm.Dialector.
func (dialect) Name() string { return "sqlite" }

// Initialize implements gorm.Dialector.
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

// buildLimit writes LIMIT and OFFSET. It writes the limit 1 into the text, and any other as a parameter, so that pages
// of different lengths share one prepared statement. SQLite takes no OFFSET without a LIMIT; -1 is no limit.
func buildLimit(given clause.Clause, builder clause.Builder) {
	parsed, ok := given.Expression.(clause.Limit)
	if !ok {
		return
	}
	limit := -1
	if parsed.Limit != nil && *parsed.Limit >= 0 {
		limit = *parsed.Limit
	}
	switch {
	case limit == 1:
		_, _ = builder.WriteString("LIMIT 1")
	case limit >= 0 || parsed.Offset > 0:
		_, _ = builder.WriteString("LIMIT ")
		builder.AddVar(builder, limit)
	}
	if parsed.Offset > 0 {
		_, _ = builder.WriteString(" OFFSET ")
		builder.AddVar(builder, parsed.Offset)
	}
}

// buildNoLock leaves out `FOR UPDATE`, which SQLite does not know. A file has one writer, so rows need no locks.
func buildNoLock(c clause.Clause, builder clause.Builder) {
	if _, ok := c.Expression.(clause.Locking); !ok {
		c.Build(builder)
	}
}

// Migrator implements gorm.Dialector. It returns nil, because goose makes the tables.
func (dialect) Migrator(*gorm.DB) gorm.Migrator { return nil }

// DataTypeOf implements gorm.Dialector. gorm calls it only to make tables.
func (dialect) DataTypeOf(field *schema.Field) string { return string(field.DataType) }

// DefaultValueOf implements gorm.Dialector.
func (dialect) DefaultValueOf(field *schema.Field) clause.Expression {
	if field.AutoIncrement {
		return clause.Expr{SQL: "NULL"}
	}
	// SQLite refuses this word in a row of values, rather than store another value.
	return clause.Expr{
		SQL: "DEFAULT",
	}
}

// BindVarTo implements gorm.Dialector.
func (dialect) BindVarTo(
	writer clause.Writer,
	_ *gorm.Statement,
	_ any,
) {
	_ = writer.WriteByte('?')
}

// QuoteTo quotes a name, or the names of a table and a column with a point between them.
func (dialect) QuoteTo(writer clause.Writer, name string) {
	_ = writer.WriteByte('`')
	for _, b := range []byte(name) {
		switch b {
		case '`': // quoted already
		case '.':
			_, _ = writer.WriteString("`.`")
		default:
			_ = writer.WriteByte(b)
		}
	}
	_ = writer.WriteByte('`')
}

// Explain implements gorm.Dialector.
func (dialect) Explain(text string, vars ...any) string {
	return logger.ExplainSQL(text, nil, `"`, vars...)
}

// SavePoint implements gorm.SavePointerDialectorInterface.
func (dialect) SavePoint(
	tx *gorm.DB,
	name string,
) error {
	return tx.Exec("SAVEPOINT " + name).Error
}

// RollbackTo implements gorm.SavePointerDialectorInterface.
func (dialect) RollbackTo(tx *gorm.DB, name string) error {
	return tx.Exec("ROLLBACK TO SAVEPOINT " + name).Error
}

// SQLite's extended result codes for a broken constraint.
const (
	codeForeignKey = 787
	codePrimaryKey = 1555
	codeUnique     = 2067
)

// Translate returns gorm.ErrDuplicatedKey for a repeated key, gorm.ErrForeignKeyViolated for a broken reference
// between rows, and any other error as it is. It implements gorm.ErrorTranslator.
func (dialect) Translate(err error) error {
	switch codeOf(err) {
	case codeUnique, codePrimaryKey:
		return gorm.ErrDuplicatedKey
	case codeForeignKey:
		return gorm.ErrForeignKeyViolated
	}
	return err
}

// codeOf gives SQLite's extended result code in err; 0 when err is no error of SQLite.
func codeOf(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code()
}

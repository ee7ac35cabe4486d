package promesas_test

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strings"
)

// sqlTextWriter collects the text. After the first error it writes nothing more.
type sqlTextWriter struct {
	ctx context.Context
	db  *sql.DB
	out strings.Builder
	err error
}

func (w *sqlTextWriter) writeLine(parts ...string) {
	for _, part := range parts {
		w.out.WriteString(part)
	}
	w.out.WriteByte('\n')
}

// writeHeader keeps a number of the file's header if it is set.
func (w *sqlTextWriter) writeHeader(pragma string) {
	for _, n := range w.column("pragma " + pragma) {
		if n != "0" {
			w.writeLine("pragma ", pragma, " = ", n, ";")
		}
	}
}

// writeTables writes every table and its rows. The table sqlite_sequence is SQLite's own: it exists as soon as a table
// with AUTOINCREMENT does, so its rows alone are replaced.
func (w *sqlTextWriter) writeTables() {
	const (
		tables  = "select name from sqlite_schema where type = 'table' and "
		own     = "name like 'sqlite\\_%' escape '\\'"
		virtual = "select name from pragma_table_list where type in ('virtual', 'shadow') and schema = 'main'"
	)
	for _, t := range w.column(tables + own) {
		if t != "sqlite_sequence" {
			w.fail(fmt.Errorf("table %s cannot be written as text", t))
		}
	}
	for _, t := range w.column(virtual) {
		w.fail(fmt.Errorf("virtual table %s cannot be written as text", t))
	}
	w.writeSchema("type = 'table' and not " + own)
	for _, t := range w.column(tables + "not " + own + " order by rowid") {
		w.writeRows(t)
	}
	for _, t := range w.column("select name from sqlite_schema where name = 'sqlite_sequence'") {
		w.writeLine("delete from ", t, ";")
		w.writeRows(t)
	}
}

// writeSchema writes the statements of the tables, indexes, triggers and views that condition selects, in their
// order.
func (w *sqlTextWriter) writeSchema(condition string) {
	for _, statement := range w.column("select sql from sqlite_schema where " + condition + " order by rowid") {
		w.writeLine(statement, ";")
	}
}

// writeRows writes one INSERT per row of a table.
func (w *sqlTextWriter) writeRows(table string) {
	var values []string
	columns := w.column("select name from pragma_table_info(?) order by cid", table)
	for _, c := range columns {
		c = sqlName(c)
		values = append(
			values,
			"case typeof("+c+") when 'text' then 't' || hex("+c+") else 'v' || quote("+c+") end",
		)
	}
	if len(values) == 0 {
		return // an error came before
	}
	selected := strings.Join(values, " || ' ' || ")
	for _, row := range w.column("select " + selected + " from " + sqlName(table) + " order by " + w.orderOf(table)) {
		w.writeLine(
			"insert into ",
			sqlName(table),
			" (",
			sqlNames(columns),
			") values (",
			w.literals(row),
			");",
		)
	}
}

// orderOf returns the columns by which a table's rows are ordered.
func (w *sqlTextWriter) orderOf(table string) string {
	const withoutRowid = "select 1 from pragma_table_list where schema = 'main' and wr = 1 and name = ?"
	if len(w.column(withoutRowid, table)) == 0 {
		return "_rowid_"
	}
	return sqlNames(
		w.column("select name from pragma_table_info(?) where pk > 0 order by pk", table),
	)
}

// literals turns one row of writeRows into SQL literals. A value is quoted by SQLite (v), or it is a text in hex (t).
func (w *sqlTextWriter) literals(row string) string {
	var out []string
	for value := range strings.SplitSeq(row, " ") {
		if coded, isText := strings.CutPrefix(value, "t"); isText {
			text, err := hex.DecodeString(coded)
			w.fail(err)
			value = "v" + sqlLiteral(string(text))
		}
		out = append(out, value[1:])
	}
	return strings.Join(out, ", ")
}

// column returns the first column of a query's rows.
func (w *sqlTextWriter) column(query string, args ...any) (out []string) {
	if w.err != nil {
		return nil
	}
	rows, err := w.db.QueryContext(w.ctx, query, args...)
	if err != nil {
		w.fail(fmt.Errorf("%s: %w", query, err))
		return nil
	}
	defer rows.Close()
	for rows.Next() {
		var value string
		w.fail(rows.Scan(&value))
		out = append(out, value)
	}
	w.fail(rows.Err())
	return out
}

func (w *sqlTextWriter) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

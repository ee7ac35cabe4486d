package sqldb

import (
	"database/sql/driver"
	"strings"
)

// mark is the effect of a statement on its transaction. A higher mark is a worse one.
type mark int32

// The marks.
const (
	noMark   mark = iota // the statement changed no row
	changed              // the transaction may hold a change
	doubtful             // the transaction may be over: some errors end it (https://sqlite.org/lang_transaction.html)
)

// codeConstraint is SQLite's result code for a broken constraint; extended codes have more above the lowest byte.
const codeConstraint = 19

// markOfError is the mark of a statement that failed. A repeated key, or any other broken constraint, undoes its
// statement by itself (https://sqlite.org/lang_conflict.html, ABORT, the only one in use).
func markOfError(err error) mark {
	if codeOf(err)&0xff == codeConstraint {
		return noMark
	}
	return doubtful
}

// markOfExec is the mark of a statement that was executed.
func markOfExec(text string, result driver.Result, err error) mark {
	if err != nil {
		return markOfError(err)
	}
	switch verb(text) {
	case "select":
		return noMark
	case "insert", "update", "delete":
		if n, err := result.RowsAffected(); n == 0 && err == nil {
			return noMark
		}
	}
	return changed
}

// markOfQuery is the mark of a statement that returns rows, before the caller reads them. An insert or update with
// `returning` is such a statement, so all but a select count as a change.
func markOfQuery(text string, err error) mark {
	switch {
	case err != nil:
		return markOfError(err)
	case verb(text) == "select":
		return noMark
	}
	return changed
}

// verb gives the first word of a statement in lower case: select, insert, update or delete; empty for any other.
func verb(text string) string {
	const longest = len("select")
	text = strings.TrimLeft(text, " \t\r\n")
	if len(text) <= longest {
		return ""
	}
	for _, v := range [...]string{"select", "insert", "update", "delete"} {
		if strings.EqualFold(text[:longest], v) {
			return v
		}
	}
	return ""
}

package sqldb

import (
	"database/sql/driver"
	"strings"
)

// codeConstraint is SQLite's result code for a broken constraint; extended codes have more above the lowest byte.
const codeConstraint = 19

// executedChange reports whether a statement that was executed may have changed the store. A repeated key, or any other
// broken constraint, undoes its statement by itself (https://sqlite.org/lang_conflict.html, ABORT, the only one in use);
// any other error may have undone more than its statement, and counts as a change.
func executedChange(text string, r driver.Result, err error) bool {
	if err != nil {
		return codeOf(err)&0xff != codeConstraint
	}
	switch verb(text) {
	case "select":
		return false
	case "insert", "update", "delete":
		n, err := r.RowsAffected()
		return n != 0 || err != nil
	}
	return true
}

// queriedChange reports the same of a statement whose rows are read, before they are: it may be one that writes and
// returns what it wrote.
func queriedChange(text string, err error) bool {
	if err != nil {
		return codeOf(err)&0xff != codeConstraint
	}
	return verb(text) != "select"
}

// verb gives the first word of a statement in lower case; empty: none that matters here.
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

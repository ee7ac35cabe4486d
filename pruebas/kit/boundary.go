package kit

import (
	"fmt"

	"despensa/platform/sqldb"
)

// Boundary is a place where the program may die: before or after the Nth effect of a name.
type Boundary struct {
	Name   string
	Moment sqldb.Moment
	Nth    int
}

// String is the name of the subtest of f.
func (f Boundary) String() string {
	momentos := map[sqldb.Moment]string{sqldb.Before: "before", sqldb.After: "after"}
	return fmt.Sprintf("%s %s %d", momentos[f.Moment], f.Name, f.Nth)
}

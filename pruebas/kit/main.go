// Package kit starts the whole program for the tests in pruebas: in the test's own process with a
// clock that the test moves, or as processes that the test kills. It logs in, orders, pays and
// delivers over HTTP as people do, and compares the books of all modules afterwards.
package kit

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"despensa/platform/elastictest"
	"despensa/platform/mongodb/mongodbtest"
	"despensa/platform/sqldb/sqldbtest"
)

// Main runs the tests of a package of pruebas in the root of the repository, so that paths in tests read as in the
// documents. Afterwards Main removes the files and databases that the kit has made for all tests together. The
// package's TestMain calls Main.
func Main(m *testing.M) {
	if err := toRoot(); err != nil {
		fmt.Fprintln(os.Stderr, "kit:", err)
		os.Exit(1)
	}
	code := m.Run()
	if templates.dir != "" {
		os.RemoveAll(templates.dir)
	}
	if templates.drop != nil {
		_ = templates.drop() // the databases are on a server for tests
	}
	os.Exit(code)
}

// toRoot goes up to the folder of go.mod.
func toRoot() error {
	for {
		if _, err := os.Stat("go.mod"); err == nil {
			return nil
		}
		before, err := os.Getwd()
		if err != nil {
			return err
		}
		if filepath.Dir(before) == before {
			return fmt.Errorf("no go.mod above the tests")
		}
		if err := os.Chdir(".."); err != nil {
			return err
		}
	}
}

// MeetsNoServer skips the test where DESPENSA_TEST_… name servers: it would do the same with them as without, and has
// its run without.
func MeetsNoServer(t testing.TB) {
	t.Helper()
	for _, v := range []string{sqldbtest.Variable, mongodbtest.Variable, elastictest.Variable} {
		if os.Getenv(v) != "" {
			t.Skip("SKIPPED: it meets no server: see the run without them")
		}
	}
}

// Slow skips the test under -short; reason says why the test is slow. `go test -race -short ./...` is the quick half
// of .ci/run; .ci/carreras runs a choice of the slow tests under the race detector.
func Slow(t testing.TB, reason string) {
	t.Helper()
	if testing.Short() {
		t.Skipf("SKIPPED: -short: %s", reason)
	}
}

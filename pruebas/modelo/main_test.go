// Package modelo_test asks whether the books agree after people, machines and the gateway have done what they like: a
// seeded crowd drives the real program as a process, and a judge that shares no code with the modules compares the
// files, the gateway's ledger and what each client was told.
package modelo_test

import (
	"testing"

	"despensa/pruebas/kit"
)

func TestMain(m *testing.M) { kit.Main(m) }

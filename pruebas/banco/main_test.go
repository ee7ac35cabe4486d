package banco_test

import (
	"testing"

	"despensa/pruebas/kit"
)

func TestMain(m *testing.M) { kit.Main(m) }

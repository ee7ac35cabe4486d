package tiempo_test

import (
	"os"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"despensa/pruebas/kit"
	"despensa/pruebas/modelo"
)

// TestTheCrowdForWeeks lets the crowd of pruebas/modelo live in a bubble for DESPENSA_TEST_DIAS days (default:
// one), with the gateway's lies, deaths of the program and jumps of its clock, and has the model's judge compare the
// books. The seed is TestWeeks'. -v prints the story.
func TestTheCrowdForWeeks(t *testing.T) {
	kit.MeetsNoServer(t)
	kit.Prepare(t)
	semilla := deEntorno(t, "DESPENSA_TEST_SEMILLA", 1)
	dias := int(deEntorno(t, "DESPENSA_TEST_DIAS", 1))
	inicio := time.Now()
	synctest.Test(t, func(t *testing.T) { modelo.Weeks(t, semilla, dias) })
	t.Logf(
		"seed %d, %d days: it took %s",
		semilla,
		dias,
		time.Since(inicio).Round(time.Millisecond),
	)
}

// deEntorno is the number in an environment variable, which a longer run sets.
func deEntorno(t *testing.T, clave string, defecto uint64) uint64 {
	t.Helper()
	s := os.Getenv(clave)
	if s == "" {
		return defecto
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", clave, err)
	}
	return n
}

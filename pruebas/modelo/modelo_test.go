package modelo

import (
	"os"
	"testing"
	"time"

	"despensa/pruebas/kit"
)

// TestModel lets a crowd do lawful and unlawful things for DESPENSA_TEST_MODELO seconds while the gateway lies and
// the process dies, and then compares all books. DESPENSA_TEST_SEMILLA is the seed: each actor's choices follow from
// it, the order in which they come does not. DESPENSA_TEST_MODELO_REPLICAS is the number of processes: one over files,
// or several over the servers that DESPENSA_TEST_… name.
func TestModel(t *testing.T) {
	if replicas(t) == 1 {
		kit.MeetsNoServer(t)
	}
	semilla := uint64(
		deEntorno(t, "DESPENSA_TEST_SEMILLA", int(time.Now().UnixNano()%1_000_000)),
	)
	segundos := deEntorno(t, "DESPENSA_TEST_MODELO", 10)
	t.Logf("DESPENSA_TEST_SEMILLA=%d, %d seconds", semilla, segundos)
	sede, cliente := abrirSede(t, append(ajustes, opcionales(t)...))
	m := fundar(t, semilla, sede, cliente, enProceso)
	m.atras = os.Getenv(variableAtras) != ""
	m.correr(time.Duration(segundos) * time.Second)
	j := m.reposar()
	m.informar(j)
	m.denunciar(j)
}

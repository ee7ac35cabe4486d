package flota

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"despensa/modules/rutas"

	"gorm.io/gorm"
)

// TestSituaciones: the newest visit of each order counts; an order without a visit is left out.
func TestSituaciones(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	c := m.camion(d, nil)
	m.turno(c, 0, 12, 0)
	m.firme(d, "a")
	m.firme(d, "b")
	m.bien(m.Liberar(m.ctx, clave("b")))
	otra := m.encargo(d, "b")
	otra.Intento, otra.Numero = 2, 2
	_, err := m.Reservar(m.ctx, otra)
	m.bien(err)
	m.firme(d, "c")
	m.bien(m.Liberar(m.ctx, clave("c")))
	m.firme(d, "d") // an order that the call does not name
	hay, err := m.Situaciones(m.ctx, []string{"a", "b", "c", "nobody's"})
	m.bien(err)
	want := map[string]rutas.EstadoVisita{
		"a": rutas.Firme,
		"b": rutas.Provisional,
		"c": rutas.Liberada,
	}
	if !maps.Equal(hay, want) {
		t.Errorf("got %v, want %v", hay, want)
	}
	_, err = m.salir(c)
	m.bien(err)
	hay, err = m.Situaciones(m.ctx, []string{"a"})
	m.bien(err)
	if hay["a"] != rutas.EnCamino {
		t.Errorf("after the departure a is %q", hay["a"])
	}
	hay, err = m.Situaciones(m.ctx, nil)
	m.bien(err)
	if len(hay) != 0 {
		t.Errorf("of nobody: %v", hay)
	}
}

// TestSituacionesReadAnIndex: a page of the sweep looks up its orders one by one, and reads no table through.
func TestSituacionesReadAnIndex(t *testing.T) {
	m := nuevoMundo(t, nil)
	if m.sitio.Postgres != "" {
		t.Skip("SKIPPED: PostgreSQL's planner reads a small table through")
	}
	var ids []string
	for n := range rutas.MaxSituaciones {
		ids = append(ids, fmt.Sprint("pedido-", n))
	}
	var filas []filaSituacion
	q := visitasDe(m.Flota.db.Read(m.ctx).Session(&gorm.Session{DryRun: true}), ids)
	if plan := m.plan(q.Find(&filas)); !strings.Contains(plan, "USING INDEX sqlite_autoindex_visitas_2 (pedido=?)") {
		t.Error(plan)
	}
}

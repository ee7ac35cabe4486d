package tiempo_test

import (
	"slices"
	"time"

	"despensa/pruebas/kit"
)

// turno is a shift with its hours.
type turno struct {
	kit.Shift
	Inicio time.Time `json:"inicio"`
	Fin    time.Time `json:"fin"`
}

// repartir lets the trucks of begun shifts leave, and reports the outcomes at the doors.
func (m *mundo) repartir() {
	suyas := map[string]*orden{}
	for _, o := range m.ordenes {
		suyas[o.ID] = o
	}
	porTurno := map[string][]kit.Visit{}
	for _, v := range kit.All[kit.Visit](m.Client, "gestor", "/visitas?estado=firme") {
		porTurno[v.TurnoID] = append(porTurno[v.TurnoID], v)
	}
	for id, vs := range porTurno {
		var t turno
		m.Must("gestor", "GET", "/turnos/"+id, nil, &t)
		ahora := m.Clock.Now()
		encalla := slices.ContainsFunc(vs, func(v kit.Visit) bool {
			o := suyas[v.PedidoID]
			return o == nil || o.plan.encalla
		})
		if encalla || ahora.Before(t.Inicio) || !ahora.Before(t.Fin) {
			continue
		}
		m.Depart(vs[0])
		m.cuenta("a truck leaves with %d orders", len(vs))
	}
	m.dormir(time.Minute)
	for _, v := range kit.All[kit.Visit](m.Client, "gestor", "/visitas?estado=en_camino") {
		if o := suyas[v.PedidoID]; o != nil && !slices.Contains(o.visitas, v.ID) {
			o.visitas = append(o.visitas, v.ID)
			m.llegar(v, o)
		}
	}
}

// llegar reports the outcome of a visit, if there is to be one.
func (m *mundo) llegar(visit kit.Visit, orden *orden) {
	r := orden.plan.visita(len(orden.visitas))
	m.cuenta("%s: at the door: %q", orden.Codigo, r)
	switch r {
	case "":
	case entrega:
		m.Arrive(visit, "")
	default:
		m.Arrive(visit, r)
	}
}

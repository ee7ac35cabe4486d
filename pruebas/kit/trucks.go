package kit

import (
	"time"

	"despensa/internal/apiclient"
)

// Visit has the members of a visit that tests read from the API.
type Visit struct {
	ID       string `json:"id"`
	PedidoID string `json:"pedido_id"`
	TurnoID  string `json:"turno_id"`
	CamionID string `json:"camion_id"`
	Estado   string `json:"estado"`
	Peso     int64  `json:"peso_gramos"`
}

// Shift has the members of a shift that tests read from the API.
type Shift struct {
	ID       string `json:"id"`
	CamionID string `json:"camion_id"`
	Estado   string `json:"estado"`
	Usado    struct {
		Peso    int64 `json:"peso_gramos"`
		Visitas int64 `json:"visitas"`
	} `json:"usado"`
}

// VisitOf returns the visit under which an order is promised or on its way.
func (s *Client) VisitOf(pedido string) (v Visit) {
	s.T.Helper()
	s.Until("the order has a visit", func() bool {
		for _, v = range All[Visit](s, "gestor", "/visitas?pedido_id="+pedido) {
			if v.Estado == "firme" || v.Estado == "en_camino" {
				return true
			}
		}
		return false
	})
	return v
}

// Depart lets the truck of a visit leave with its shift. A run that the truck is still on is ended first.
func (s *Client) Depart(visit Visit) {
	s.T.Helper()
	s.Recall(visit.CamionID)
	s.Must(
		"gestor",
		"POST",
		"/camiones/"+visit.CamionID+"/salida",
		map[string]any{"turno_id": visit.TurnoID},
		nil,
	)
}

// Recall ends the run of a truck that is out, so that it may leave again; its visits without an outcome have failed.
func (s *Client) Recall(camion string) {
	s.T.Helper()
	// camion-no-salio: the truck has never left
	if cod := s.Code("gestor", "POST", "/camiones/"+camion+"/regreso", nil); cod != "" &&
		cod != "camion-no-salio" {
		s.T.Fatalf("ending the run of %s: %s", camion, cod)
	}
}

// Arrive reports arrival and delivery, or a failed visit.
func (s *Client) Arrive(visit Visit, fallo string) {
	s.T.Helper()
	s.Must("gestor", "POST", "/visitas/"+visit.ID+"/llegada", nil, nil)
	if fallo == "" {
		s.Must("gestor", "POST", "/visitas/"+visit.ID+"/entrega", nil, nil)
		return
	}
	s.Must(
		"gestor",
		"POST",
		"/visitas/"+visit.ID+"/fallo",
		map[string]any{"motivo": fallo},
		nil,
	)
}

// OwnShift adds a truck in the first depot with one shift of four hours tomorrow, for at most visitas visits.
func (s *Client) OwnShift(patente string, visitas int) (desde, hasta time.Time) {
	s.T.Helper()
	var camion struct {
		ID string `json:"id"`
	}
	s.Must(
		"gestor",
		"POST",
		"/camiones",
		map[string]any{"patente": patente, "deposito_id": s.Depot("DEP-1"),
			"peso_max_gramos": 3_500_000, "volumen_max_ml": 20_000_000},
		&camion,
	)
	desde = Morning.Add(24 * time.Hour)
	hasta = desde.Add(4 * time.Hour)
	s.Must(
		"gestor",
		"POST",
		"/turnos",
		map[string]any{
			"camion_id":   camion.ID,
			"inicio":      desde,
			"fin":         hasta,
			"visitas_max": visitas,
		},
		nil,
	)
	return desde, hasta
}

// Depot is the id of a depot.
func (s *Client) Depot(codigo string) string {
	s.T.Helper()
	for _, d := range All[struct {
		ID     string `json:"id"`
		Codigo string `json:"codigo"`
	}](s, "gestor", "/depositos") {
		if d.Codigo == codigo {
			return d.ID
		}
	}
	s.T.Fatalf("there is no depot %s", codigo)
	return ""
}

// Truck has the members of a truck that tests read from the API.
type Truck struct {
	ID       string `json:"id"`
	Deposito string `json:"deposito_id"`
}

// StopTrucks takes every truck out of service; the visits booked on them must be booked anew.
func (s *Client) StopTrucks() {
	s.T.Helper()
	for _, m := range All[struct {
		ID string `json:"id"`
	}](s, "gestor", "/camiones") {
		s.Must(
			"gestor",
			"PATCH",
			"/camiones/"+m.ID,
			map[string]any{"activo": false, "reprogramar": true},
			nil,
			apiclient.IfMatch("*"),
		)
	}
}

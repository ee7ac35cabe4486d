package mercadopago

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// Ajustes are the settings of the simulated gateway's behaviour. They are in memory: a restart resets them.
type Ajustes struct {
	// LatenciaMS is the delay of each answer of the gateway, in milliseconds. The effect of the call comes before it.
	LatenciaMS int `json:"latencia_ms"`
	// Caida makes the gateway answer 503 to each call, without an effect.
	Caida bool `json:"caida"`
	// Silencio makes the gateway keep each call without an answer and without an effect, until the caller gives up.
	Silencio bool `json:"silencio"`
	// ClaveSiempre409 makes the gateway refuse a repeated idempotency key even when the action and body are equal.
	ClaveSiempre409 bool `json:"clave_siempre_409"`
	// Fallas are wrong answers that the gateway gives on command. Each counts its calls independently of the rest.
	Fallas []Falla `json:"fallas"`
	// Avisos are the settings of the webhooks.
	Avisos AjustesAvisos `json:"avisos"`
}

// AjustesAvisos are the settings of the webhooks.
type AjustesAvisos struct {
	// DemoraMS is the time from a change to its notice, in milliseconds (default 100).
	DemoraMS int `json:"demora_ms"`
	// Repetir is how many more times each notice is sent.
	Repetir int `json:"repetir"`
	// Desordenar adds to each notice a delay of its own, of up to ten times DemoraMS, so that notices change places.
	Desordenar bool `json:"desordenar"`
	// Perder is the share of notices that never arrive: 0 none, 1 all.
	Perder float64 `json:"perder"`
	// Minusculas makes the signature cover the order's id in lower case.
	Minusculas bool `json:"minusculas"`
	// Segundos makes the signature's ts count seconds instead of milliseconds.
	Segundos bool `json:"segundos"`
}

// deFabrica are the settings of a new Simulador.
var deFabrica = Ajustes{Fallas: []Falla{}, Avisos: AjustesAvisos{DemoraMS: 100}}

// ErrAjustes says that a setting is out of its range.
var ErrAjustes = errors.New("mercadopago: a setting is out of range")

// Ajustes gives the present settings.
func (s *Simulador) Ajustes() Ajustes { return *s.ajustes.Load() }

// Ajustar replaces the settings from the next call on. Error: ErrAjustes.
func (s *Simulador) Ajustar(nuevos Ajustes) error {
	v := nuevos.Avisos
	if nuevos.LatenciaMS < 0 || v.DemoraMS < 0 || v.Repetir < 0 || v.Repetir > 1000 || v.Perder < 0 || v.Perder > 1 {
		return ErrAjustes
	}
	for _, f := range nuevos.Fallas {
		if !f.valida() {
			return ErrAjustes
		}
	}
	nuevos.Fallas = append([]Falla{}, nuevos.Fallas...)
	s.ajustes.Store(&nuevos)
	s.fallas.poner(nuevos.Fallas)
	return nil
}

// Libro lists every order of the ledger by time of creation.
func (s *Simulador) Libro(ctx context.Context) ([]Asiento, error) { return s.libro.asientos(ctx, "") }

func (s *Simulador) verAjustes(*http.Request) (respuesta, error) {
	return enJSON(http.StatusOK, s.Ajustes()), nil
}

// ponerAjustes changes the members that the body names and keeps the others.
func (s *Simulador) ponerAjustes(r *http.Request) (respuesta, error) {
	b, err := cuerpo(r)
	if err != nil {
		return respuesta{}, err
	}
	nuevos := s.Ajustes()
	fallas := nuevos.Fallas
	nuevos.Fallas = nil
	if err := leer(b, &nuevos); err != nil {
		return respuesta{}, err
	}
	if nuevos.Fallas == nil { // the body does not name fallas: the present ones stay
		nuevos.Fallas = fallas
	}
	if err := s.Ajustar(nuevos); err != nil {
		return respuesta{}, errValor.de("avisos", "latencia_ms", "fallas")
	}
	return enJSON(http.StatusOK, nuevos), nil
}

// verFallas is GET _control/fallas: the present Fallas with their counts, and the classes and actions that a Falla may
// name.
func (s *Simulador) verFallas(*http.Request) (respuesta, error) {
	return enJSON(http.StatusOK, map[string]any{"datos": s.Jugadas(), "clases": Clases(), "acciones": acciones}), nil
}

func (s *Simulador) verLibro(r *http.Request) (respuesta, error) {
	as, err := s.libro.asientos(r.Context(), r.URL.Query().Get("referencia"))
	if err != nil {
		return respuesta{}, err
	}
	return enJSON(http.StatusOK, map[string]any{"datos": as}), nil
}

// ordenar is POST _control/ordenes/{id}/{que}: it runs the decision que and answers with the order afterwards.
func (s *Simulador) ordenar(r *http.Request) (respuesta, error) {
	que, ok := s.decisiones(r.URL.Query().Get("monto"))[r.PathValue("que")]
	if !ok {
		return respuesta{}, errRuta.de(loDecidible)
	}
	id := r.PathValue("id")
	if err := que(r.Context(), id); err != nil {
		return respuesta{}, err
	}
	f, _, err := uno[filaOrden](s.libro.db.Leer(r.Context()), "id", id)
	if err != nil {
		return respuesta{}, fmt.Errorf("mercadopago: ledger: %w", err)
	}
	return respuesta{estado: http.StatusOK, cuerpo: f.Doc}, nil
}

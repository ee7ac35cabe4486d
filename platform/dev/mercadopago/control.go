package mercadopago

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// Settings are the settings of the simulated gateway's behaviour. They are in memory: a restart resets them.
type Settings struct {
	// LatencyMS is the delay of each answer of the gateway, in milliseconds. The effect of the call comes before it.
	LatencyMS int `json:"latencia_ms"`
	// Outage makes the gateway answer 503 to each call, without an effect.
	Outage bool `json:"caida"`
	// Silence makes the gateway keep each call without an answer and without an effect, until the caller gives up.
	Silence bool `json:"silencio"`
	// KeyAlways409 makes the gateway refuse a repeated idempotency key even when the action and body are equal.
	KeyAlways409 bool `json:"clave_siempre_409"`
	// Failures are wrong answers that the gateway gives on command. Each counts its calls independently of the rest.
	Failures []Failure `json:"fallas"`
	// Notices are the settings of the webhooks.
	Notices NoticeSettings `json:"avisos"`
}

// NoticeSettings are the settings of the webhooks.
type NoticeSettings struct {
	// DelayMS is the time from a change to its notice, in milliseconds (default 100).
	DelayMS int `json:"demora_ms"`
	// Repeat is how many more times each notice is sent.
	Repeat int `json:"repetir"`
	// Shuffle adds to each notice a delay of its own, of up to ten times DelayMS, so that notices change places.
	Shuffle bool `json:"desordenar"`
	// Lose is the share of notices that never arrive: 0 none, 1 all.
	Lose float64 `json:"perder"`
	// LowerCase makes the signature cover the order's id in lower case.
	LowerCase bool `json:"minusculas"`
	// Seconds makes the signature's ts count seconds instead of milliseconds.
	Seconds bool `json:"segundos"`
}

// defaultSettings are the settings of a new Simulator.
var defaultSettings = Settings{Failures: []Failure{}, Notices: NoticeSettings{DelayMS: 100}}

// ErrSettings says that a setting is out of its range.
var ErrSettings = errors.New("mercadopago: a setting is out of range")

// Settings gives the present settings.
func (s *Simulator) Settings() Settings { return *s.settings.Load() }

// Configure replaces the settings from the next call on. Error: ErrSettings.
func (s *Simulator) Configure(nuevos Settings) error {
	v := nuevos.Notices
	if nuevos.LatencyMS < 0 || v.DelayMS < 0 || v.Repeat < 0 || v.Repeat > 1000 || v.Lose < 0 ||
		v.Lose > 1 {
		return ErrSettings
	}
	for _, f := range nuevos.Failures {
		if !f.valid() {
			return ErrSettings
		}
	}
	nuevos.Failures = append([]Failure{}, nuevos.Failures...)
	s.settings.Store(&nuevos)
	s.failures.set(nuevos.Failures)
	return nil
}

// Ledger lists every order of the ledger by time of creation.
func (s *Simulator) Ledger(ctx context.Context) ([]LedgerEntry, error) {
	return s.ledger.entries(ctx, "")
}

func (s *Simulator) getSettings(*http.Request) (answer, error) {
	return toJSON(http.StatusOK, s.Settings()), nil
}

// putSettings changes the members that the body names and keeps the others.
func (s *Simulator) putSettings(r *http.Request) (answer, error) {
	b, err := readBody(r)
	if err != nil {
		return answer{}, err
	}
	nuevos := s.Settings()
	fallas := nuevos.Failures
	nuevos.Failures = nil
	if err := decode(b, &nuevos); err != nil {
		return answer{}, err
	}
	if nuevos.Failures == nil { // the body does not name fallas: the present ones stay
		nuevos.Failures = fallas
	}
	if err := s.Configure(nuevos); err != nil {
		return answer{}, errValue.about("avisos", "latencia_ms", "fallas")
	}
	return toJSON(http.StatusOK, nuevos), nil
}

// getFailures is GET _control/fallas: the present Failures with their counts, and the classes and actions that a
// Failure may name.
func (s *Simulator) getFailures(*http.Request) (answer, error) {
	return toJSON(
		http.StatusOK,
		map[string]any{"datos": s.Failures(), "clases": Classes(), "acciones": actions},
	), nil
}

func (s *Simulator) getLedger(r *http.Request) (answer, error) {
	as, err := s.ledger.entries(r.Context(), r.URL.Query().Get("referencia"))
	if err != nil {
		return answer{}, err
	}
	return toJSON(http.StatusOK, map[string]any{"datos": as}), nil
}

// runDecision is POST _control/ordenes/{id}/{que}: it runs the decision que and answers with the order afterwards.
func (s *Simulator) runDecision(r *http.Request) (answer, error) {
	que, ok := s.decisions(r.URL.Query().Get("monto"))[r.PathValue("que")]
	if !ok {
		return answer{}, errPath.about(decisionNames)
	}
	id := r.PathValue("id")
	if err := que(r.Context(), id); err != nil {
		return answer{}, err
	}
	f, _, err := oneRow[orderRow](s.ledger.db.Read(r.Context()), "id", id)
	if err != nil {
		return answer{}, fmt.Errorf("mercadopago: ledger: %w", err)
	}
	return answer{status: http.StatusOK, body: f.Doc}, nil
}

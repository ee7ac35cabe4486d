package kit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// LedgerEntry is a row of the gateway's ledger.
type LedgerEntry struct {
	ID          string `json:"id"`
	Referencia  string `json:"referencia"`
	Estado      string `json:"estado"`
	Detalle     string `json:"detalle"`
	Cobrado     int64  `json:"cobrado_centavos"`
	Reembolsado int64  `json:"reembolsado_centavos"`
}

// Ledger reads every row of the gateway's ledger.
func (s *Client) Ledger() []LedgerEntry {
	s.T.Helper()
	var h Page[LedgerEntry]
	if err := s.Simulator(s.T.Context(), "GET", "/_control/libro", nil, &h); err != nil {
		s.T.Fatal(err)
	}
	return h.Datos
}

// Simulate changes how the gateway behaves.
func (s *Client) Simulate(ajustes map[string]any) {
	s.T.Helper()
	if err := s.Simulator(s.T.Context(), "POST", "/_control", ajustes, nil); err != nil {
		s.T.Fatal(err)
	}
}

// Decides returns a step that lets the gateway decide on the payment of an order: que is aprobar, rechazar or another
// verb of the simulator's control.
func Decides(que string) func(*Program, string) {
	return func(c *Program, id string) {
		if err := c.Simulator(c.T.Context(), "POST", "/_control/ordenes/"+c.InLedger(id).ID+"/"+que, nil, nil); err != nil {
			c.T.Fatal(err)
		}
	}
}

// InLedger is the gateway's row of an order's first intento.
func (s *Client) InLedger(id string) LedgerEntry {
	s.T.Helper()
	for _, a := range s.Ledger() {
		if a.Referencia == id+"-1" {
			return a
		}
	}
	s.T.Fatalf("the gateway does not know %s", id)
	return LedgerEntry{}
}

// CardToken gets a card token. titular, the holder's name, decides the gateway's answer: APRO approves, FUND
// declines.
func (s *Client) CardToken(titular string) string {
	s.T.Helper()
	id, err := s.TokenFor(s.T.Context(), titular, "5031755734530604")
	if err != nil {
		s.T.Fatal(err)
	}
	return id
}

// TokenFor gets a token of the card numero in the name of titular. Errors: those of the simulator.
func (s *Client) TokenFor(ctx context.Context, titular, numero string) (string, error) {
	var r struct {
		ID string `json:"id"`
	}
	err := s.Simulator(ctx, "POST", "/v1/card_tokens", map[string]any{
		"card_number": numero, "expiration_month": 11, "expiration_year": 2030, "security_code": "123",
		"cardholder": map[string]any{
			"name":           titular,
			"identification": map[string]any{"type": "DNI", "number": "12345678"},
		},
	}, &r)
	return r.ID, err
}

// Simulator calls the stand-in of the gateway.
func (s *Client) Simulator(
	ctx context.Context,
	metodo, camino string,
	cuerpo, salida any,
) error {
	var b io.Reader
	if cuerpo != nil {
		j, err := json.Marshal(cuerpo)
		if err != nil {
			return err
		}
		b = bytes.NewReader(j)
	}
	s.Mu.Lock()
	url := s.standIns()
	s.Mu.Unlock()
	r, err := http.NewRequestWithContext(ctx, metodo, url+"/dev/mercadopago"+camino, b)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := s.HTTP.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	texto, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		return fmt.Errorf("simulator: %s %s: %d %s", metodo, camino, res.StatusCode, texto)
	}
	if salida == nil {
		return nil
	}
	return json.Unmarshal(texto, salida)
}

package mercadopago

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"despensa/modules/pagos/internal/gateway/gatewaytest"
	simulador "despensa/platform/dev/mercadopago"
)

const (
	credencial = "APP_USR-prueba"
	secreto    = "secreto-de-avisos"
)

func TestContractOnTheSimulator(t *testing.T) {
	gatewaytest.Probar(t, func(t *testing.T) gatewaytest.Entorno {
		s, url := servir(t)
		a, err := New(
			Opciones{
				URL:        url,
				Token:      credencial,
				Secreto:    secreto,
				Tolerancia: time.Minute,
				Ahora:      time.Now,
			},
		)
		if err != nil {
			t.Fatal(err)
		}
		return gatewaytest.Entorno{
			Pasarela: a, Correo: "cliente1@testuser.com",
			Token: func(t *testing.T, titular string) string { return cardToken(t, url, titular) },
			Pagar: func(t *testing.T, orden string) {
				if err := s.Pay(t.Context(), orden); err != nil {
					t.Fatal(err)
				}
			},
		}
	})
}

// servir runs a simulator until the test ends.
func servir(t *testing.T) (*simulador.Simulator, string) {
	t.Helper()
	s, err := simulador.New(
		t.Context(),
		simulador.Options{Folder: t.TempDir(), Token: credencial, Secret: secreto},
	)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		srv.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, srv.URL + simulador.Prefix
}

// cardToken asks for a card token, as a browser would.
func cardToken(t *testing.T, url, titular string) string {
	t.Helper()
	b, err := json.Marshal(map[string]any{
		"card_number":      "5031755734530604",
		"expiration_month": "11",
		"expiration_year":  "2030",
		"security_code":    "123",
		"site_id":          "MLA",
		"cardholder": map[string]any{
			"name":           titular,
			"identification": map[string]string{"type": "DNI", "number": "12345678"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost,
		url+"/v1/card_tokens", bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var f struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&f); err != nil || f.ID == "" {
		t.Fatalf("no card token: HTTP %d, %v", res.StatusCode, err)
	}
	return f.ID
}

package apiclient_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"despensa/internal/apiclient"
)

// ficha is a token with a readable end.
func ficha(n int, dura time.Duration) string {
	datos := fmt.Sprintf(`{"exp":%d,"n":%d}`, time.Now().Add(dura).Unix(), n)
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(datos)) + ".x"
}

func TestRenovable(t *testing.T) {
	casos := map[string]struct {
		dura time.Duration
		veces,
		quiero int
	}{
		"lasts":              {dura: time.Hour, veces: 3, quiero: 1},
		"ends":               {dura: 10 * time.Second, veces: 3, quiero: 3},
		"cannot be read":     {dura: 0, veces: 3, quiero: 1},
		"never asked for":    {dura: time.Hour, veces: 0, quiero: 0},
		"ended when it came": {dura: -time.Hour, veces: 2, quiero: 2},
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			n := 0
			token := apiclient.Renewable(func(context.Context) (string, error) {
				if n++; x.dura == 0 {
					return "opaco", nil
				}
				return ficha(n, x.dura), nil
			})
			for range x.veces {
				if _, err := token(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if n != x.quiero {
				t.Errorf("made %d times, want %d", n, x.quiero)
			}
		})
	}
}

// A token that the server refuses is made anew once, for the same call and its key.
func TestRefusedTokenIsRenewed(t *testing.T) {
	n := 0
	token := apiclient.Renewable(func(context.Context) (string, error) {
		if n++; n > 2 {
			return "", errors.New("no more")
		}
		return fmt.Sprint("tok", n), nil
	})
	s := nuevoServidor(t, mal(401, "token-invalido", ""), bien, mal(401, "token-invalido", ""))
	tr := &http.Transport{}
	defer tr.CloseIdleConnections()
	c := apiclient.New(s.URL, token, &http.Client{Transport: tr})
	if err := c.Do(t.Context(), "POST", "/x", nil, nil); err != nil {
		t.Fatal(err)
	}
	if a, b := s.pedidos[0].Header, s.pedidos[1].Header; a.Get("Authorization") != "Bearer tok1" ||
		b.Get("Authorization") != "Bearer tok2" ||
		a.Get("Idempotency-Key") != b.Get("Idempotency-Key") {
		t.Error(a, b)
	}
	if err := c.Do(t.Context(), "GET", "/x", nil, nil); apiclient.Code(err) != "token-invalido" ||
		len(s.pedidos) != 3 {
		t.Errorf("%v after %d requests", err, len(s.pedidos))
	}
}

// A patient client tries for a time instead of a number of tries, and also while no token can be got yet.
func TestPaciencia(t *testing.T) {
	s := nuevoServidor(
		t,
		cortada,
		mal(503, "lejos", ""),
		mal(502, "", ""),
		cortada,
		cortada,
		cortada,
		bien,
	)
	pausas := []time.Duration{}
	c := s.cliente(t, &pausas)
	c.Patience = time.Minute
	if err := c.Do(t.Context(), "POST", "/x", nil, nil); err != nil || len(s.pedidos) != 7 {
		t.Fatalf("%v after %d requests", err, len(s.pedidos))
	}
	n := 0
	tarde := apiclient.New(s.URL, func(context.Context) (string, error) {
		if n++; n < 4 {
			return "", errors.New("no connection")
		}
		return "tok", nil
	}, nil)
	tarde.Patience, tarde.Wait = time.Minute, c.Wait
	if err := tarde.Do(t.Context(), "GET", "/x", nil, nil); err != nil || n != 4 {
		t.Errorf("%v after %d logins", err, n)
	}
	nunca := apiclient.New(
		s.URL,
		func(context.Context) (string, error) { n++; return "", apiclient.ErrLogin },
		nil,
	)
	nunca.Patience = time.Minute
	if err := nunca.Do(t.Context(), "GET", "/x", nil, nil); !errors.Is(err, apiclient.ErrLogin) ||
		n != 5 {
		t.Errorf("%v after %d logins", err, n)
	}
	nadie := nuevoServidor(t, mal(503, "lejos", ""))
	c = nadie.cliente(t, &pausas)
	c.Patience = time.Nanosecond
	if err := c.Do(t.Context(), "GET", "/x", nil, nil); apiclient.Code(err) != "lejos" ||
		len(nadie.pedidos) != 1 {
		t.Errorf("%v after %d requests", err, len(nadie.pedidos))
	}
}

package idempotency_test

import (
	"testing"

	"despensa/platform/idempotency"

	"github.com/google/uuid"
)

type cuerpo struct {
	A int
	B string
}

func nueva(t *testing.T, quien, operacion, clave string, c any) idempotency.Key {
	t.Helper()
	l, err := idempotency.New(quien, operacion, clave, c)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestOneKeyOneID(t *testing.T) {
	l := nueva(t, "ana", "pedidos", "k1", cuerpo{1, "x"})
	if u, err := uuid.Parse(l.ID); err != nil || u.Version() != 8 ||
		u.Variant() != uuid.RFC4122 ||
		!l.Given {
		t.Errorf("%+v: %v", l, err)
	}
	if otra := nueva(t, "ana", "pedidos", "k1", cuerpo{1, "x"}); otra != l {
		t.Errorf("the same call: %+v and %+v", l, otra)
	}
	if otra := nueva(t, "ana", "pedidos", "k1", cuerpo{2, "x"}); otra.ID != l.ID ||
		otra.Fingerprint == l.Fingerprint {
		t.Errorf("another body: %+v and %+v", l, otra)
	}
	for nombre, otra := range map[string]idempotency.Key{
		"another caller":    nueva(t, "eva", "pedidos", "k1", cuerpo{1, "x"}),
		"another operation": nueva(t, "ana", "camiones", "k1", cuerpo{1, "x"}),
		"another key":       nueva(t, "ana", "pedidos", "k2", cuerpo{1, "x"}),
		"other borders":     nueva(t, "anap", "edidos", "k1", cuerpo{1, "x"}),
	} {
		if otra.ID == l.ID {
			t.Errorf("%s has the same id", nombre)
		}
	}
}

func TestWithoutAKeyNothingRepeats(t *testing.T) {
	a, b := nueva(t, "ana", "pedidos", "", cuerpo{}), nueva(t, "ana", "pedidos", "", cuerpo{})
	if a.ID == b.ID || a.Given || a.Fingerprint != b.Fingerprint {
		t.Errorf("%+v and %+v", a, b)
	}
	if _, err := idempotency.New("ana", "pedidos", "k", func() {}); err == nil {
		t.Error("a body that is none has a digest")
	}
}

package authz

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"despensa/platform/audit"
	"despensa/platform/oidc"
	"despensa/platform/text"
)

func TestRolesOfEachPermission(t *testing.T) {
	tests := map[Permiso][]string{
		LeerPropio:           {"admin", "cliente"},
		EditarPropio:         {"admin", "cliente"},
		Contactar:            nil,
		Sellar:               nil,
		LeerRastro:           {"admin", "auditor"},
		"clientes.inventado": nil,
	}
	for p, quiere := range tests {
		if got := Roles(p); !slices.Equal(got, quiere) {
			t.Errorf("%s: %v, want %v", p, got, quiere)
		}
	}
}

// TestHierarchyEnds: a role that is under itself would never be decided.
func TestHierarchyEnds(t *testing.T) {
	var bajar func(rol string, camino []string)
	bajar = func(rol string, camino []string) {
		if slices.Contains(camino, rol) {
			t.Fatalf("%s is under itself: %v", rol, camino)
		}
		for _, abajo := range hereda[rol] {
			if abajo == sistema {
				t.Errorf("%s inherits from the program itself", rol)
			}
			bajar(abajo, append(slices.Clone(camino), rol))
		}
	}
	for rol := range hereda {
		bajar(rol, nil)
	}
}

// libro is a trail in memory.
type libro []audit.Record

func (l *libro) Record(_ context.Context, record audit.Record) error {
	*l = append(*l, record)
	return nil
}

func (l *libro) RegistrarVarios(_ context.Context, recordes []audit.Record) error {
	*l = append(*l, recordes...)
	return nil
}

func TestPropioDeniesByDefault(t *testing.T) {
	tests := map[string]struct {
		p    oidc.Principal
		deja bool
	}{
		"cliente":            {oidc.Principal{Roles: []string{"cliente"}}, true},
		"admin":              {oidc.Principal{Roles: []string{"admin"}}, true},
		"operador":           {oidc.Principal{Roles: []string{"operador"}}, false},
		"no role":            {oidc.Principal{}, false},
		"unknown role":       {oidc.Principal{Roles: []string{"jefe"}}, false},
		"other case":         {oidc.Principal{Roles: []string{"CLIENTE"}}, false},
		"the program's role": {oidc.Principal{Roles: []string{"sistema"}}, false},
		"a machine with a role": {
			oidc.Principal{Machine: true, Roles: []string{"cliente"}},
			false,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			var vistas []Decision
			var libro libro
			s := New(
				Opciones{
					Rastro:   &libro,
					Decidido: func(_ context.Context, d Decision) { vistas = append(vistas, d) },
				},
			)
			tt.p.ID = "yo"
			_, err := s.propio(oidc.WithCaller(t.Context(), tt.p), LeerPropio, leerPerfil)
			if (err == nil) != tt.deja || err != nil && !errors.Is(err, ErrPermiso) {
				t.Errorf("%v", err)
			}
			quiere := Decision{
				Actor:     "yo",
				Cliente:   "yo",
				Permiso:   LeerPropio,
				Permitida: tt.deja,
			}
			if len(vistas) != 1 || vistas[0] != quiere {
				t.Errorf("told %v, want %v", vistas, quiere)
			}
			if negados := len(libro); tt.deja != (negados == 0) {
				t.Errorf("recorded %+v", libro)
			}
		})
	}
	if _, err := New(Opciones{}).propio(t.Context(), LeerPropio, leerPerfil); !errors.Is(
		err,
		oidc.ErrNoToken,
	) {
		t.Errorf("nobody: %v", err)
	}
}

// TestTokensNeverActAsTheProgram: a token that names the program's role has none of
// its permissions, whichever way it asks.
func TestTokensNeverActAsTheProgram(t *testing.T) {
	s := New(Opciones{Rastro: &libro{}})
	for _, rol := range []string{"sistema", "Sistema", "SISTEMA"} {
		p := oidc.Principal{ID: "yo", Roles: []string{rol}}
		for _, permiso := range []Permiso{Contactar, Sellar} {
			if _, err := s.propio(oidc.WithCaller(t.Context(), p), permiso, leerPerfil); !errors.Is(err, ErrPermiso) {
				t.Errorf("%s may %s: %v", rol, permiso, err)
			}
		}
	}
}

func TestWhatAProviderSaysIsMadeToFit(t *testing.T) {
	larga := strings.Repeat("ñ", 200)
	nombres := map[string]string{
		"Ana Pérez":            "Ana Pérez",
		"  Ana \t\n Pérez\x00": "Ana Pérez",
		"":                     "",
		larga:                  larga[:2*nombreMax],
	}
	for dice, quiere := range nombres {
		if got := text.Clean(dice, nombreMax); got != quiere {
			t.Errorf("name %q, want %q", got, quiere)
		}
	}
	correos := map[string]string{
		" ana@example.com ": "ana@example.com", "ana": "", "@example.com": "", "ana@": "", "": "",
		"Ana <ana@example.com>": "", "ana@example.com\r\nBcc: x": "", "ana\u200b@example.com": "",
		"Jose\u0301@example.com": "José@example.com", strings.Repeat("a", 250) + "@b.ar": "",
	}
	for dice, quiere := range correos {
		if got := correoDe(dice); got != quiere {
			t.Errorf("e-mail %q, want %q", got, quiere)
		}
	}
}

package datos

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"despensa/platform/fault"
)

// campos are the fields of an ErrEnUso; nil: err is none.
func campos(t *testing.T, err error) (out []string) {
	t.Helper()
	if err == nil {
		return nil
	}
	f, ok := fault.As(err)
	if !ok || !errors.Is(err, ErrEnUso) || f.Kind != fault.Conflict {
		t.Fatalf("got %v, want ErrEnUso", err)
	}
	for _, c := range f.Fields {
		out = append(out, c.Location)
	}
	return out
}

func TestWhatIsUnique(t *testing.T) {
	const correo, documento = "body.correo", "body.documento"
	de := func(s string) *string { return &s }
	tests := map[string]struct {
		c          CambioPerfil
		quiere     []string // fields that are refused
		confirmado bool
	}{
		"own e-mail": {c: CambioPerfil{Correo: de("beto@correo.example")}},
		"a free one": {c: CambioPerfil{Correo: de("otro@correo.example")}},
		"none":       {c: CambioPerfil{Correo: de(""), Documento: de("")}},
		"another's e-mail": {
			c:      CambioPerfil{Correo: de("inés@correo.example")},
			quiere: []string{correo},
		},
		"in other capitals": {
			c:      CambioPerfil{Correo: de("INÉS@Correo.EXAMPLE")},
			quiere: []string{correo},
		},
		"in combining accents": {
			c:      CambioPerfil{Correo: de("ine\u0301s@correo.example")},
			quiere: []string{correo},
		},
		"without the accent": {c: CambioPerfil{Correo: de("ines@correo.example")}},
		"another's document": {
			c:      CambioPerfil{Documento: de("12345678")},
			quiere: []string{documento},
		},
		"written with points": {
			c:      CambioPerfil{Documento: de("12.345.678")},
			quiere: []string{documento},
		},
		"both": {c: CambioPerfil{Correo: de("inés@correo.example"), Documento: de("12345678")},
			quiere: []string{correo, documento}},
		"of an erased customer": {c: CambioPerfil{Correo: de("borrada@correo.example")}},
		"the provider says it is theirs": {
			c: CambioPerfil{
				Correo:     de("Inés@correo.example"),
				Confirmado: "inés@correo.example",
			},
			confirmado: true,
		},
		"the provider says another": {
			c: CambioPerfil{
				Correo:     de("inés@correo.example"),
				Confirmado: "beto@correo.example",
			},
			quiere: []string{correo},
		},
		"confirmed, and a name": {
			c:          CambioPerfil{Nombre: de("Beto"), Confirmado: "beto@correo.example"},
			confirmado: true,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t)
			b.crear(t, Alta{ID: "ines", Sub: "i", Correo: "inés@correo.example"})
			b.crear(t, Alta{ID: "beto", Sub: "b", Correo: "beto@correo.example"})
			b.crear(t, Alta{ID: "borrada", Sub: "x", Correo: "borrada@correo.example"})
			suyo := "12.345.678"
			if _, err := b.CambiarPerfil(t.Context(), "ines", CambioPerfil{Documento: &suyo}); err != nil {
				t.Fatal(err)
			}
			if err := b.sql(t, "delete from llaves where cliente = 'borrada'"); err != nil {
				t.Fatal(err)
			}
			antes, err := b.Perfil(t.Context(), "beto")
			if err != nil {
				t.Fatal(err)
			}
			p, err := b.CambiarPerfil(t.Context(), "beto", tt.c)
			if got := campos(t, err); !slices.Equal(got, tt.quiere) {
				t.Fatalf("refused for %v, want %v", got, tt.quiere)
			}
			ahora, err := b.Perfil(t.Context(), "beto")
			if err != nil || tt.quiere != nil && ahora != antes ||
				tt.quiere == nil && ahora != p {
				t.Errorf("stored %+v, answered %+v, %v", ahora, p, err)
			}
			if ahora.CorreoConfirmado != tt.confirmado {
				t.Errorf("confirmed: %v", ahora.CorreoConfirmado)
			}
			if p, err := b.Perfil(t.Context(), "ines"); err != nil ||
				p.Correo != "inés@correo.example" ||
				p.Documento != suyo {
				t.Errorf("the other customer is now %+v, %v", p, err)
			}
		})
	}
}

// TestAConfirmationIsOfOneEMail: another e-mail is not confirmed, nor is the old one when it comes back.
func TestAConfirmationIsOfOneEMail(t *testing.T) {
	b := nuevoBanco(t)
	suya := ana
	suya.CorreoConfirmado = true
	b.crear(t, suya)
	for i, paso := range []struct {
		correo     string
		confirmado bool
	}{{" ANA@correo.example", true}, {"otra@correo.example", false}, {ana.Correo, false}, {"", false}} {
		p, err := b.CambiarPerfil(t.Context(), "ana", CambioPerfil{Correo: &paso.correo})
		if err != nil || p.CorreoConfirmado != paso.confirmado {
			t.Errorf("%d: %+v %v", i, p, err)
		}
		if q, err := b.Perfil(t.Context(), "ana"); err != nil || q != p {
			t.Errorf("%d: stored %+v, answered %+v, %v", i, q, p, err)
		}
	}
}

func TestFirstSightWithAnothersEMail(t *testing.T) {
	for nombre, tt := range map[string]struct {
		alta   Alta
		correo string
	}{
		"confirmed": {Alta{ID: "beto", Sub: "b", Correo: "ANA@correo.example", CorreoConfirmado: true},
			"ANA@correo.example"},
		"not confirmed": {Alta{ID: "beto", Sub: "b", Correo: "ANA@correo.example"}, ""},
		"their own":     {Alta{ID: "beto", Sub: "b", Correo: "b@correo.example"}, "b@correo.example"},
	} {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t)
			b.crear(t, ana)
			b.crear(t, tt.alta)
			p, err := b.Perfil(t.Context(), "beto")
			if err != nil || p.Correo != tt.correo ||
				p.CorreoConfirmado != tt.alta.CorreoConfirmado {
				t.Errorf("%+v %v", p, err)
			}
		})
	}
}

// TestOneOfManyGetsAnEMail: of several customers that write the same e-mail and document at once, exactly one gets
// them.
func TestOneOfManyGetsAnEMail(t *testing.T) {
	const cuantos = 20
	b := nuevoBanco(t)
	for i := range cuantos {
		b.crear(t, Alta{ID: fmt.Sprint("c", i), Sub: fmt.Sprint("s", i)})
	}
	correo, documento := "todos@correo.example", "30111222"
	var bien atomic.Int64
	var wg sync.WaitGroup
	for i := range cuantos {
		wg.Go(func() {
			_, err := b.CambiarPerfil(
				t.Context(),
				fmt.Sprint("c", i),
				CambioPerfil{Correo: &correo, Documento: &documento},
			)
			switch {
			case err == nil:
				bien.Add(1)
			case !errors.Is(err, ErrEnUso):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if bien.Load() != 1 {
		t.Errorf("%d customers have the e-mail", bien.Load())
	}
}

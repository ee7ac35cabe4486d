package datos

import (
	"errors"
	"fmt"
	"testing"

	"despensa/modules/clientes"

	"gorm.io/gorm"
)

// deAntes turns a row into one of release 0.3.0: with the index of that release, of the e-mail as it was written, and
// without the present ones.
func (b *banco) deAntes(t *testing.T, id string) {
	t.Helper()
	p, err := b.Perfil(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	i, err := b.Maestra.ciego("clientes.correo", plano(p.Correo))
	if err != nil {
		t.Fatal(err)
	}
	err = b.sql(
		t,
		`update clientes set correo_indice = ?, correo_unico = null, documento_unico = null, `+
			`correo_confirmado = null, indizada = null where id = ?`,
		i,
		id,
	)
	if err != nil {
		t.Fatal(err)
	}
}

// esperan counts the rows without their indexes.
func (b *banco) esperan(t *testing.T) (n int64) {
	t.Helper()
	err := b.DB.Read(t.Context()).
		Model(&filaCliente{}).
		Where("indizada is null or indizada <> version").
		Count(&n).
		Error
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestIndexesOfOlderData: rows of earlier releases are judged like others before and after they have been indexed.
func TestIndexesOfOlderData(t *testing.T) {
	b := nuevoBanco(t)
	const muchos = 2*porIndizar + 3
	for i := range muchos {
		id := fmt.Sprintf("c%04d", i)
		b.crear(
			t,
			Alta{
				ID:     id,
				Sub:    fmt.Sprint(i),
				Correo: fmt.Sprintf("ine\u0301s%d@correo.example", i),
			},
		)
		b.deAntes(t, id)
	}
	b.crear(t, Alta{ID: "beto", Sub: "b"})
	ajeno := func(cuando string) {
		t.Helper()
		for _, correo := range []string{"inés5@correo.example", "INE\u0301S5@correo.example"} {
			if _, err := b.CambiarPerfil(t.Context(), "beto", CambioPerfil{Correo: &correo}); !errors.Is(
				err,
				ErrEnUso,
			) {
				t.Errorf("%s: %+q is another's: %v", cuando, correo, err)
			}
		}
	}
	ajeno("before")
	if err := b.sql(t, "delete from llaves where cliente = 'c0003'"); err != nil { // erased
		t.Fatal(err)
	}
	if err := b.sql(t, "update clientes set correo = nombre, nombre = correo where id = 'c0004'"); err != nil { // damaged
		t.Fatal(err)
	}
	hechas, ilegibles, err := b.Indizar(t.Context())
	if err != nil || hechas != muchos-1 || ilegibles != 1 || b.esperan(t) != 1 {
		t.Fatalf("%d done, %d unreadable, %d wait, %v", hechas, ilegibles, b.esperan(t), err)
	}
	ajeno("after")
	if _, err := b.Perfil(t.Context(), "c0003"); !errors.Is(err, clientes.ErrSinClave) {
		t.Errorf("erased: %v", err)
	}
	p, err := b.Perfil(t.Context(), "c0006")
	if err != nil || p.Correo != "ine\u0301s6@correo.example" || p.Version != 1 ||
		p.CorreoConfirmado {
		t.Errorf("%+v %v", p, err)
	}
	if hechas, _, err = b.Indizar(t.Context()); err != nil || hechas != 0 {
		t.Errorf("done twice: %d, %v", hechas, err)
	}
}

// TestIndexesAfterAnEarlierRelease: a process of release 0.3.0 changes a row that has its indexes; they are computed
// again, and a confirmation of the former e-mail is gone.
func TestIndexesAfterAnEarlierRelease(t *testing.T) {
	b := nuevoBanco(t)
	suya := ana
	suya.CorreoConfirmado = true
	b.crear(t, suya)
	b.crear(t, Alta{ID: "beto", Sub: "b"})
	err := b.DB.Write(
		t.Context(),
		"prueba",
		func(tx *gorm.DB) error { // as CambiarPerfil of 0.3.0 writes
			var f filaCliente
			if err := conLlave(tx, "clientes", "clientes.id").Where("clientes.id = 'ana'").Take(&f).Error; err != nil {
				return err
			}
			k, err := b.llave("ana", f.Envoltura)
			if err != nil {
				return err
			}
			antes := f
			if err := b.fila(&f, Perfil{Nombre: "Ana", Correo: "nueva@correo.example"}, k); err != nil {
				return err
			}
			f.CorreoUnico, f.DocumentoUnico = antes.CorreoUnico, antes.DocumentoUnico
			f.CorreoConfirmado, f.Indizada = antes.CorreoConfirmado, antes.Indizada
			return guardar(tx, &f, "ana", &f.Version)
		},
	)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := b.Perfil(t.Context(), "ana"); err != nil || p.CorreoConfirmado ||
		p.Correo != "nueva@correo.example" {
		t.Errorf("%+v %v", p, err)
	}
	for _, cuando := range []string{"before", "after"} {
		nueva := "nueva@correo.example"
		if _, err := b.CambiarPerfil(t.Context(), "beto", CambioPerfil{Correo: &nueva}); !errors.Is(
			err,
			ErrEnUso,
		) {
			t.Errorf("%s: %v", cuando, err)
		}
		if hechas, _, err := b.Indizar(t.Context()); cuando == "before" &&
			(err != nil || hechas != 1) {
			t.Errorf("%d done, %v", hechas, err)
		}
	}
	if _, err := b.CambiarPerfil(t.Context(), "beto", CambioPerfil{Correo: &ana.Correo}); err != nil {
		t.Errorf("the former e-mail is free: %v", err)
	}
}

// TestTwoCustomersOfOlderDataShareAnEMail: both keep it and may change the rest; a third one may not have it.
func TestTwoCustomersOfOlderDataShareAnEMail(t *testing.T) {
	b := nuevoBanco(t)
	comun := "familia@correo.example"
	for _, id := range []string{"ana", "beto"} {
		// The provider says so of both.
		b.crear(t, Alta{ID: id, Sub: id, Correo: comun, CorreoConfirmado: true})
		b.deAntes(t, id)
	}
	b.crear(t, Alta{ID: "caro", Sub: "c"})
	if hechas, _, err := b.Indizar(t.Context()); err != nil || hechas != 2 {
		t.Fatalf("%d done, %v", hechas, err)
	}
	nombre := "Otro"
	for id, quiere := range map[string]error{"ana": nil, "beto": nil, "caro": ErrEnUso} {
		_, err := b.CambiarPerfil(
			t.Context(),
			id,
			CambioPerfil{Nombre: &nombre, Correo: &comun},
		)
		if !errors.Is(err, quiere) {
			t.Errorf("%s: %v", id, err)
		}
	}
}

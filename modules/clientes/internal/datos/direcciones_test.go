package datos

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"despensa/modules/clientes"
)

func TestCrearDireccionOnce(t *testing.T) {
	b := nuevoBanco(t)
	b.crear(t, ana)
	b.crear(t, Alta{ID: "beto", Sub: "b"})
	d, repetida, err := b.CrearDireccion(t.Context(), casa)
	if err != nil || repetida {
		t.Fatal(repetida, err)
	}
	d2, repetida, err := b.CrearDireccion(t.Context(), casa)
	if err != nil || !repetida || d2 != d {
		t.Errorf("again: %+v %v %v", d2, repetida, err)
	}
	otra := casa
	otra.Llave.Fingerprint = "h2"
	if _, _, err := b.CrearDireccion(t.Context(), otra); !errors.Is(err, ErrHuella) {
		t.Errorf("other body: %v", err)
	}
	ajena := casa
	ajena.Cliente = "beto"
	if _, _, err := b.CrearDireccion(t.Context(), ajena); !errors.Is(err, ErrHuella) {
		t.Errorf("other customer: %v", err)
	}
	nadie := casa
	nadie.Cliente = "nadie"
	if _, _, err := b.CrearDireccion(t.Context(), nadie); !errors.Is(err, clientes.ErrNoExiste) {
		t.Errorf("unknown customer: %v", err)
	}
}

func TestDeletedIsNotBroughtBackByItsKey(t *testing.T) {
	b := nuevoBanco(t)
	b.crear(t, ana)
	if _, _, err := b.CrearDireccion(t.Context(), casa); err != nil {
		t.Fatal(err)
	}
	dos := []int64{2}
	if err := b.BorrarDireccion(t.Context(), "ana", "casa", dos); !errors.Is(err, ErrVersion) {
		t.Errorf("other version: %v", err)
	}
	if err := b.BorrarDireccion(t.Context(), "beto", "casa", nil); !errors.Is(err, ErrDireccionNoExiste) {
		t.Errorf("somebody else: %v", err)
	}
	if err := b.BorrarDireccion(t.Context(), "ana", "casa", nil); err != nil {
		t.Fatal(err)
	}
	_, errVer := b.Direccion(t.Context(), "ana", "casa")
	_, errCambiar := b.CambiarDireccion(t.Context(), "ana", "casa", CambioDireccion{})
	errBorrar := b.BorrarDireccion(t.Context(), "ana", "casa", nil)
	_, _, errRepetir := b.CrearDireccion(t.Context(), casa)
	for i, err := range []error{errVer, errCambiar, errBorrar, errRepetir} {
		if !errors.Is(err, ErrDireccionNoExiste) {
			t.Errorf("%d: %v, want ErrDireccionNoExiste", i, err)
		}
	}
	var f filaDireccion
	err := b.DB.Read(t.Context()).Omit("Envoltura").Take(&f).Error
	if err != nil || f.Calle != nil || f.Punto != nil || f.Nombre != nil || f.Notas != nil {
		t.Errorf("a deleted address leaves %+v, %v", f, err)
	}
	if err := b.Purgar(t.Context(), lunes); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.CrearDireccion(t.Context(), casa); !errors.Is(err, ErrDireccionNoExiste) {
		t.Errorf("forgotten too early: %v", err)
	}
	if err := b.Purgar(t.Context(), lunes.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, repetida, err := b.CrearDireccion(t.Context(), casa); err != nil || repetida {
		t.Errorf("after the purge: %v %v", repetida, err)
	}
}

func TestDireccionesOfOthers(t *testing.T) {
	b := nuevoBanco(t)
	b.crear(t, ana)
	b.crear(t, Alta{ID: "beto", Sub: "b"})
	if _, _, err := b.CrearDireccion(t.Context(), casa); err != nil {
		t.Fatal(err)
	}
	_, errAjena := b.Direccion(t.Context(), "beto", "casa")
	_, errNada := b.Direccion(t.Context(), "beto", "nada")
	_, errCambio := b.CambiarDireccion(t.Context(), "beto", "casa", CambioDireccion{})
	for _, err := range []error{errAjena, errNada, errCambio} {
		if !errors.Is(err, ErrDireccionNoExiste) {
			t.Errorf("%v", err)
		}
	}
	if ds, err := b.Direcciones(t.Context(), "beto", nil, 10); err != nil || len(ds) != 0 {
		t.Errorf("%v %v", ds, err)
	}
}

func TestAtMostSoManyDirecciones(t *testing.T) {
	b := nuevoBanco(t)
	b.crear(t, ana)
	var hechas, negadas atomic.Int64
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			n := casa
			n.Llave = de(fmt.Sprint("k", i), "h")
			_, _, err := b.CrearDireccion(t.Context(), n)
			switch {
			case err == nil:
				hechas.Add(1)
			case errors.Is(err, ErrDemasiadas):
				negadas.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if hechas.Load() != 3 || negadas.Load() != 9 {
		t.Fatalf("%d made, %d refused", hechas.Load(), negadas.Load())
	}
	ds, err := b.Direcciones(t.Context(), "ana", nil, 10)
	if err != nil || len(ds) != 3 {
		t.Fatal(ds, err)
	}
	if err := b.BorrarDireccion(t.Context(), "ana", ds[0].ID, nil); err != nil {
		t.Fatal(err)
	}
	n := casa
	n.Llave = de("otra", "h")
	if _, _, err := b.CrearDireccion(t.Context(), n); err != nil {
		t.Errorf("there is room again: %v", err)
	}
	if _, repetida, err := b.CrearDireccion(t.Context(), n); err != nil || !repetida {
		t.Errorf("a repetition needs no room: %v %v", repetida, err)
	}
}

func TestSameKeyAtOnce(t *testing.T) {
	b := nuevoBanco(t)
	b.crear(t, ana)
	var nuevas atomic.Int64
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			_, repetida, err := b.CrearDireccion(t.Context(), casa)
			if err != nil {
				t.Error(err)
			}
			if !repetida {
				nuevas.Add(1)
			}
		})
	}
	wg.Wait()
	if nuevas.Load() != 1 {
		t.Errorf("%d made, want 1", nuevas.Load())
	}
}

func TestPagesOfDirecciones(t *testing.T) {
	b := nuevoBanco(t)
	b.crear(t, ana)
	for _, k := range []string{"a", "b", "c"} {
		n := casa
		n.Llave = de(k, "h")
		if _, _, err := b.CrearDireccion(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.sql(t, "update direcciones set creado = 7 where id in ('a', 'b')"); err != nil {
		t.Fatal(err)
	}
	var orden []string
	var desde *Cursor
	for range 4 {
		ds, err := b.Direcciones(t.Context(), "ana", desde, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range ds {
			orden = append(orden, d.ID)
			desde = &Cursor{Creado: d.Creado, ID: d.ID}
		}
	}
	if got := strings.Join(orden, ""); got != "cba" {
		t.Errorf("order %q, want newest first, then by id", got)
	}
}

func TestCambiarDireccion(t *testing.T) {
	b := nuevoBanco(t)
	b.crear(t, ana)
	antes, _, err := b.CrearDireccion(t.Context(), casa)
	if err != nil {
		t.Fatal(err)
	}
	uno, notas, lat := []int64{3, 1}, "", 0.0
	d, err := b.CambiarDireccion(
		t.Context(),
		"ana",
		"casa",
		CambioDireccion{Notas: &notas, Lat: &lat, Versiones: uno},
	)
	quiere := antes
	quiere.Notas, quiere.Lat, quiere.Version = "", 0, 2
	if err != nil || d != quiere {
		t.Fatalf("%+v, want %+v, %v", d, quiere, err)
	}
	if leida, err := b.Direccion(t.Context(), "ana", "casa"); err != nil || leida != d {
		t.Errorf("stored %+v %v", leida, err)
	}
	_, err = b.CambiarDireccion(t.Context(), "ana", "casa", CambioDireccion{Versiones: uno})
	if !errors.Is(err, ErrVersion) {
		t.Errorf("stale: %v", err)
	}
}

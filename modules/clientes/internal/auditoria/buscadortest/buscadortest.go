// Package buscadortest is the conformance suite of auditoria.Buscador: every place where the trail is searched passes
// it.
package buscadortest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"despensa/modules/clientes/internal/auditoria"
	"despensa/platform/audit"

	"github.com/google/go-cmp/cmp"
)

// Alba is when the first record of a Cadena is from.
var Alba = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

// Cadena makes records 1 to n of a chain, one each second, with porIndice records to an index. The actors a0 to a2 and
// the customers c0 to c4 come in turn; every fourth record is a refusal.
func Cadena(n, porIndice int) []auditoria.Asiento {
	as := make([]auditoria.Asiento, n)
	var anterior auditoria.Huella
	for i := range as {
		s := auditoria.Asiento{
			Numero: int64(i + 1), ID: fmt.Sprintf("0198c0de-0000-7000-8000-%012d", i+1),
			En: Alba.Add(time.Duration(i) * time.Second),
			Actor: fmt.Sprintf(
				"a%d",
				i%3,
			), Rol: "operador", Accion: "leer", Clase: "pedido", Recurso: fmt.Sprintf("p%d", i%7),
			Cliente:   fmt.Sprintf("c%d", i%5),
			Resultado: audit.Allowed,
			Solicitud: "s",
			Veces:     1,
			Indice:    fmt.Sprintf("2026.03.03-%06d", i/porIndice+1), Anterior: anterior,
		}
		if i%4 == 0 {
			s.Resultado, s.Accion = audit.Denied, "cambiar"
		}
		s.Hash = s.Enlazar()
		as[i], anterior = s, s.Hash
	}
	return as
}

// Probar runs the suite; nuevo gives an empty place that ends with the test.
func Probar(t *testing.T, nuevo func(t *testing.T) auditoria.Buscador) {
	for nombre, f := range map[string]func(t *testing.T, d auditoria.Buscador){
		"empty": vacio, "order": orden, "repeats": repetidos, "races": carreras, "rollover": cambio, "filters": filtros,
		"pages": paginas, "removal": borrado, "cancelled": cancelado,
	} {
		t.Run(nombre, func(t *testing.T) { f(t, nuevo(t)) })
	}
}

func enviar(t *testing.T, buscador auditoria.Buscador, asientos []auditoria.Asiento) {
	t.Helper()
	if err := buscador.Enviar(t.Context(), asientos); err != nil {
		t.Fatal(err)
	}
}

// buscar searches with Fresca, so that it finds every record that was sent.
func buscar(
	t *testing.T,
	buscador auditoria.Buscador,
	consulta auditoria.Consulta,
) []auditoria.Asiento {
	t.Helper()
	consulta.Fresca = true
	as, err := buscador.Buscar(t.Context(), consulta)
	if err != nil {
		t.Fatal(err)
	}
	return as
}

func todos(t *testing.T, buscador auditoria.Buscador) []auditoria.Asiento {
	t.Helper()
	return buscar(t, buscador, auditoria.Consulta{Ascendente: true, Limite: 1000})
}

func iguales(t *testing.T, que string, hay, quiere []auditoria.Asiento) {
	t.Helper()
	if len(hay) == 0 && len(quiere) == 0 {
		return
	}
	if d := cmp.Diff(quiere, hay); d != "" {
		t.Errorf("%s (-want +got):\n%s", que, d)
	}
}

func vacio(t *testing.T, buscador auditoria.Buscador) {
	iguales(t, "nothing was sent", todos(t, buscador), nil)
	enviar(t, buscador, nil)
	iguales(t, "an empty batch", todos(t, buscador), nil)
	if err := buscador.Borrar(t.Context(), "2026.03.03-000001"); err != nil {
		t.Errorf("an index that is not there: %v", err)
	}
}

// orden: every record that was sent is found unchanged, in the order of the numbers, ascending and descending.
func orden(t *testing.T, buscador auditoria.Buscador) {
	as := Cadena(25, 100)
	as[3].Veces, as[3].Actor, as[3].Cliente = 1234567, "", ""
	as[4].En = as[4].En.Add(7 * time.Millisecond)
	enviar(t, buscador, as[:10])
	enviar(t, buscador, as[10:])
	iguales(t, "oldest first", todos(t, buscador), as)
	reves := slices.Clone(as)
	slices.Reverse(reves)
	iguales(t, "newest first", buscar(t, buscador, auditoria.Consulta{Limite: 1000}), reves)
}

func repetidos(t *testing.T, buscador auditoria.Buscador) {
	as := Cadena(20, 100)
	enviar(t, buscador, as[:12])
	enviar(t, buscador, as[5:]) // some again
	enviar(t, buscador, as)     // all again
	otro := as[7]
	otro.Actor = "z" // its hash does not fit any more, and it is not taken
	enviar(t, buscador, []auditoria.Asiento{otro})
	iguales(t, "each once, as first sent", todos(t, buscador), as)
}

// carreras: two senders of the same and of overlapping batches at the same time leave each record once.
func carreras(t *testing.T, buscador auditoria.Buscador) {
	as := Cadena(60, 25)
	var wg sync.WaitGroup
	for k := range 6 {
		wg.Go(func() {
			for i := 0; i < len(as); i += 10 {
				if err := buscador.Enviar(t.Context(), as[max(0, i-k):min(len(as), i+10)]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	iguales(t, "each once", todos(t, buscador), as)
}

// cambio: a record that is sent again after the next index has begun is stored once.
func cambio(t *testing.T, buscador auditoria.Buscador) {
	as := Cadena(30, 10)
	enviar(t, buscador, as[:10])
	enviar(t, buscador, as[10:20])
	enviar(t, buscador, as[:20])
	enviar(t, buscador, as[5:])
	iguales(t, "over three indices", todos(t, buscador), as)
}

func filtros(t *testing.T, buscador auditoria.Buscador) {
	as := Cadena(60, 25)
	enviar(t, buscador, as)
	for nombre, f := range map[string]auditoria.Filtro{
		"none": {}, "actor": {Actor: "a1"}, "customer": {Cliente: "c2"}, "action": {Accion: "cambiar"},
		"kind":     {Clase: "pedido"},
		"resource": {Recurso: "p3"}, "outcome": {Resultado: audit.Denied}, "from": {Desde: as[20].En},
		"until":   {Hasta: as[20].En},
		"between": {Desde: as[10].En, Hasta: as[40].En},
		"several": {Actor: "a0", Resultado: audit.Allowed, Hasta: as[50].En},
		"nobody":  {Actor: "zz"}, "a part of a word": {Accion: "camb"}, "a pattern": {Accion: "camb*"},
		"other case": {Accion: "CAMBIAR"},
	} {
		quiere := slices.DeleteFunc(
			slices.Clone(as),
			func(s auditoria.Asiento) bool { return !pasa(f, s) },
		)
		iguales(
			t,
			nombre,
			buscar(t, buscador, auditoria.Consulta{Filtro: f, Ascendente: true, Limite: 1000}),
			quiere,
		)
	}
}

// pasa reports whether the filter filtro selects the record asiento: the meaning of each member of auditoria.Filtro.
func pasa(filtro auditoria.Filtro, asiento auditoria.Asiento) bool {
	es := func(pide, hay string) bool { return pide == "" || pide == hay }
	return es(filtro.Actor, asiento.Actor) && es(filtro.Cliente, asiento.Cliente) &&
		es(filtro.Accion, asiento.Accion) &&
		es(filtro.Clase, asiento.Clase) &&
		es(filtro.Recurso, asiento.Recurso) &&
		es(string(filtro.Resultado), string(asiento.Resultado)) &&
		!asiento.En.Before(filtro.Desde) &&
		(filtro.Hasta.IsZero() || asiento.En.Before(filtro.Hasta))
}

// Pages have neither gaps nor repeats, also while records arrive.
func paginas(t *testing.T, buscador auditoria.Buscador) {
	as := Cadena(53, 20)
	enviar(t, buscador, as[:50])
	for _, ascendente := range []bool{true, false} {
		c := auditoria.Consulta{Ascendente: ascendente, Limite: 7}
		var hay []int64
		for {
			p := buscar(t, buscador, c)
			if len(p) > 7 {
				t.Fatalf("a page of %d", len(p))
			}
			for _, s := range p {
				hay = append(hay, s.Numero)
			}
			if len(p) < 7 {
				break
			}
			c.Tras = p[len(p)-1].Numero
			if !ascendente {
				enviar(t, buscador, as[50:]) // in front of the first page
			}
		}
		if !ascendente {
			slices.Reverse(hay)
		}
		if len(hay) != 50 || hay[0] != 1 || hay[49] != 50 || !slices.IsSorted(hay) ||
			len(slices.Compact(hay)) != 50 {
			t.Errorf("ascending %v: %v", ascendente, hay)
		}
	}
}

func borrado(t *testing.T, buscador auditoria.Buscador) {
	as := Cadena(30, 10)
	enviar(t, buscador, as)
	for range 2 {
		if err := buscador.Borrar(t.Context(), as[0].Indice); err != nil {
			t.Fatal(err)
		}
		iguales(t, "two indices are left", todos(t, buscador), as[10:])
	}
}

// cancelado: a caller with a context that ends gets the error of that context, and a failure of the place is
// auditoria.ErrBuscador.
func cancelado(t *testing.T, buscador auditoria.Buscador) {
	ctx, soltar := context.WithCancel(t.Context())
	soltar()
	_, err := buscador.Buscar(ctx, auditoria.Consulta{Limite: 1, Fresca: true})
	for que, err := range map[string]error{
		"search": err,
		"send":   buscador.Enviar(ctx, Cadena(1, 1)),
		"remove": buscador.Borrar(ctx, "2026.03.03-000001"),
	} {
		if !errors.Is(err, context.Canceled) || !errors.Is(err, auditoria.ErrBuscador) {
			t.Errorf("%s: %v", que, err)
		}
	}
	enviar(t, buscador, Cadena(3, 100))
	iguales(t, "afterwards", todos(t, buscador), Cadena(3, 100))
}

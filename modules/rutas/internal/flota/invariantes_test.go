package flota

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"despensa/modules/rutas"
	"despensa/platform/sqldb"
	"despensa/platform/sqldb/sqldbtest"

	"pgregory.net/rapid"
)

// modelo is the expected state of one key after the calls made so far.
type modelo struct{ reservada, enterrada bool }

// TestAnyOrderOfCallsKeepsTheRoom makes the calls of a few orders in any order and
// compares each answer and the room with a model.
func TestAnyOrderOfCallsKeepsTheRoom(t *testing.T) {
	m := nuevoMundo(t, nil)
	d := m.deposito()
	m.turno(m.camion(d, nil), 0, 12, 500)
	serie := 0
	rapid.Check(t, func(rt *rapid.T) {
		serie++
		modelos := map[string]*modelo{}
		for range rapid.IntRange(1, 12).Draw(rt, "calls") {
			pedido := fmt.Sprint(serie, ".", rapid.IntRange(0, 2).Draw(rt, "order"))
			if modelos[pedido] == nil {
				modelos[pedido] = &modelo{}
			}
			llamar(rt, m, d, pedido, modelos[pedido], rapid.IntRange(0, 2).Draw(rt, "call"))
		}
		if err := cuadra(m.Flota.db.Read(m.ctx)); err != "" {
			rt.Fatal(err)
		}
		for pedido := range modelos { // leaves the truck empty for the next series
			m.bien(m.Liberar(m.ctx, clave(pedido)))
		}
	})
}

func llamar(
	rt *rapid.T,
	mundo *mundo,
	deposito Deposito,
	pedido string,
	o *modelo,
	llamada int,
) {
	var err, want error
	switch llamada {
	case 0:
		_, err = mundo.Reservar(mundo.ctx, mundo.encargo(deposito, pedido))
		if o.enterrada {
			want = rutas.ErrLiberada
		}
		o.reservada = o.reservada || !o.enterrada
	case 1:
		_, err = mundo.Asegurar(mundo.ctx, clave(pedido))
		switch {
		case o.enterrada:
			want = rutas.ErrLiberada
		case !o.reservada:
			want = rutas.ErrSinVisita
		}
	case 2:
		err = mundo.Liberar(mundo.ctx, clave(pedido))
		*o = modelo{enterrada: true}
	}
	if !errors.Is(err, want) {
		rt.Fatalf("call %d of %s: %v, want %v", llamada, pedido, err, want)
	}
}

var errInterrumpida = errors.New("the process has ended")

// TestEveryCutLeavesTheBooksRight ends the process at each boundary of a life of two
// orders, before an effect and after it, starts again from the beginning, and compares.
func TestEveryCutLeavesTheBooksRight(t *testing.T) {
	cortes := 0
	for n := 1; ; n++ {
		if !vidaInterrumpida(t, n) {
			break
		}
		cortes++
	}
	if cortes != 14 { // seven effects, before and after each
		t.Errorf("%d boundaries, want 14", cortes)
	}
	t.Logf("%d boundaries", cortes)
}

// vidaInterrumpida cuts the life at its n-th boundary; false when the life has fewer boundaries.
func vidaInterrumpida(t *testing.T, n int) bool {
	sitio := sqldbtest.New(t, "rutas")
	m := abrirMundo(t, sitio, nil)
	d := m.deposito()
	c := m.camion(d, nil)
	m.turno(c, 0, 12, 2)
	visto, activo := 0, true
	cortado := abrirMundo(t, sitio, func(string, sqldb.Moment) error {
		if visto++; activo && visto == n {
			return errInterrumpida
		}
		return nil
	})
	err := vida(cortado, d, c)
	hubo := errors.Is(err, errInterrumpida)
	activo = false
	if hubo {
		err = vida(cortado, d, c)
	}
	if err != nil {
		t.Fatalf("cut %d: %v", n, err)
	}
	if m.estado("a") != rutas.Entregada || m.estado("b") != rutas.Liberada {
		t.Fatalf("cut %d: a %s, b %s", n, m.estado("a"), m.estado("b"))
	}
	if avisos := m.avisos(); avisos != 3 {
		t.Fatalf("cut %d: %d notices, want 3", n, avisos)
	}
	m.cuadra()
	return hubo
}

// vida makes every call twice, like a caller that has lost the first answer.
func vida(mundo *mundo, deposito Deposito, camion Camion) error {
	ctx := context.Background()
	for _, pedido := range []string{"a", "b"} {
		_, err := mundo.Reservar(ctx, mundo.encargo(deposito, pedido))
		if err != nil && (pedido == "a" || !errors.Is(err, rutas.ErrLiberada)) {
			return err
		}
	}
	v, err := mundo.Asegurar(ctx, clave("a"))
	if err != nil {
		return err
	}
	if err := mundo.Liberar(ctx, clave("b")); err != nil {
		return err
	}
	if _, err := mundo.Salir(ctx, Salida{Camion: camion.ID, Quien: todos, Llave: claveFija("salida")}); err != nil {
		return err
	}
	for _, p := range []ClaseDeParte{Llegada, Entrega} {
		parte := ParteDeVisita{
			Visita: v.ID,
			Clase:  p,
			Quien:  todos,
			Llave:  claveFija(string(p)),
		}
		if _, _, err := mundo.DarParte(ctx, parte); err != nil {
			return err
		}
	}
	_, err = mundo.CerrarTurnos(ctx)
	return err
}

func TestTheRulesOfAShift(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		largo := time.Duration(rapid.IntRange(1, 24*60).Draw(rt, "minutes")) * time.Minute
		tu := Turno{
			Inicio: time.Unix(0, 0),
			Fin:    time.Unix(0, 0).Add(largo),
			Estado: TurnoAbierto,
			Activo: true,
			Franja: largoFranja(
				largo,
				time.Duration(rapid.IntRange(1, 600).Draw(rt, "window"))*time.Minute,
			),
		}
		fin := tu.Inicio
		for i := range maxVentanas {
			if v, ok := tu.ventana(i); ok {
				if !v.Desde.Equal(fin) || !v.Hasta.After(v.Desde) {
					rt.Fatalf("window %d: %v after %v", i, v, fin)
				}
				fin = v.Hasta
			}
		}
		if !fin.Equal(tu.Fin) {
			rt.Fatalf("the windows end at %v, the shift at %v", fin, tu.Fin)
		}
	})
}

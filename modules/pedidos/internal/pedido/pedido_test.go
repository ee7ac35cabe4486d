package pedido

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"despensa/platform/money"
)

var t0 = time.Date(2026, 11, 1, 12, 0, 0, 123_456_789, time.UTC)

func linea(n int64, total money.Centavos) Linea {
	neto, iva := money.IVA21.Split(total)
	return Linea{
		Producto: fmt.Sprint(n),
		Nombre:   "x",
		Cantidad: 1,
		Precio:   total,
		Tasa:     money.IVA21,
		Neto:     neto,
		IVA:      iva,
		Total:    total,
	}
}

func pedidoNuevo() *Pedido {
	return Crear(Nuevo{
		ID:      "0198c0de-0000-7000-8000-000000000001",
		Cliente: "c",
		Huella:  "h",
		Lineas:  []Linea{linea(1, 121_00), linea(2, 242_00)},
		Envio:   linea(0, 12_10),
		Pago:    Pago{Metodo: "tarjeta_credito", Token: "tok"},
		Ahora:   t0,
	})
}

// hasta takes a new order along the shortest way to e.
func hasta(t *testing.T, estado Estado) *Pedido {
	t.Helper()
	p := pedidoNuevo()
	if estado == Fallido {
		sin(t, p.Fallar("sin-stock", t0))
		return p
	}
	for _, paso := range camino(t, estado) {
		sin(t, p.Avanzar(paso, t0))
		if p.Estado == Confirmado {
			p.Pago.Cobrado = p.Total
		}
	}
	return p
}

// sencillos are the steps that need nothing but the machine's leave.
func sencillos() (out []Paso) {
	for _, f := range transiciones {
		if !slices.Contains([]Paso{Fallar, Reintentar, Rechazar, Cancelar, Devolver}, f.paso) {
			out = append(out, f.paso)
		}
	}
	return out
}

// camino is the shortest way from creado to e by sencillos.
func camino(t *testing.T, estado Estado) []Paso {
	t.Helper()
	caminos := map[Estado][]Paso{Creado: {}}
	for cola := []Estado{Creado}; len(cola) > 0; cola = cola[1:] {
		for _, paso := range sencillos() {
			a, err := siguiente(cola[0], paso)
			if _, visto := caminos[a]; err != nil || visto {
				continue
			}
			caminos[a] = append(slices.Clone(caminos[cola[0]]), paso)
			cola = append(cola, a)
		}
	}
	pasos, ok := caminos[estado]
	if !ok {
		t.Fatalf("no way to %s", estado)
	}
	return pasos
}

func sin(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("unexpected error: %v", err)
	}
}

func es(t *testing.T, que string, err, quiero error) {
	t.Helper()
	if !errors.Is(err, quiero) {
		t.Errorf("%s: got %v, want %v", que, err, quiero)
	}
}

func TestCrear(t *testing.T) {
	p := pedidoNuevo()
	if p.Estado != Creado || p.Intento != 1 || p.Version != 1 || len(p.Eventos) != 1 || p.Eventos[0].Seq != 1 ||
		p.Debe == nil ||
		!p.Debe.Equal(p.Creado) ||
		p.Creado.Nanosecond() != 123_000_000 {
		t.Errorf("a new order is not one: %+v", p)
	}
	if p.Total != 375_10 || p.Neto+p.IVA != p.Total || p.Envio != 12_10 {
		t.Errorf("sums: neto %d, iva %d, envio %d, total %d", p.Neto, p.IVA, p.Envio, p.Total)
	}
	if len(p.Intentos) != 1 || p.Intentos[0].Numero != 1 || len(p.Intentos[0].Lineas) != 2 {
		t.Errorf("the first intento: %+v", p.Intentos)
	}
}

// TestTercerFallo: the third failure rejects the order, and no retry follows.
func TestTercerFallo(t *testing.T) {
	p := pedidoNuevo()
	for n := int64(1); n <= MaxIntentos; n++ {
		sin(t, p.Fallar("sin-stock", t0))
		if n == MaxIntentos {
			break
		}
		if p.Estado != Fallido || p.Intento != n || p.Pago.Token != "tok" {
			t.Fatalf("after failure %d: %s, intento %d", n, p.Estado, p.Intento)
		}
		sin(t, p.PedirReintento(Cambios{}, t0))
		sin(t, p.Deshecho(n, t0))
	}
	if p.Estado != Rechazado || p.Intento != 3 {
		t.Errorf("after the third failure: %s, intento %d", p.Estado, p.Intento)
	}
	ultimos := p.Eventos[len(p.Eventos)-2:]
	if ultimos[0].Tipo != "fallar" || ultimos[1].Tipo != "rechazar" ||
		ultimos[1].De != Fallido {
		t.Errorf("the last events: %+v", ultimos)
	}
	es(t, "a fourth", p.PedirReintento(Cambios{}, t0), ErrPaso)
}

// TestToken: a card's token outlives a failure that came before the gateway saw it.
func TestToken(t *testing.T) {
	p := hasta(t, Preprocesado)
	p.Pago.MarcaDeTarjeta = "visa"
	sin(t, p.Fallar("pago-rechazado", t0))
	if p.Pago.Token != "" {
		t.Error("a token that was used is kept")
	}
	es(t, "the same card again", p.PedirReintento(Cambios{}, t0), ErrToken)
	sin(
		t,
		p.PedirReintento(
			Cambios{Pago: &Pago{Metodo: "tarjeta_debito", Token: "t2", MarcaDeTarjeta: "visa"}},
			t0,
		),
	)

	p = pedidoNuevo()
	sin(t, p.Fallar("sin-stock", t0))
	sin(t, p.Rechazar(t0))
	if p.Pago.Token != "" {
		t.Error("the token of an order that is over is kept")
	}
}

// TestReintento: a retry waits until the last intento is undone, and then takes over the changes that it brings.
func TestReintento(t *testing.T) {
	nuevas, envio := []Linea{linea(3, 24_20)}, linea(0, 0)
	ventana := &Ventana{Desde: t0, Hasta: t0.Add(time.Hour)}
	otra := &Pago{Metodo: "tarjeta_debito", Token: "t2"}
	casos := map[string]struct {
		c      Cambios
		total  money.Centavos
		token  string
		metodo string
	}{
		"nothing new": {Cambios{}, 375_10, "tok", "tarjeta_credito"},
		"other lines": {
			Cambios{Lineas: nuevas, Envio: &envio},
			24_20,
			"tok",
			"tarjeta_credito",
		},
		"other lines, same fee": {Cambios{Lineas: nuevas}, 36_30, "tok", "tarjeta_credito"},
		"another card":          {Cambios{Pago: otra}, 375_10, "t2", "tarjeta_debito"},
		"another window":        {Cambios{Ventana: ventana}, 375_10, "tok", "tarjeta_credito"},
	}
	for nombre, c := range casos {
		t.Run(nombre, func(t *testing.T) {
			p := hasta(t, Fallido)
			p.Entrega = Entrega{Visita: 1, Camion: "c"}
			sin(t, p.PedirReintento(c.c, t0))
			if p.Estado != Fallido || p.IntentoVisible() != 2 || p.Intento != 1 {
				t.Fatalf(
					"a retry began before the last intento was undone: %s, %d",
					p.Estado,
					p.Intento,
				)
			}
			es(t, "a second retry", p.PedirReintento(c.c, t0), ErrIntentos)
			es(t, "giving up on it", p.Rechazar(t0), ErrPaso)
			sin(t, p.Deshecho(1, t0))
			if p.Estado != Creado || p.Intento != 2 || p.IntentoVisible() != 2 ||
				p.Motivo != "" || p.Entrega != (Entrega{}) || p.Pedida != nil {
				t.Errorf("the next intento: %+v", p)
			}
			if p.Total != c.total || p.Neto+p.IVA != p.Total ||
				p.Pago.Token != c.token || p.Pago.Metodo != c.metodo || p.Ventana != c.c.Ventana {
				t.Errorf("total %d (neto %d, iva %d), pago %+v", p.Total, p.Neto, p.IVA, p.Pago)
			}
		})
	}
	t.Run("at once when undone", func(t *testing.T) {
		p := hasta(t, Fallido)
		sin(t, p.Deshecho(1, t0))
		sin(t, p.PedirReintento(Cambios{}, t0))
		if p.Estado != Creado || p.Intento != 2 {
			t.Errorf("%s, intento %d", p.Estado, p.Intento)
		}
	})
	t.Run("given up in time", func(t *testing.T) {
		p := hasta(t, Fallido)
		sin(t, p.Rechazar(t0))
		if p.Estado != Rechazado || p.Motivo != "sin-stock" {
			t.Errorf("%s for %q", p.Estado, p.Motivo)
		}
	})
	for _, e := range []Estado{Creado, Confirmado, Entregado} {
		es(t, "a retry from "+string(e), hasta(t, e).PedirReintento(Cambios{}, t0), ErrPaso)
	}
}

// TestCancelacion: from each estado a cancel happens at once, waits for the truck, or is refused.
func TestCancelacion(t *testing.T) {
	casos := map[Estado]struct {
		despues Estado
		err     error
		nota    bool
	}{
		Creado: {
			Cancelado,
			nil,
			false,
		}, Preprocesado: {Cancelado, nil, false}, PagoPendiente: {Cancelado, nil, false},
		Autorizado: {Cancelado, nil, false}, Fallido: {Cancelado, nil, false},
		Aceptado: {Aceptado, nil, true}, Confirmado: {Confirmado, nil, true},
		EnReparto: {EnReparto, ErrPaso, false}, Entregado: {Entregado, ErrPaso, false},
	}
	for e, c := range casos {
		t.Run(string(e), func(t *testing.T) {
			p := hasta(t, e)
			es(t, "cancel", p.PedirCancelacion(Nota{Motivo: "me arrepentí"}, t0), c.err)
			if p.Estado != c.despues || (p.Nota != nil) != c.nota {
				t.Fatalf("%s, note %v", p.Estado, p.Nota)
			}
			if c.nota {
				conNota(t, p, e)
			}
		})
	}
}

// conNota checks that an order with a note takes no step but the cancel, unless the note is taken back.
func conNota(t *testing.T, pedido *Pedido, estado Estado) {
	t.Helper()
	es(t, "a second cancel", pedido.PedirCancelacion(Nota{}, t0), ErrCancelando)
	es(t, "a step", pedido.Avanzar(Despachar, t0), ErrCancelando)
	es(t, "a failure", pedido.Fallar("x", t0), ErrCancelando)
	es(t, "another end", pedido.CancelarSinEntrega("x", t0), ErrCancelando)
	otro := *pedido
	otro.RetirarNota(t0)
	if otro.Nota != nil || otro.Estado != estado {
		t.Errorf("the note taken back: %s, %v", otro.Estado, otro.Nota)
	}
	sin(t, pedido.Cancelar(t0))
	if pedido.Estado != Cancelado || pedido.Nota != nil || pedido.Motivo != "me arrepentí" {
		t.Errorf("carried out: %s, %v, %q", pedido.Estado, pedido.Nota, pedido.Motivo)
	}
	if _, queda := pedido.PorDeshacer(); !queda {
		t.Errorf("nothing is left to undo after a cancel")
	}
	sin(t, pedido.Cancelar(t0)) // once more changes nothing
}

// TestReembolsos: refunds are bounded by the charge, happen once, and end as made, absorbed or refused.
func TestReembolsos(t *testing.T) {
	casos := map[string]struct {
		e      Estado
		montos []money.Centavos
		err    error // of the last
		queda  money.Centavos
	}{
		"not paid":             {Autorizado, []money.Centavos{1}, ErrPaso, 0},
		"all":                  {Confirmado, []money.Centavos{0}, nil, 0},
		"a part":               {Entregado, []money.Centavos{100}, nil, 374_10},
		"a part, then all":     {EnReparto, []money.Centavos{100, 0}, nil, 0},
		"too much":             {Confirmado, []money.Centavos{375_11}, ErrReembolso, 375_10},
		"too much, in parts":   {Confirmado, []money.Centavos{375_00, 11}, ErrReembolso, 10},
		"nothing left":         {Confirmado, []money.Centavos{0, 0}, ErrReembolso, 0},
		"negative":             {Confirmado, []money.Centavos{-1}, ErrReembolso, 375_10},
		"the last centavo":     {Confirmado, []money.Centavos{375_09, 1}, nil, 0},
		"greatest of integers": {Confirmado, []money.Centavos{1<<63 - 1}, ErrReembolso, 375_10},
	}
	for nombre, c := range casos {
		t.Run(nombre, func(t *testing.T) {
			p := hasta(t, c.e)
			var err error
			for i, m := range c.montos {
				err = p.PedirReembolso(Reembolso{ID: fmt.Sprint(i), Monto: m}, t0)
			}
			es(t, "the last refund", err, c.err)
			if p.Reembolsable() != c.queda {
				t.Errorf("left to refund: %d, want %d", p.Reembolsable(), c.queda)
			}
		})
	}
	t.Run("once per id", func(t *testing.T) {
		p := hasta(t, Confirmado)
		for range 2 {
			sin(t, p.PedirReembolso(Reembolso{ID: "r", Monto: 300_00}, t0))
		}
		r, hay := p.PorReembolsar(t0)
		if !hay || r.Monto != 300_00 || len(p.Reembolsos) != 1 {
			t.Fatalf("refunds: %+v", p.Reembolsos)
		}
		p.Pago.Reembolsado += r.Monto
		p.Reembolsado(r.ID, r.Monto, t0)
		p.Absorber(r.ID, t0)
		p.RechazarReembolso(r.ID, "otro", t0)
		if _, hay := p.PorReembolsar(t0); hay || p.Reembolsos[0].Estado != ReembolsoHecho ||
			p.Reembolsable() != 75_10 {
			t.Errorf("once made: %+v", p.Reembolsos)
		}
	})
	t.Run("given back as a whole meanwhile", func(t *testing.T) {
		p := hasta(t, Confirmado)
		sin(t, p.PedirReembolso(Reembolso{ID: "r", Monto: 100}, t0))
		p.Pago.Reembolsado = p.Pago.Cobrado
		if p.Reembolsable() != 0 {
			t.Errorf("left to refund: %d", p.Reembolsable())
		}
	})
}

func TestAcciones(t *testing.T) {
	p := pedidoNuevo()
	for i := range 50 {
		sin(t, p.Recordar(fmt.Sprint(i), "h", t0))
	}
	es(t, "the 51st", p.Recordar("51", "h", t0.Add(23*time.Hour)), ErrAcciones)
	hecha, err := p.YaHecha("7", "h")
	if !hecha || err != nil {
		t.Errorf("a known key: %v, %v", hecha, err)
	}
	_, err = p.YaHecha("7", "otra")
	es(t, "with another body", err, ErrHuella)
	if hecha, err := p.YaHecha("nueva", "h"); hecha || err != nil {
		t.Errorf("an unknown key: %v, %v", hecha, err)
	}
	sin(t, p.Recordar("51", "h", t0.Add(24*time.Hour)))
	if len(p.Acciones) != 1 {
		t.Errorf("%d keys are remembered after a day", len(p.Acciones))
	}
}

// TestVueltas: an intento tries depots one after another, each with a booking number of its own.
func TestVueltas(t *testing.T) {
	p := pedidoNuevo()
	if _, n, abierta := p.Vuelta(); abierta || n != 0 {
		t.Errorf("a vuelta is open before the first")
	}
	p.Elegir("a", t0)
	p.CerrarVuelta(true)
	p.Elegir("b", t0)
	v, n, abierta := p.Vuelta()
	if !abierta || n != 2 || v.Deposito != "b" || v.Visita != 2 || p.VisitaActual() != 2 {
		t.Errorf("the second vuelta: %+v, number %d, open %v", v, n, abierta)
	}
	deps, faltaba := p.Probados()
	if len(deps) != 1 || deps[0] != "a" || !faltaba {
		t.Errorf("tried: %v, %v", deps, faltaba)
	}
	p.NuevaVisita()
	if in := p.Actual(); len(in.Visitas) != 3 {
		t.Errorf("bookings of the intento: %v", in.Visitas)
	}
}

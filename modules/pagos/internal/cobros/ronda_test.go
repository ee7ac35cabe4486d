package cobros_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/sqldb"

	"gorm.io/gorm"
)

// varios are card payments of other intentos of the order, each reserved and due for a look.
func (b *banco) varios(n int) {
	b.t.Helper()
	for i := 1; i <= n; i++ {
		o := tarjeta("APRO")
		o.Intento = intento(i)
		b.autorizar(o, nil)
	}
	b.sql("update cobros set debe = 1")
}

func (b *banco) sql(orden string, args ...any) {
	b.t.Helper()
	err := b.db.Write(
		b.t.Context(),
		"x",
		func(tx *gorm.DB) error { return tx.Exec(orden, args...).Error },
	)
	if err != nil {
		b.t.Fatal(err)
	}
}

// debe is when the payment of an intento is due, in Unix milliseconds.
func (b *banco) debe(n int) (debe int64) {
	b.t.Helper()
	err := b.db.Read(b.t.Context()).
		Table("cobros").
		Where("id = ?", cobros.ID(intento(n))).
		Pluck("debe", &debe).
		Error
	if err != nil {
		b.t.Fatal(err)
	}
	return debe
}

// caprichosa is a gateway that behaves oddly when one order is read.
type caprichosa struct {
	gateway.Pasarela
	orden string
	hacer func() error
}

func (c caprichosa) Leer(ctx context.Context, orden string) (gateway.Orden, error) {
	if orden == c.orden {
		return gateway.Orden{}, c.hacer()
	}
	return c.Pasarela.Leer(ctx, orden)
}

// One payment that fails, or panics, is put off, longer each time, and ends no round: the others are looked after.
func TestOnePaymentNeverEndsTheRound(t *testing.T) {
	roto := errors.New("out of order")
	for nombre, hacer := range map[string]func() error{
		"an error": func() error { return roto },
		"a panic":  func() error { panic("out of order") },
	} {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t)
			b.varios(6)
			malo := 3
			f, _, err := b.s.PorID(t.Context(), cobros.ID(intento(malo)))
			if err != nil {
				t.Fatal(err)
			}
			b.con(caprichosa{Pasarela: b.p, orden: f.Orden, hacer: hacer})
			esperas := []time.Duration{
				10 * time.Second,
				20 * time.Second,
				40 * time.Second,
				80 * time.Second,
			}
			for vez, espera := range esperas {
				b.sql("update cobros set debe = 1")
				n, err := b.RevisarDebidos(t.Context())
				if n != 6 || !errors.Is(err, cobros.ErrRonda) ||
					nombre == "an error" && !errors.Is(err, roto) {
					t.Errorf("round %d: %d looked at, %v", vez, n, err)
				}
				for i := 1; i <= 6; i++ {
					queda := time.Duration(b.debe(i)-b.r.ahora().UnixMilli()) * time.Millisecond
					if i == malo && queda != espera || i != malo && queda != time.Hour {
						t.Errorf("round %d: payment %d is due in %v", vez, i, queda)
					}
				}
			}
			if b.fallidas != len(esperas) {
				t.Errorf("%d failures counted", b.fallidas)
			}
			b.con(b.p)
			b.sql("update cobros set debe = 1")
			if _, err := b.RevisarDebidos(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// Notices of an order that cannot be looked at are put off; those of the others are understood in the same round.
func TestOneNoticeNeverEndsTheRound(t *testing.T) {
	b := nuevoBanco(t)
	b.varios(3)
	b.con(
		caprichosa{Pasarela: b.p, orden: "ORD2", hacer: func() error { panic("out of order") }},
	)
	for i := 1; i <= 3; i++ {
		n := gateway.Noticia{
			Firma:     "si",
			Solicitud: "n",
			Dato:      fmt.Sprintf("ORD%d", i),
			Tipo:      "order",
		}
		if err := b.Recibir(t.Context(), gateway.MercadoPago, n); err != nil {
			t.Fatal(err)
		}
	}
	b.r.pasar(time.Second)
	if n, err := b.Atender(t.Context()); n != 3 || !errors.Is(err, cobros.ErrRonda) {
		t.Errorf("%d notices, %v", n, err)
	}
	as, err := b.s.Pendientes(t.Context(), b.r.ahora().Add(time.Hour), nunca, 10)
	if err != nil || len(as) != 1 || as[0].Dato != "ORD2" || as[0].Intentos != 1 ||
		as[0].Debe.Sub(b.r.ahora()) != 10*time.Second {
		t.Errorf("waiting: %+v, %v", as, err)
	}
	b.con(b.p)
	b.r.pasar(10 * time.Second)
	b.atender()
	if as, err := b.s.Pendientes(t.Context(), b.r.ahora().Add(time.Hour), nunca, 10); err != nil ||
		len(as) != 0 {
		t.Errorf("still waiting: %+v, %v", as, err)
	}
}

// A row that cannot be read is set aside, left out of lists, and taken up again once it has been repaired.
func TestUnreadableRows(t *testing.T) {
	b := nuevoBanco(t)
	if b.db.Shared() {
		t.Skip(
			"SKIPPED: a server checks the types of what it stores: no row of it is unreadable",
		)
	}
	b.varios(4)
	b.sql("update cobros set monto = 'mucho' where id = ?", cobros.ID(intento(2)))
	b.sql("insert into inbox (proveedor, dato, solicitud, recibido, debe, intentos) " +
		"values ('mercadopago', 'ORD9', 'n', 'ayer', 1, 0)")
	dos := gateway.Noticia{Firma: "si", Solicitud: "n2", Dato: "ORD2", Tipo: "order"}
	if err := b.Recibir(t.Context(), gateway.MercadoPago, dos); err != nil {
		t.Errorf("a notice about an unreadable payment: %v", err)
	}
	b.r.pasar(time.Second)
	if n, err := b.RevisarDebidos(t.Context()); n != 4 || !errors.Is(err, cobros.ErrIlegible) {
		t.Errorf("%d looked at, %v", n, err)
	}
	if n, err := b.Atender(t.Context()); n != 1 || !errors.Is(err, cobros.ErrIlegible) {
		t.Errorf("%d notices, %v", n, err)
	}
	b.apartados(1, 1)
	b.sql("update cobros set debe = 1 where debe < ?", int64(sqldb.SetAside))
	if n, err := b.RevisarDebidos(t.Context()); n != 3 || err != nil {
		t.Errorf("the next round looked at %d, %v", n, err)
	}
	b.atender()
	for _, limite := range []int{1, 2, 3, 50} {
		lista, err := b.s.Listar(
			t.Context(),
			cobros.Filtro{Pedido: intento(1).Pedido, Limite: limite},
		)
		if err != nil || len(lista) != min(limite+1, 3) {
			t.Errorf("a page of %d: %d, %v", limite, len(lista), err)
		}
	}
	b.sql("update cobros set monto = 20000 where id = ?", cobros.ID(intento(2)))
	b.sql("update inbox set recibido = 1 where solicitud = 'n'")
	if n, err := b.s.Retomar(t.Context(), b.r.ahora()); n != 2 || err != nil {
		t.Errorf("%d taken up again, %v", n, err)
	}
	b.apartados(0, 0)
	if n, err := b.RevisarDebidos(t.Context()); n != 1 || err != nil {
		t.Errorf("afterwards %d were looked at, %v", n, err)
	}
}

// todos may see every payment.
var todos = cobros.Quien{Todos: true}

func cobrosID(n int) string { return cobros.ID(intento(n)) }

func (b *banco) apartados(cobros, avisos int64) {
	b.t.Helper()
	c, a, s, err := b.s.Apartados(b.t.Context())
	if c != cobros || a != avisos || s != 0 || err != nil {
		b.t.Errorf("set aside: %d payments, %d notices, %d of the outbox, %v", c, a, s, err)
	}
	_, err = b.Ver(b.t.Context(), todos, cobrosID(2))
	if (err != nil) != (cobros > 0) || errors.Is(err, pagos.ErrSinCobro) {
		b.t.Errorf("asked for: %v", err)
	}
}

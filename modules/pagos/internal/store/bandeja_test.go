package store_test

import (
	"fmt"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
	"despensa/platform/sqldb"

	"gorm.io/gorm"
)

// webhook is the notice n, which came so many minutes after alba and is due then.
func webhook(n int, minutos time.Duration) cobros.Webhook {
	return cobros.Webhook{
		Proveedor: "mercadopago",
		Dato:      fmt.Sprintf("ORD%d", n),
		Solicitud: "s1",
		Recibido:  alba.Add(minutos * time.Minute),
		Debe:      alba.Add(minutos * time.Minute),
	}
}

func (b *banco) recibir(t *testing.T, webhookes ...cobros.Webhook) {
	t.Helper()
	for _, a := range webhookes {
		nuevo, _, err := b.Recibir(t.Context(), a, nunca)
		bien(t, err)
		igual(t, "new", nuevo, true)
	}
}

// pendientes checks which notices are to be looked at, and in which order.
func (b *banco) pendientes(t *testing.T, n int, quiero ...cobros.Webhook) {
	t.Helper()
	hay, err := b.Pendientes(t.Context(), alba.Add(time.Hour), nunca, n)
	bien(t, err)
	igual(t, "notices", len(hay), len(quiero))
	for i := range min(len(hay), len(quiero)) {
		igual(t, "notice", hay[i], quiero[i])
	}
}

// aNoticeIsReceivedOnce: its key is provider, order and delivery together.
func aNoticeIsReceivedOnce(t *testing.T, banco *banco) {
	uno := webhook(1, 0)
	otroProveedor, otroDato, otraSolicitud := uno, uno, uno
	otroProveedor.Proveedor, otroDato.Dato, otraSolicitud.Solicitud = "otro", "ORD9", "s2"
	banco.recibir(t, uno, otroProveedor, otroDato, otraSolicitud)
	uno.Debe, uno.Intentos = alba.Add(time.Minute), 7
	nuevo, _, err := banco.Recibir(t.Context(), uno, nunca)
	bien(t, err)
	igual(t, "new", nuevo, false)
	hay, err := banco.Pendientes(t.Context(), alba, nunca, 10)
	bien(t, err)
	igual(t, "due as it came", len(hay), 4)
}

func noticesAreLookedAt(t *testing.T, banco *banco) {
	uno := webhook(1, 3)
	dos := webhook(2, 1)
	tres := webhook(3, 2)
	tarde := webhook(4, 61)
	hecho := webhook(5, 0)
	hecho.Debe = time.Time{}
	banco.recibir(t, uno, dos, tres, tarde, hecho)
	banco.pendientes(t, 10, dos, tres, uno)
	banco.pendientes(t, 2, dos, tres)

	dos.Debe, tres.Debe, tres.Intentos = time.Time{}, alba.Add(10*time.Minute), 1
	perdido := webhook(9, 0) // one that there is not is no error, and does not appear
	bien(t, banco.Guardar(t.Context(), []cobros.Webhook{dos, perdido, tres}))
	banco.pendientes(t, 10, uno, tres)
	bien(t, banco.Guardar(t.Context(), nil))
	banco.pendientes(t, 10, uno, tres)

	// A notice that is done stays in the inbox, so that its repetition is recognised.
	nuevo, _, err := banco.Recibir(t.Context(), webhook(2, 1), nunca)
	bien(t, err)
	igual(t, "new", nuevo, false)
}

// noticesAreForgotten: those that are done and old, oldest first, as many as are asked for.
func noticesAreForgotten(t *testing.T, banco *banco) {
	for n := range 5 {
		a := webhook(n, time.Duration(n))
		if n != 2 {
			a.Debe = time.Time{}
		}
		banco.recibir(t, a)
	}
	antes := alba.Add(4 * time.Minute) // 0, 1 and 3 are done and older
	for _, quiero := range []int{2, 1, 0} {
		n, err := banco.Limpiar(t.Context(), antes, 2)
		bien(t, err)
		igual(t, "forgotten", n, quiero)
	}
	for n, nuevo := range map[int]bool{0: true, 1: true, 2: false, 3: true, 4: false} {
		hay, _, err := banco.Recibir(t.Context(), webhook(n, 0), nunca)
		bien(t, err)
		igual(t, fmt.Sprintf("%d is new", n), hay, nuevo)
	}
}

// nunca is so far away that nothing is due after it.
var nunca = alba.Add(100 * 365 * 24 * time.Hour)

// aClockThatWasAhead: notices that are due later than they can be come after those that are due; notices that were set
// aside never come.
func aClockThatWasAhead(t *testing.T, banco *banco) {
	lejos, muyLejos := alba.Add(time.Hour), alba.Add(180*24*time.Hour)
	for n, debe := range []time.Duration{
		time.Minute, 0, time.Hour, time.Hour + time.Millisecond, 4 * 365 * 24 * time.Hour, 0,
	} {
		banco.guardar(t, n, func(f *cobros.CobroEntero) { f.Debe = alba.Add(debe) })
		a := webhook(n, 0)
		a.Debe = alba.Add(debe)
		banco.recibir(t, a)
	}
	banco.guardar(
		t,
		6,
		func(f *cobros.CobroEntero) { // money that was taken is looked at for months
			f.Estado, f.Debe = pagos.Cobrado, muyLejos
		},
	)
	bien(t, banco.Apartar(t.Context(), cobroEntero(5).ID))
	bien(t, banco.db.Write(t.Context(), "x", func(tx *gorm.DB) error {
		return tx.Exec(
			"update inbox set debe = ? where dato = 'ORD5'",
			int64(sqldb.SetAside),
		).Error
	}))
	for _, x := range []struct {
		n   int
		son []int
	}{{10, []int{1, 4, 3}}, {2, []int{1, 4}}, {1, []int{1}}} {
		ids, err := banco.Debidos(
			t.Context(),
			alba,
			cobros.Lejos{Abiertos: lejos, Todos: muyLejos},
			x.n,
		)
		bien(t, err)
		as, err := banco.Pendientes(t.Context(), alba, lejos, x.n)
		bien(t, err)
		igual(t, "charges", len(ids), len(x.son))
		igual(t, "notices", len(as), len(x.son))
		for i, n := range []int{1, 3, 4}[:len(as)] {
			igual(t, "notice", as[i].Dato, webhook(n, 0).Dato)
		}
		for i, n := range x.son {
			igual(t, "charge", ids[i], cobroEntero(n).ID)
		}
	}
}

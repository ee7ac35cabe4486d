package auditoria_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"despensa/modules/clientes/internal/auditoria"
	"despensa/platform/guard"

	"gorm.io/gorm"
)

func (l *lugar) sql(orden string, args ...any) {
	l.t.Helper()
	err := l.db.Write(l.t.Context(), "clientes.auditoria", func(tx *gorm.DB) error {
		return tx.Exec(orden, args...).Error
	})
	if err != nil {
		l.t.Fatal(err)
	}
}

// A row that cannot be read stays out of the chain, and is let in once it has been repaired; the others are carried on.
func TestAnUnreadableRecord(t *testing.T) {
	l := nuevo(t, nil)
	if l.db.Shared() {
		t.Skip(
			"SKIPPED: a server checks the types of what it stores: no row of it is unreadable",
		)
	}
	l.anotar(5)
	l.sql("update auditoria set creado = 'ayer' where accion in ('accion.1', 'accion.3')")
	l.llevar()
	l.intacta(3)
	if n, err := l.rastro.Apartados(t.Context()); n != 2 || err != nil {
		t.Errorf("%d are kept out: %v", n, err)
	}
	if x, err := l.rastro.Atraso(t.Context()); x.Registros != 0 || err != nil {
		t.Errorf("behind: %+v, %v", x, err)
	}
	l.anotar(2)
	l.llevar()
	l.intacta(5)
	l.sql("update auditoria set creado = 1 where numero < 0")
	if n, err := l.rastro.Retomar(t.Context()); n != 2 || err != nil {
		t.Errorf("%d taken up again: %v", n, err)
	}
	l.llevar()
	l.intacta(7)
}

// A record that has its number and cannot be read any more is not sent; those behind it are, and the chain says so.
func TestAnUnreadableRecordOfTheChain(t *testing.T) {
	l := nuevo(t, nil)
	if l.db.Shared() {
		t.Skip(
			"SKIPPED: a server checks the types of what it stores: no row of it is unreadable",
		)
	}
	l.anotar(5)
	if _, err := l.rastro.Numerar(t.Context(), auditoria.Limites{Registros: 12, Dias: 1}, 10); err != nil {
		t.Fatal(err)
	}
	l.sql("update auditoria set creado = 'ayer' where numero = 2")
	if n, err := l.relevo().Ronda(t.Context()); n != 4 || err != nil {
		t.Errorf("%d carried on: %v", n, err)
	}
	as, err := l.destino.Buscar(
		t.Context(),
		auditoria.Consulta{Ascendente: true, Limite: 10, Fresca: true},
	)
	if err != nil || len(as) != 4 {
		t.Errorf("%d found: %v", len(as), err)
	}
	if x, err := l.rastro.Atraso(t.Context()); x.Registros != 1 || err != nil {
		t.Errorf("behind: %+v, %v", x, err)
	}
	if i, err := auditoria.Verificar(t.Context(), l.rastro, l.destino); err != nil ||
		i.Roto != 2 {
		t.Errorf("verified: %+v, %v", i, err)
	}
}

// quisquilloso refuses batches with certain numbers in them, or panics once.
type quisquilloso struct {
	auditoria.Buscador
	rehusa   []int64
	todo     bool
	panicos  int
	llamadas int
	listo    chan struct{} // gets a token when a batch was taken
}

func (q *quisquilloso) Enviar(ctx context.Context, asientos []auditoria.Asiento) error {
	q.llamadas++
	if q.panicos > 0 {
		q.panicos--
		panic("sending")
	}
	if q.todo ||
		slices.ContainsFunc(
			asientos,
			func(a auditoria.Asiento) bool { return slices.Contains(q.rehusa, a.Numero) },
		) {
		return auditoria.ErrBuscador
	}
	err := q.Buscador.Enviar(ctx, asientos)
	if q.listo != nil && err == nil {
		close(q.listo)
		q.listo = nil
	}
	return err
}

// A record that is refused for ever keeps none back that comes after it, wherever in the batch it stands.
func TestARefusedRecord(t *testing.T) {
	for nombre, rehusa := range map[string][]int64{
		"first": {1}, "amid": {4}, "last": {10}, "two": {2, 3}, "first and last": {1, 10},
	} {
		t.Run(nombre, func(t *testing.T) {
			l := nuevo(t, nil)
			l.anotar(24)
			q := &quisquilloso{Buscador: l.destino, rehusa: rehusa}
			r := l.relevo()
			r.Buscador = q
			for range 60 { // by chance, where both ends are refused
				_, _ = r.Ronda(t.Context())
			}
			as, err := l.destino.Buscar(
				t.Context(),
				auditoria.Consulta{Ascendente: true, Limite: 100, Fresca: true},
			)
			if err != nil || len(as) != 24-len(rehusa) {
				t.Errorf("%d found, want %d: %v", len(as), 24-len(rehusa), err)
			}
		})
	}
}

// While nothing is taken no record is to blame, and a batch costs four calls.
func TestAPlaceThatIsAway(t *testing.T) {
	l := nuevo(t, nil)
	l.anotar(10)
	q := &quisquilloso{Buscador: l.destino, todo: true}
	r := l.relevo()
	r.Buscador = q
	if _, err := r.Ronda(t.Context()); !errors.Is(err, auditoria.ErrBuscador) ||
		q.llamadas != 4 {
		t.Errorf("%d calls: %v", q.llamadas, err)
	}
	q.todo = false
	if n, err := r.Ronda(t.Context()); n != 10 || err != nil {
		t.Errorf("%d carried on: %v", n, err)
	}
}

// A batch that panics is tried again, like one that fails.
func TestABatchThatPanics(t *testing.T) {
	l := nuevo(t, nil)
	l.anotar(3)
	listo := make(chan struct{})
	q := &quisquilloso{Buscador: l.destino, panicos: 2, listo: listo}
	caidas := 0
	r := l.relevo()
	r.Buscador = q
	r.Guard = guard.Guard{
		Log:    slog.New(slog.DiscardHandler),
		Caught: func(string) { caidas++ },
	}
	r.Intervalo, r.EsperaMax = time.Millisecond, 2*time.Millisecond
	ctx, parar := context.WithCancel(t.Context())
	fin := make(chan struct{})
	go func() { defer close(fin); r.Correr(ctx) }()
	<-listo
	parar()
	<-fin
	if caidas != 2 {
		t.Errorf("%d panics counted", caidas)
	}
}

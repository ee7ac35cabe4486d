package cobros_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"
)

// libreta lists the work of a store: the names of its writes and, below each, the verb and table of its statements.
type libreta struct {
	mu     sync.Mutex
	lineas []string
}

func (l *libreta) anotar(linea string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lineas = append(l.lineas, linea)
}

// de lists the writes and statements of f.
func (l *libreta) de(f func()) []string {
	l.mu.Lock()
	l.lineas = nil
	l.mu.Unlock()
	f()
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.lineas)
}

// sentencias writes every statement of b down from now on.
func (b *banco) sentencias() *libreta {
	b.t.Helper()
	l := &libreta{}
	b.libreta = l
	ver := func(g *gorm.DB) {
		c := g.Callback()
		anotar := func(tx *gorm.DB) { l.anotar("  " + resumen(tx.Statement.SQL.String())) }
		_ = c.Query().After("gorm:query").Register("costo", anotar)
		_ = c.Row().After("gorm:row").Register("costo", anotar)
		_ = c.Raw().After("gorm:raw").Register("costo", anotar)
		_ = c.Create().After("gorm:create").Register("costo", anotar)
		_ = c.Update().After("gorm:update").Register("costo", anotar)
		_ = c.Delete().After("gorm:delete").Register("costo", anotar)
	}
	ver(b.db.Read(b.t.Context()))
	if err := b.db.Write(b.t.Context(), "mirar", func(tx *gorm.DB) error { ver(tx); return nil }); err != nil {
		b.t.Fatal(err)
	}
	return l
}

// resumen is the verb of a statement and the first table that it names.
func resumen(sql string) string {
	p := strings.Fields(
		strings.NewReplacer("`", "", `"`, "", "(", " ").Replace(strings.ToLower(sql)),
	)
	for i, x := range p {
		if p[min(i+1, len(p)-1)] == "select" {
			continue
		}
		if x == "from" || x == "into" || x == "update" {
			return p[0] + " " + p[min(i+1, len(p)-1)]
		}
	}
	return strings.Join(p, " ")
}

// TestWhatAnOrderAsks is each write and each statement of one order that is paid by card: authorised, captured, told of
// twice by the gateway, consulted.
func TestWhatAnOrderAsks(t *testing.T) {
	b := nuevoBanco(t)
	l := b.sentencias()
	atender := func() { b.r.pasar(2 * time.Second); b.atender() }
	revisar := func() { _, _ = b.RevisarDebidos(t.Context()) }
	for _, x := range []struct {
		nombre string
		hacer  func()
		want   []string
	}{
		{nombre: "authorise", hacer: func() { b.autorizar(tarjeta("APRO"), nil) }, want: []string{
			"pagos.iniciar", "  insert cobros", // before the call of the gateway: the announcement of Crear
			"pagos.resultado", "  update cobros", // the outcome of Crear, on the version that Iniciar returned
		}},
		{nombre: "the first notice", hacer: func() { b.webhook("n1") }, want: []string{"pagos.aviso", "  insert inbox"}},
		{nombre: "capture", hacer: func() { b.capturar(nil) }, want: []string{
			"pagos.accion", "  update cobros", "pagos.resultado", "  update cobros",
		}},
		{nombre: "the second notice", hacer: func() { b.webhook("n2") }, want: []string{"pagos.aviso", "  insert inbox"}},
		{nombre: "consult", hacer: func() { _, _ = b.Consultar(t.Context(), intento(1)) }, want: []string{"  select cobros"}},
		{nombre: "process both notices", hacer: atender, want: []string{
			"  select inbox", "  select cobros", "pagos.avisos", "  update inbox", "  update inbox",
		}},
		{nombre: "no notice is due", hacer: atender, want: []string{"  select inbox"}},
		{nombre: "the first watch", hacer: revisar, want: []string{"  select cobros", "  select cobros"}},
		{nombre: "nothing is due", hacer: revisar, want: []string{"  select cobros"}},
	} {
		if got := l.de(x.hacer); !slices.Equal(got, x.want) {
			t.Errorf(
				"%s asks\n%s\nwant\n%s",
				x.nombre,
				strings.Join(got, "\n"),
				strings.Join(x.want, "\n"),
			)
		}
	}
}

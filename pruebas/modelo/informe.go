package modelo

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func (m *mundo) maquina() (maq maquina) {
	if err := m.Anonymous().Do(m.T.Context(), "GET", "/pedidos/maquina", nil, &maq); err != nil {
		m.T.Fatal(err)
	}
	return maq
}

// juzgarAhora reads all books and judges them.
func (m *mundo) juzgarAhora(maq maquina) *juez {
	l := leerLibros(m.sede.abrirLibros(m.T), m.ahora())
	l.maquina, l.maxLentos, l.limiteQuietud = maq, maxLentos, m.forma.limiteQuietud
	m.oido.en(l)
	return juzgar(l, omitidas()...)
}

// informar prints the counts of everything.
func (m *mundo) informar(juez *juez) {
	finales, cambios, motivos := map[string]int{}, map[string]int{}, map[string]int{}
	for _, o := range juez.pedidos {
		finales[o.Estado]++
		for _, e := range o.Doc.Eventos {
			if e.Motivo != "" && e.De != e.A {
				motivos[e.Tipo+" "+e.Motivo]++
			}
		}
		dentro, entre := o.Doc.depositos()
		if dentro || entre {
			cambios["orders"]++
		}
		if dentro {
			cambios["inside an intento"]++
		}
	}
	t := m.T
	t.Logf("orders: %d, by end: %s", len(juez.pedidos), enOrden(finales))
	t.Logf("reasons: %s", enOrden(motivos))
	t.Logf("depots changed in: %s (%d %% of the orders)", enOrden(cambios),
		100*cambios["orders"]/max(1, len(juez.pedidos)))
	if n := len(juez.pedidos); n >= 300 && 5*cambios["orders"] < n {
		t.Logf("TOO TAME: depots are to change in a fifth of the orders")
	}
	t.Logf("done: %s", enOrden(m.oido.hechos.copia()))
	t.Logf("process and gateway: %s", enOrden(m.muertes.copia()))
	t.Logf("answers: %s", enOrden(m.oido.status.copia()))
	t.Logf(
		"charges: %d, refunds: %d, movements: %d, visits: %d",
		len(juez.cobros),
		len(juez.reembolsos),
		len(juez.movimientos),
		len(juez.visitas),
	)
	t.Logf("NOT JUDGED: %s", strings.Join(omitidas(), " "))
	t.Logf("checks: %d: %s", juez.comprobaciones(), enOrden(juez.hechas))
}

// depositos reports whether the depot changed inside an intento, or between two.
func (d documento) depositos() (dentro, entre bool) {
	antes := ""
	for _, in := range d.Intentos {
		for i, v := range in.Vueltas {
			if antes != "" && v.Deposito != antes {
				dentro, entre = dentro || i > 0, entre || i == 0
			}
			antes = v.Deposito
		}
	}
	return dentro, entre
}

func enOrden(n map[string]int) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(n)) {
		out = append(out, fmt.Sprintf("%s %d", k, n[k]))
	}
	return strings.Join(out, ", ")
}

// denunciadas is the number of faults that are reported in full.
const denunciadas = 12

// denunciar fails the test with every fault, the seed, and the story of its order.
func (m *mundo) denunciar(juez *juez) {
	if len(juez.faltas) > 0 {
		porRegla := map[string]int{}
		for _, f := range juez.faltas {
			porRegla[f.Regla]++
		}
		m.T.Logf("seed %d: faults by rule: %s", m.semilla, enOrden(porRegla))
	}
	for i, f := range juez.faltas {
		if i == denunciadas {
			m.T.Errorf("... and %d more", len(juez.faltas)-i)
			break
		}
		m.T.Errorf("seed %d: %s\n%s", m.semilla, f, juez.cuento(f.Pedido))
	}
	if dir := os.Getenv("DESPENSA_TEST_MODELO_GUARDA"); dir != "" && len(juez.faltas) > 0 {
		if err := os.CopyFS(filepath.Join(dir, fmt.Sprint("semilla-", m.semilla)), os.DirFS(m.sede.carpeta())); err != nil {
			m.T.Error(err)
		}
	}
}

// cuento is the story of an order: the actors' calls, and the events in the order's own history.
func (j *juez) cuento(id string) string {
	var b strings.Builder
	if d := j.dichos[id]; d != nil {
		fmt.Fprintf(&b, "  first told to %s\n", d.Por)
		for _, linea := range d.Cuento {
			fmt.Fprintf(&b, "  %.400s\n", linea)
		}
	}
	if o := j.pedidos[id]; o != nil {
		for _, e := range o.Doc.Eventos {
			fmt.Fprintf(
				&b,
				"  event %d %s %s: %s -> %s, intento %d\n",
				e.Seq,
				e.En.Format("15:04:05.000"),
				e.Tipo,
				e.De,
				e.A,
				e.Intento,
			)
		}
		fmt.Fprintf(&b, "  now %s, due %v, %+v\n", o.Estado, o.Debe, o.Doc.Pago)
	}
	return b.String()
}

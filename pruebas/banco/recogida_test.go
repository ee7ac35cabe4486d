package banco_test

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"despensa/platform/sqldb"
)

// sentencia is a statement as the golden file shows it.
type sentencia struct {
	fase    string // estado in which the order was; inicio before it is stored, fin once it is confirmado
	esquema string
	efecto  string // empty: a read
	texto   string // with placeholders, lists of columns left out
}

// ultimo is the newest order.
type ultimo struct {
	id, estado string
	debe       time.Time // the time of its next look
}

// recogida gathers statements while an order is on its way. Safe for concurrent use.
type recogida struct {
	mirar func() ultimo // nil: the phases are not told apart

	mu             sync.Mutex
	abierta        bool
	anterior, fase string // id of the newest order at the beginning; phase of the next statements
	vistas         []sentencia
	aparte         int // statements of the background
	idas           map[string]int
}

// The first and the last phase of an order, which are no estados.
const (
	inicio = "POST /pedidos"
	fin    = "afterwards"
)

// abrir begins to gather the statements of the next order.
func (r *recogida) abrir() {
	id := r.ultimo().id
	r.mu.Lock()
	defer r.mu.Unlock()
	r.abierta, r.anterior, r.fase, r.vistas, r.aparte, r.idas = true, id, inicio, nil, 0, map[string]int{}
}

// cerrar ends the gathering and returns the statements, the round trips by module and the number of background
// statements.
func (r *recogida) cerrar() (vistas []sentencia, idas map[string]int, aparte int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.abierta = false
	return r.vistas, r.idas, r.aparte
}

func (r *recogida) ultimo() ultimo {
	if r.mirar == nil {
		return ultimo{}
	}
	return r.mirar()
}

// oir is sqldb.Options.Observar.
func (r *recogida) oir(execution sqldb.Execution) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.abierta {
		return
	}
	x := sentencia{
		fase:    r.fase,
		esquema: execution.Schema,
		efecto:  execution.Effect,
		texto:   normalizar(execution.SQL),
	}
	if delFondo(x) {
		r.aparte++
		return
	}
	if execution.RoundTrip {
		r.idas[execution.Schema]++
	}
	if execution.Preparation { // a prepare happens once per connection
		return
	}
	r.vistas = append(r.vistas, x)
	if x.esquema == "pedidos" && x.texto == "commit" {
		r.avanzar()
	}
}

// avanzar reads, after a write, in which phase the order is.
func (r *recogida) avanzar() {
	switch u := r.ultimo(); {
	case u.id == r.anterior:
	case u.estado == "confirmado":
		r.fase = fin
	default:
		r.fase = u.estado
	}
}

// reglas shorten a statement to its table and the condition that finds its rows.
var reglas = []struct {
	que *regexp.Regexp
	por string
}{
	{regexp.MustCompile("[`\"]"), ""},
	{regexp.MustCompile(`\s+`), " "},
	{regexp.MustCompile(`\$\d+`), "?"},
	{regexp.MustCompile(`\b\w+\.(\w+)`), "$1"},
	{regexp.MustCompile(`(?:\?, ?)+\?`), "?…"},
	{regexp.MustCompile(`^select [^?()]{20,}? from `), "select … from "},
	{
		regexp.MustCompile(`^(insert into \w+) ?\([^)]*\) values (?:\([^()]*\),? ?)+`),
		"$1 (…) values (…) ",
	},
	{regexp.MustCompile(`^(update \w+ set) .{30,}? where `), "$1 … where "},
	{regexp.MustCompile(`\s+$`), ""},
}

// normalizar takes values, lists of columns and differences of spelling out of a statement.
func normalizar(texto string) string {
	texto = strings.TrimSpace(strings.ToLower(texto))
	for _, r := range reglas {
		texto = r.que.ReplaceAllString(texto, r.por)
	}
	return texto
}

// renglon is a line of the golden file: a statement and how often an order runs it.
type renglon struct {
	sentencia
	veces int
}

// tipico returns the statements of a typical order: each as often as the median order runs it, in the order in which
// they were first seen.
func tipico(pedidos [][]sentencia) []renglon {
	cuentas := map[sentencia][]int{}
	var orden []sentencia
	for i, vistas := range pedidos {
		for _, s := range vistas {
			if _, ya := cuentas[s]; !ya {
				cuentas[s] = make([]int, len(pedidos))
				orden = append(orden, s)
			}
			cuentas[s][i]++
		}
	}
	var out []renglon
	for _, s := range orden {
		if n := mediana(cuentas[s]); n > 0 {
			out = append(out, renglon{sentencia: s, veces: n})
		}
	}
	return out
}

// mediana is the middle one of ns; 0 for an empty ns.
func mediana[T cmp.Ordered](ns []T) (m T) {
	if len(ns) == 0 {
		return m
	}
	return slices.Sorted(slices.Values(ns))[len(ns)/2]
}

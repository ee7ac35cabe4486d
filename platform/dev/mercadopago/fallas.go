package mercadopago

import (
	"net/http"
	"slices"
	"sync"
)

// Falla makes the gateway give wrong answers, on command. The call still has its right effect in the ledger, except
// for the classes negada (no effect) and cobra (an order of another amount).
type Falla struct {
	// Clase is one of Clases.
	Clase string `json:"clase"`
	// Accion is the call that is answered wrongly: crear, leer, buscar, capturar, cancelar or reembolsar; "" is all of
	// them.
	Accion string `json:"accion,omitempty"`
	// Valor is the wrong value, by Clase: an amount, a currency, an order id, a reference, a detail, or the code of an
	// error; "" is the default of Clase.
	Valor string `json:"valor,omitempty"`
	// Estado is the HTTP status of the class negada; 0 is the status of the code in Valor.
	Estado int `json:"estado,omitempty"`
	// Veces is how many calls are answered wrongly; 0 is without limit.
	Veces int `json:"veces,omitempty"`
	// Cada n makes every n-th call wrong and leaves the n-1 before it right; 0 and 1 are each call.
	Cada int `json:"cada,omitempty"`
}

// The classes of Falla that are neither in vacias nor in mentiras.
const (
	fallaNegada = "negada" // an error with the code Valor, without an effect
	fallaCobra  = "cobra"  // an order of another amount, in the ledger too
	fallaFilas  = "filas"  // rows of a search without reference and payments
)

// acciones are the calls of the gateway that a Falla can hit.
var acciones = []string{"crear", "leer", "buscar", "capturar", "cancelar", "reembolsar"}

// Clases lists the classes of Falla, sorted.
func Clases() []string {
	out := []string{fallaNegada, fallaCobra, fallaFilas}
	for c := range vacias {
		out = append(out, c)
	}
	for c := range mentiras {
		out = append(out, c)
	}
	slices.Sort(out)
	return out
}

// valida reports whether f names a known class and action and has values within their ranges.
func (f Falla) valida() bool {
	if !slices.Contains(Clases(), f.Clase) || f.Accion != "" && !slices.Contains(acciones, f.Accion) {
		return false
	}
	if f.Clase == fallaNegada && negativas[f.Valor] == nil && (f.Estado < 400 || f.Estado > 599) {
		return false
	}
	return f.Veces >= 0 && f.Cada >= 0 && (f.Estado == 0 || f.Estado >= 200 && f.Estado <= 599)
}

// valor is f.Valor, or otro when that is empty.
func (f Falla) valor(otro string) string { return oBien(f.Valor, otro) }

// negativas are the errors that the class negada knows, by code.
var negativas = porCodigo(
	errSintaxis, errFalta, errSobra, errTipo, errValor, errMaximo, errMinimo, errTotal, errTransacciones,
	errSinTransaccion, errTipoOrden, errModo, errCorreo, errRuta, errIDTransaccion, errExcede, errSinClave,
	errClaveLarga, errCredencial, errProhibido, errRehusada, errNoHay, errNoHayPago, errClaveUsada, errNoCapturar,
	errNoCancelar, errYaCancelada, errYaReembolsada, errNoReembolsar, errOperacion, errReembolsando, errEnCurso,
	errDemasiadas, errValidacion, errInterno,
)

func porCodigo(es ...*errorAPI) map[string]*errorAPI {
	m := map[string]*errorAPI{}
	for _, e := range es {
		m[e.codigo] = e
	}
	return m
}

// negar is the error answer of f, a Falla of the class negada.
func (f Falla) negar() respuesta {
	e := &errorAPI{estado: http.StatusBadRequest, codigo: f.Valor, mensaje: "Refused on command."}
	if conocida := negativas[f.Valor]; conocida != nil {
		*e = *conocida
	}
	if f.Estado != 0 {
		e.estado = f.Estado
	}
	return e.respuesta()
}

// fallas holds the present Fallas and their counts. Safe for concurrent use.
type fallas struct {
	mu    sync.Mutex
	todas []Jugada
}

// Jugada is a Falla with its counts.
type Jugada struct {
	Falla
	Vistas int `json:"vistas"` // calls of its action
	Hechas int `json:"hechas"` // calls that the Falla made wrong
}

// poner replaces the Fallas. A Falla that stays at its place in the list keeps its counts.
func (x *fallas) poner(fs []Falla) {
	x.mu.Lock()
	defer x.mu.Unlock()
	viejas := x.todas
	x.todas = make([]Jugada, len(fs))
	for i, f := range fs {
		x.todas[i] = Jugada{Falla: f}
		if i < len(viejas) && viejas[i].Falla == f {
			x.todas[i] = viejas[i]
		}
	}
}

// tocan counts a call of accion and lists the Fallas that make it wrong.
func (x *fallas) tocan(accion string) (out []Falla) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for i := range x.todas {
		j := &x.todas[i]
		if j.Accion != "" && j.Accion != accion || !slices.Contains(acciones, accion) || j.acabada() {
			continue
		}
		if j.Vistas++; j.Vistas%max(1, j.Cada) == 0 {
			j.Hechas++
			out = append(out, j.Falla)
		}
	}
	return out
}

// acabada reports whether the Falla has made as many calls wrong as it should.
func (j *Jugada) acabada() bool { return j.Veces > 0 && j.Hechas >= j.Veces }

// Jugadas lists the present Fallas with their counts.
func (s *Simulador) Jugadas() []Jugada {
	s.fallas.mu.Lock()
	defer s.fallas.mu.Unlock()
	return append([]Jugada{}, s.fallas.todas...)
}

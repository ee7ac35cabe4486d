package mercadopago

import (
	"net/http"
	"slices"
	"sync"
)

// Falla is a way for the gateway to answer wrongly, on command. But for negada and cobra
// the call has its true effect: only the answer is wrong.
type Falla struct {
	// Clase is one of Clases.
	Clase string `json:"clase"`
	// Accion is the call that goes wrong: crear, leer, buscar, capturar, cancelar or
	// reembolsar; "" is each of them.
	Accion string `json:"accion,omitempty"`
	// Valor is what Clase says: an amount, a currency, a reference, an error's code; ""
	// is its default.
	Valor string `json:"valor,omitempty"`
	// Estado is the HTTP status of a refusal; 0 is that of its code.
	Estado int `json:"estado,omitempty"`
	// Veces is how many calls go wrong; 0 is without end.
	Veces int `json:"veces,omitempty"`
	// Cada lets one call in so many go wrong, the first ones right; 0 and 1 are each.
	Cada int `json:"cada,omitempty"`
}

// The ways of answering wrongly that are more than a change of the order.
const (
	fallaNegada = "negada" // refuses by code, without an effect
	fallaCobra  = "cobra"  // makes the order of another amount, in the ledger too
	fallaFilas  = "filas"  // search rows are pointers, without reference and payments
)

// acciones are the calls of the gateway that may go wrong.
var acciones = []string{"crear", "leer", "buscar", "capturar", "cancelar", "reembolsar"}

// Clases lists the ways of answering wrongly.
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

// valida reports whether f is a Falla that can be played.
func (f Falla) valida() bool {
	if !slices.Contains(Clases(), f.Clase) || f.Accion != "" && !slices.Contains(acciones, f.Accion) {
		return false
	}
	if f.Clase == fallaNegada && negativas[f.Valor] == nil && (f.Estado < 400 || f.Estado > 599) {
		return false
	}
	return f.Veces >= 0 && f.Cada >= 0 && (f.Estado == 0 || f.Estado >= 200 && f.Estado <= 599)
}

// valor is what f says, or else its default.
func (f Falla) valor(otro string) string { return oBien(f.Valor, otro) }

// negativas are the refusals that are known by their code.
var negativas = porCodigo(
	errSintaxis, errFalta, errSobra, errTipo, errValor, errMaximo, errMinimo, errTotal, errTransacciones,
	errSinTransaccion, errTipoOrden, errModo, errCorreo, errRuta, errIDTransaccion, errExcede, errSinClave,
	errClaveLarga, errCredencial,
	errProhibido, errRehusada, errNoHay, errNoHayPago, errClaveUsada, errNoCapturar, errNoCancelar, errYaCancelada,
	errYaReembolsada, errNoReembolsar, errOperacion, errReembolsando, errEnCurso, errDemasiadas, errValidacion, errInterno,
)

func porCodigo(es ...*errorAPI) map[string]*errorAPI {
	m := map[string]*errorAPI{}
	for _, e := range es {
		m[e.codigo] = e
	}
	return m
}

// negar is the refusal that f plays.
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

// fallas counts how often each Falla has been met and played. Safe for concurrent use.
type fallas struct {
	mu    sync.Mutex
	todas []Jugada
}

// Jugada is a Falla and how often it was played.
type Jugada struct {
	Falla
	Vistas int `json:"vistas"` // calls that it might have hit
	Hechas int `json:"hechas"` // calls that it hit
}

// poner replaces the list; what was counted is kept where it stays the same.
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

// tocan lists those that hit this call, and counts it.
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

func (j *Jugada) acabada() bool { return j.Veces > 0 && j.Hechas >= j.Veces }

// Jugadas tells how often each Falla was played.
func (s *Simulador) Jugadas() []Jugada {
	s.fallas.mu.Lock()
	defer s.fallas.mu.Unlock()
	return append([]Jugada{}, s.fallas.todas...)
}

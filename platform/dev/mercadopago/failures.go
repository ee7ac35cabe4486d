package mercadopago

import (
	"net/http"
	"slices"
	"sync"
)

// Failure makes the gateway give wrong answers, on command. The call still has its right effect in the ledger, except
// for the classes negada (no effect) and cobra (an order of another amount).
type Failure struct {
	// Clase is one of Classes.
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

// The classes of Failure that are neither in emptyAnswers nor in lies.
const (
	failureRefused = "negada" // an error with the code Valor, without an effect
	failureAmount  = "cobra"  // an order of another amount, in the ledger too
	failureRows    = "filas"  // rows of a search without reference and payments
)

// actions are the calls of the gateway that a Failure can hit.
var actions = []string{"crear", "leer", "buscar", "capturar", "cancelar", "reembolsar"}

// Classes lists the classes of Failure, sorted.
func Classes() []string {
	out := []string{failureRefused, failureAmount, failureRows}
	for c := range emptyAnswers {
		out = append(out, c)
	}
	for c := range lies {
		out = append(out, c)
	}
	slices.Sort(out)
	return out
}

// valid reports whether f names a known class and action and has values within their ranges.
func (f Failure) valid() bool {
	if !slices.Contains(Classes(), f.Clase) ||
		f.Accion != "" && !slices.Contains(actions, f.Accion) {
		return false
	}
	if f.Clase == failureRefused && refusals[f.Valor] == nil &&
		(f.Estado < 400 || f.Estado > 599) {
		return false
	}
	return f.Veces >= 0 && f.Cada >= 0 && (f.Estado == 0 || f.Estado >= 200 && f.Estado <= 599)
}

// value is f.Valor, or otro when that is empty.
func (f Failure) value(otro string) string { return orElse(f.Valor, otro) }

// refusals are the errors that the class negada knows, by code.
var refusals = byCode(
	errSyntax,
	errMissing,
	errUnsupported,
	errType,
	errValue,
	errMaximum,
	errMinimum,
	errTotal,
	errTransactions,
	errNoTransaction,
	errOrderType,
	errMode,
	errEmail,
	errPath,
	errTransactionID,
	errExceeds,
	errNoKey,
	errLongKey,
	errCredential,
	errForbidden,
	errRefused,
	errNoOrder,
	errNoPayment,
	errUsedKey,
	errNoCapture,
	errNoCancel,
	errAlreadyCanceled,
	errAlreadyRefunded,
	errNoRefund,
	errOperation,
	errRefunding,
	errUnderWay,
	errTooMany,
	errValidation,
	errInternal,
)

func byCode(apiErrores ...*apiError) map[string]*apiError {
	m := map[string]*apiError{}
	for _, e := range apiErrores {
		m[e.code] = e
	}
	return m
}

// refuse is the error answer of f, a Failure of the class negada.
func (f Failure) refuse() answer {
	e := &apiError{status: http.StatusBadRequest, code: f.Valor, message: "Refused on command."}
	if conocida := refusals[f.Valor]; conocida != nil {
		*e = *conocida
	}
	if f.Estado != 0 {
		e.status = f.Estado
	}
	return e.answer()
}

// failures holds the present Failures and their counts. Safe for concurrent use.
type failures struct {
	mu  sync.Mutex
	all []CountedFailure
}

// CountedFailure is a Failure with its counts.
type CountedFailure struct {
	Failure
	Vistas int `json:"vistas"` // calls of its action
	Hechas int `json:"hechas"` // calls that the Failure made wrong
}

// set replaces the Failures. A Failure that stays at its place in the list keeps its counts.
func (x *failures) set(failures []Failure) {
	x.mu.Lock()
	defer x.mu.Unlock()
	viejas := x.all
	x.all = make([]CountedFailure, len(failures))
	for i, f := range failures {
		x.all[i] = CountedFailure{Failure: f}
		if i < len(viejas) && viejas[i].Failure == f {
			x.all[i] = viejas[i]
		}
	}
}

// hit counts a call of accion and lists the Failures that make it wrong.
func (x *failures) hit(accion string) (out []Failure) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for i := range x.all {
		j := &x.all[i]
		if j.Accion != "" && j.Accion != accion || !slices.Contains(actions, accion) ||
			j.isOver() {
			continue
		}
		if j.Vistas++; j.Vistas%max(1, j.Cada) == 0 {
			j.Hechas++
			out = append(out, j.Failure)
		}
	}
	return out
}

// isOver reports whether the Failure has made as many calls wrong as it should.
func (j *CountedFailure) isOver() bool { return j.Veces > 0 && j.Hechas >= j.Veces }

// Failures lists the present Failures with their counts.
func (s *Simulator) Failures() []CountedFailure {
	s.failures.mu.Lock()
	defer s.failures.mu.Unlock()
	return append([]CountedFailure{}, s.failures.all...)
}

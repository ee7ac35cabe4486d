package mercadopago

import (
	"bytes"
	_ "embed"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"despensa/platform/money"
)

// shownOrders is the number of orders that the page shows.
const shownOrders = 50

//go:embed pagina.html
var pageTemplate string

var page = template.Must(template.New("libro").Funcs(template.FuncMap{
	"pesos":   pesos,
	"cobrada": func(a LedgerEntry) bool { return a.Estado == processed && a.Reembolsado < a.Cobrado },
	"espera": func(a LedgerEntry) bool {
		return a.Estado == inProcess || a.Estado == actionRequired && a.Detalle != detReserved
	},
	"reservada": func(a LedgerEntry) bool { return a.Estado == actionRequired && a.Detalle == detReserved },
}).Parse(pageTemplate))

// pesos writes an amount of c centavos as Argentines do: $ 7.300,00.
func pesos(c int64) string {
	entero, cent, _ := strings.Cut(money.Centavos(c).Decimal(), ".")
	for i := len(entero) - 3; i > 0; i -= 3 {
		entero = entero[:i] + "." + entero[i:]
	}
	return "$ " + entero + "," + cent
}

// view is the data of the page.
type view struct {
	Aviso            string // why the last button had no effect; "" when it had one
	Ordenes          []LedgerEntry
	Fallas           []CountedFailure
	Clases, Acciones []string
}

// The texts of the page for a button that had no effect.
const (
	textForeign = "Otra página quiso hacer esto; hacelo desde acá."
	textNone    = "Eso no se puede hacer con una orden."
	textDecided = "No se pudo: la orden no existe, cambió mientras tanto o no admite eso."
	textAmount  = "El monto no sirve: va con punto y dos decimales, y no puede ser más de lo que queda."
	textFailure = "Esa falla no existe o un valor no sirve."
)

// servePage is GET /: the page with the latest orders and the Failures.
func (s *Simulator) servePage(w http.ResponseWriter, r *http.Request) {
	s.showPage(w, r, http.StatusOK, "")
}

// showPage answers with the page and with aviso above it.
func (s *Simulator) showPage(w http.ResponseWriter, r *http.Request, estado int, aviso string) {
	as, err := s.ledger.recent(r.Context(), shownOrders)
	var b bytes.Buffer
	if err == nil {
		err = page.Execute(&b, view{
			Aviso:    aviso,
			Ordenes:  as,
			Fallas:   s.Failures(),
			Clases:   Classes(),
			Acciones: actions,
		})
	}
	if err != nil {
		s.o.Log.ErrorContext(r.Context(), "mercadopago: page", "error", err)
		writeAnswer(w, errInternal.answer())
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	// With no-referrer, browsers hide the origin of the page's buttons.
	h.Set("Referrer-Policy", "same-origin")
	h.Set(
		"Content-Security-Policy",
		"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "+
			"form-action 'self'; frame-ancestors 'none'",
	)
	w.WriteHeader(estado)
	_, _ = w.Write(b.Bytes()) // the browser may have gone
}

// isOwn limits the body of a form and reports whether this page sent the form. If another page did, isOwn answers
// 403.
func (s *Simulator) isOwn(w http.ResponseWriter, r *http.Request) bool {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<10)
	if s.cors.Check(r) != nil {
		s.showPage(w, r, http.StatusForbidden, textForeign)
		return false
	}
	return true
}

// decide is POST /_pagina/{id}, a button of the page: it runs a decision on the order and shows the page again.
func (s *Simulator) decide(w http.ResponseWriter, r *http.Request) {
	if !s.isOwn(w, r) {
		return
	}
	que, ok := s.decisions(r.PostFormValue("monto"))[r.PostFormValue("que")]
	if !ok {
		s.showPage(w, r, http.StatusBadRequest, textNone)
		return
	}
	if err := que(r.Context(), r.PathValue("id")); err != nil {
		s.o.Log.InfoContext(r.Context(), "mercadopago: not decided", "error", err)
		s.notDecided(w, r, err)
		return
	}
	http.Redirect(w, r, Prefix+"/", http.StatusSeeOther)
}

// notDecided answers with the page and with the reason why the button had no effect.
func (s *Simulator) notDecided(w http.ResponseWriter, r *http.Request, err error) {
	var e *apiError
	switch {
	case !errors.As(err, &e):
		writeAnswer(w, errInternal.answer())
	case e.status == http.StatusBadRequest:
		s.showPage(w, r, e.status, textAmount)
	default:
		s.showPage(w, r, e.status, textDecided)
	}
}

// addFailure is POST /_fallas, the form of the page: it adds a Failure, or removes all.
func (s *Simulator) addFailure(w http.ResponseWriter, r *http.Request) {
	if !s.isOwn(w, r) {
		return
	}
	a := s.Settings()
	if r.PostFormValue("que") == "quitar" {
		a.Failures = nil
	} else {
		f, ok := failureOf(r)
		if !ok {
			s.showPage(w, r, http.StatusBadRequest, textFailure)
			return
		}
		a.Failures = append(slices.Clone(a.Failures), f)
	}
	if s.Configure(a) != nil {
		s.showPage(w, r, http.StatusBadRequest, textFailure)
		return
	}
	http.Redirect(w, r, Prefix+"/", http.StatusSeeOther)
}

// failureOf reads the Failure of a form; false when veces or cada is no number.
func failureOf(r *http.Request) (Failure, bool) {
	veces, e1 := strconv.Atoi(orElse(r.PostFormValue("veces"), "0"))
	cada, e2 := strconv.Atoi(orElse(r.PostFormValue("cada"), "0"))
	return Failure{
		Clase:  r.PostFormValue("clase"),
		Accion: r.PostFormValue("accion"),
		Valor:  r.PostFormValue("valor"),
		Veces:  veces,
		Cada:   cada,
	}, e1 == nil && e2 == nil
}

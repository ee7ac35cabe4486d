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

// ultimas is the number of orders that the page shows.
const ultimas = 50

//go:embed pagina.html
var plantilla string

var pagina = template.Must(template.New("libro").Funcs(template.FuncMap{
	"pesos":   pesos,
	"cobrada": func(a Asiento) bool { return a.Estado == procesada && a.Reembolsado < a.Cobrado },
	"espera": func(a Asiento) bool {
		return a.Estado == enProceso || a.Estado == requiere && a.Detalle != detReservado
	},
	"reservada": func(a Asiento) bool { return a.Estado == requiere && a.Detalle == detReservado },
}).Parse(plantilla))

// pesos writes an amount of c centavos as Argentines do: $ 7.300,00.
func pesos(c int64) string {
	entero, cent, _ := strings.Cut(money.Centavos(c).Decimal(), ".")
	for i := len(entero) - 3; i > 0; i -= 3 {
		entero = entero[:i] + "." + entero[i:]
	}
	return "$ " + entero + "," + cent
}

// vista is the data of the page.
type vista struct {
	Aviso            string // why the last button had no effect; "" when it had one
	Ordenes          []Asiento
	Fallas           []Jugada
	Clases, Acciones []string
}

// The texts of the page for a button that had no effect.
const (
	avisoAjena    = "Otra página quiso hacer esto; hacelo desde acá."
	avisoNinguna  = "Eso no se puede hacer con una orden."
	avisoDecidida = "No se pudo: la orden no existe, cambió mientras tanto o no admite eso."
	avisoMonto    = "El monto no sirve: va con punto y dos decimales, y no puede ser más de lo que queda."
	avisoFalla    = "Esa falla no existe o un valor no sirve."
)

// verPagina is GET /: the page with the latest orders and the Fallas.
func (s *Simulador) verPagina(w http.ResponseWriter, r *http.Request) {
	s.mostrarPagina(w, r, http.StatusOK, "")
}

// mostrarPagina answers with the page and with aviso above it.
func (s *Simulador) mostrarPagina(w http.ResponseWriter, r *http.Request, estado int, aviso string) {
	as, err := s.libro.recientes(r.Context(), ultimas)
	var b bytes.Buffer
	if err == nil {
		err = pagina.Execute(&b, vista{
			Aviso:    aviso,
			Ordenes:  as,
			Fallas:   s.Jugadas(),
			Clases:   Clases(),
			Acciones: acciones,
		})
	}
	if err != nil {
		s.o.Log.ErrorContext(r.Context(), "mercadopago: page", "error", err)
		escribir(w, errInterno.respuesta())
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "same-origin") // with no-referrer, browsers hide the origin of the page's buttons
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "+
		"form-action 'self'; frame-ancestors 'none'")
	w.WriteHeader(estado)
	_, _ = w.Write(b.Bytes()) // the browser may have gone
}

// propia limits the body of a form and reports whether this page sent the form. If another page did, propia answers
// 403.
func (s *Simulador) propia(w http.ResponseWriter, r *http.Request) bool {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<10)
	if s.cors.Check(r) != nil {
		s.mostrarPagina(w, r, http.StatusForbidden, avisoAjena)
		return false
	}
	return true
}

// decidir is POST /_pagina/{id}, a button of the page: it runs a decision on the order and shows the page again.
func (s *Simulador) decidir(w http.ResponseWriter, r *http.Request) {
	if !s.propia(w, r) {
		return
	}
	que, ok := s.decisiones(r.PostFormValue("monto"))[r.PostFormValue("que")]
	if !ok {
		s.mostrarPagina(w, r, http.StatusBadRequest, avisoNinguna)
		return
	}
	if err := que(r.Context(), r.PathValue("id")); err != nil {
		s.o.Log.InfoContext(r.Context(), "mercadopago: not decided", "error", err)
		s.noDecidida(w, r, err)
		return
	}
	http.Redirect(w, r, Prefijo+"/", http.StatusSeeOther)
}

// noDecidida answers with the page and with the reason why the button had no effect.
func (s *Simulador) noDecidida(w http.ResponseWriter, r *http.Request, err error) {
	var e *errorAPI
	switch {
	case !errors.As(err, &e):
		escribir(w, errInterno.respuesta())
	case e.estado == http.StatusBadRequest:
		s.mostrarPagina(w, r, e.estado, avisoMonto)
	default:
		s.mostrarPagina(w, r, e.estado, avisoDecidida)
	}
}

// ponerFalla is POST /_fallas, the form of the page: it adds a Falla, or removes all.
func (s *Simulador) ponerFalla(w http.ResponseWriter, r *http.Request) {
	if !s.propia(w, r) {
		return
	}
	a := s.Ajustes()
	if r.PostFormValue("que") == "quitar" {
		a.Fallas = nil
	} else {
		f, ok := fallaDe(r)
		if !ok {
			s.mostrarPagina(w, r, http.StatusBadRequest, avisoFalla)
			return
		}
		a.Fallas = append(slices.Clone(a.Fallas), f)
	}
	if s.Ajustar(a) != nil {
		s.mostrarPagina(w, r, http.StatusBadRequest, avisoFalla)
		return
	}
	http.Redirect(w, r, Prefijo+"/", http.StatusSeeOther)
}

// fallaDe reads the Falla of a form; false when veces or cada is no number.
func fallaDe(r *http.Request) (Falla, bool) {
	veces, e1 := strconv.Atoi(oBien(r.PostFormValue("veces"), "0"))
	cada, e2 := strconv.Atoi(oBien(r.PostFormValue("cada"), "0"))
	return Falla{
		Clase:  r.PostFormValue("clase"),
		Accion: r.PostFormValue("accion"),
		Valor:  r.PostFormValue("valor"),
		Veces:  veces,
		Cada:   cada,
	}, e1 == nil && e2 == nil
}

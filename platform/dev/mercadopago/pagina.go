package mercadopago

import (
	"bytes"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"despensa/platform/money"
)

// ultimas is how many orders the page shows.
const ultimas = 50

var pagina = template.Must(template.New("libro").Funcs(template.FuncMap{
	"pesos":   pesos,
	"cobrada": func(a Asiento) bool { return a.Estado == procesada && a.Reembolsado < a.Cobrado },
	"espera": func(a Asiento) bool {
		return a.Estado == enProceso || a.Estado == requiere && a.Detalle != detReservado
	},
}).Parse(`<!doctype html>
<html lang="es-AR"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Simulador de la pasarela · Despensa</title><link rel="stylesheet" href="/dev/estilo.css"></head>
<body><header><h1><a href="/dev/">Despensa</a> <small>simulador de la pasarela</small></h1></header>
<main><p>Las últimas órdenes de pago, la más nueva primero. Acá no se cobra nada: el nombre del titular de la tarjeta decide
(<code>APRO</code> aprueba, <code>FUND</code> no tiene fondos).</p>
{{if .Ordenes}}<div class="ancho"><table><thead><tr><th scope="col">Orden</th><th scope="col">Referencia</th><th scope="col">Estado</th>
<th scope="col" class="plata">Cobrado</th><th scope="col" class="plata">Devuelto</th><th scope="col">Decidir</th></tr></thead><tbody>{{range .Ordenes}}
<tr><td class="codigo" data-t="Orden">{{.ID}}</td><td class="codigo" data-t="Referencia"><a href="/dev/mercadopago/_control/libro?referencia={{.Referencia}}">{{.Referencia}}</a></td>
<td data-t="Estado">{{.Estado}}{{with .Detalle}} ({{.}}){{end}}</td><td class="plata" data-t="Cobrado">{{pesos .Cobrado}}</td><td class="plata" data-t="Devuelto">{{pesos .Reembolsado}}</td>
<td>{{if espera .}}<form method="post" action="/dev/mercadopago/_pagina/{{.ID}}"><button name="que" value="pagar">Pagar</button>
<button name="que" value="rechazar">Rechazar</button><button name="que" value="vencer">Vencer</button></form>{{end}}
{{if cobrada .}}<form method="post" action="/dev/mercadopago/_pagina/{{.ID}}"><label>Monto <input name="monto" size="8" inputmode="decimal" placeholder="todo"></label>
<button name="que" value="devolver">Devolver</button><button name="que" value="contracargo">Contracargo</button></form>{{end}}</td></tr>{{end}}
</tbody></table></div>{{else}}<p>Todavía no hay órdenes.</p>{{end}}
<h2>Fallas</h2><p>Cómo contesta mal la pasarela cuando se lo piden; el libro sigue diciendo la verdad.</p>
{{if .Fallas}}<ul>{{range .Fallas}}<li><code>{{.Clase}}</code>{{with .Valor}} {{.}}{{end}} en {{if .Accion}}{{.Accion}}{{else}}toda llamada{{end}}{{if gt .Cada 1}}, una de cada {{.Cada}}{{end}}: {{.Hechas}} de {{.Vistas}}{{if .Veces}}, hasta {{.Veces}}{{end}}</li>{{end}}</ul>{{else}}<p>Ninguna.</p>{{end}}
<form method="post" action="/dev/mercadopago/_fallas"><label>Falla <select name="clase">{{range .Clases}}<option>{{.}}</option>{{end}}</select></label>
<label>Llamada <select name="accion"><option value="">todas</option>{{range .Acciones}}<option>{{.}}</option>{{end}}</select></label>
<label>Valor <input name="valor" size="12"></label> <label>Veces <input name="veces" size="3" inputmode="numeric" value="1"></label>
<label>Una de cada <input name="cada" size="3" inputmode="numeric" value="1"></label>
<button name="que" value="agregar">Agregar</button><button name="que" value="quitar">Quitar todas</button></form>
<p><a href="/dev/mercadopago/_control">Ajustes del simulador</a> y <a href="/dev/mercadopago/_control/libro">todo el libro</a>, en JSON.</p>
</main></body></html>
`))

// pesos writes an amount as people here do: $ 7.300,00.
func pesos(c int64) string {
	entero, cent, _ := strings.Cut(money.Centavos(c).Decimal(), ".")
	for i := len(entero) - 3; i > 0; i -= 3 {
		entero = entero[:i] + "." + entero[i:]
	}
	return "$ " + entero + "," + cent
}

// vista is what the page shows.
type vista struct {
	Ordenes          []Asiento
	Fallas           []Jugada
	Clases, Acciones []string
}

// verPagina shows the ledger to people.
func (s *Simulador) verPagina(w http.ResponseWriter, r *http.Request) {
	as, err := s.libro.recientes(r.Context(), ultimas)
	var b bytes.Buffer
	if err == nil {
		err = pagina.Execute(&b, vista{Ordenes: as, Fallas: s.Jugadas(), Clases: Clases(), Acciones: acciones})
	}
	if err != nil {
		s.o.Log.ErrorContext(r.Context(), "mercadopago: page", "error", err)
		http.Error(w, "page", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "same-origin") // or browsers hide the origin of the page's own buttons
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	_, _ = w.Write(b.Bytes()) // the browser may have gone
}

// decidir is a button of the page: the order is paid, refused or over, and the page shown anew.
func (s *Simulador) decidir(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<10)
	if s.cors.Check(r) != nil {
		http.Error(w, "another page may not do this", http.StatusForbidden)
		return
	}
	que, ok := s.decisiones(r.PostFormValue("monto"))[r.PostFormValue("que")]
	if !ok {
		http.Error(w, loDecidible, http.StatusBadRequest)
		return
	}
	if err := que(r.Context(), r.PathValue("id")); err != nil { // mostly: it has been decided meanwhile
		s.o.Log.InfoContext(r.Context(), "mercadopago: not decided", "error", err)
	}
	http.Redirect(w, r, Prefijo+"/", http.StatusSeeOther)
}

// ponerFalla is the page's form: one more Falla, or none at all.
func (s *Simulador) ponerFalla(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<10)
	if s.cors.Check(r) != nil {
		http.Error(w, "another page may not do this", http.StatusForbidden)
		return
	}
	a := s.Ajustes()
	if r.PostFormValue("que") == "quitar" {
		a.Fallas = nil
	} else {
		veces, e1 := strconv.Atoi(oBien(r.PostFormValue("veces"), "0"))
		cada, e2 := strconv.Atoi(oBien(r.PostFormValue("cada"), "0"))
		if e1 != nil || e2 != nil {
			http.Error(w, ErrAjustes.Error(), http.StatusBadRequest)
			return
		}
		a.Fallas = append(slices.Clone(a.Fallas), Falla{
			Clase:  r.PostFormValue("clase"),
			Accion: r.PostFormValue("accion"),
			Valor:  r.PostFormValue("valor"),
			Veces:  veces,
			Cada:   cada,
		})
	}
	if err := s.Ajustar(a); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, Prefijo+"/", http.StatusSeeOther)
}

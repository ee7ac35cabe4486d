package mercadopago

import (
	"bytes"
	"html/template"
	"net/http"
	"strings"

	"despensa/platform/money"
)

// ultimas is how many orders the page shows.
const ultimas = 50

var pagina = template.Must(template.New("libro").Funcs(template.FuncMap{
	"pesos": func(c int64) string { return "$ " + strings.Replace(money.Centavos(c).Decimal(), ".", ",", 1) },
}).Parse(`<!doctype html>
<html lang="es-AR"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Simulador de la pasarela · Despensa</title><link rel="stylesheet" href="/dev/estilo.css"></head>
<body><header><h1><a href="/dev/">Despensa</a> <small>simulador de la pasarela</small></h1></header>
<main><p>Las últimas órdenes de pago, la más nueva primero. Acá no se cobra nada: el nombre del titular de la tarjeta decide
(<code>APRO</code> aprueba, <code>FUND</code> no tiene fondos).</p>
{{if .}}<div class="ancho"><table><thead><tr><th scope="col">Orden</th><th scope="col">Referencia</th><th scope="col">Estado</th>
<th scope="col" class="plata">Cobrado</th><th scope="col" class="plata">Devuelto</th></tr></thead><tbody>{{range .}}
<tr><td class="codigo">{{.ID}}</td><td class="codigo">{{.Referencia}}</td><td>{{.Estado}}{{with .Detalle}} ({{.}}){{end}}</td>
<td class="plata">{{pesos .Cobrado}}</td><td class="plata">{{pesos .Reembolsado}}</td></tr>{{end}}
</tbody></table></div>{{else}}<p>Todavía no hay órdenes.</p>{{end}}
</main></body></html>
`))

// verPagina shows the ledger to people.
func (s *Simulador) verPagina(w http.ResponseWriter, r *http.Request) {
	as, err := s.libro.recientes(r.Context(), ultimas)
	var b bytes.Buffer
	if err == nil {
		err = pagina.Execute(&b, as)
	}
	if err != nil {
		s.o.Log.ErrorContext(r.Context(), "mercadopago: page", "error", err)
		http.Error(w, "page", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	_, _ = w.Write(b.Bytes()) // the browser may have gone
}

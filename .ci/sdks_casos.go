//go:build ignore

// Command sdks_casos prints, as JSON, the calls that .ci/sdks makes by each of MercadoPago's SDKs: the rows of its
// table, each with steps. The rows follow from the tables of docs/simulador.md, so that a promise there that the
// simulator breaks fails here. With tabla the command prints the results of the SDKs' programs, and exits with 1 when
// one failed.
// usage: sdks_casos docs/simulador.md, sdks_casos tabla FOLDER SDK…
package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// objeto is JSON.
type objeto = map[string]any

// caso is a row of the table.
type caso struct {
	Fila  string `json:"fila"`
	Pasos []paso `json:"pasos"`
}

// paso is one call and its answer. In Cuerpo and Ruta, REF is a reference of the caso's own, ORDEN the id of the order
// that the caso made last and PAGO that of its payment.
type paso struct {
	// Llama is a method of the SDK (token, methods, create, get, search, capture, cancel, refund, process), or control (a
	// command to the simulator), aviso (a webhook that must arrive) or fin (the caso's order must come to stand so).
	Llama      string   `json:"llama"`
	Cuerpo     objeto   `json:"cuerpo,omitempty"`
	Ruta       string   `json:"ruta,omitempty"`       // of control
	ID         string   `json:"id,omitempty"`         // instead of ORDEN
	Clave      string   `json:"clave,omitempty"`      // the idempotency key, in this caso; absent: one of its own
	Titular    string   `json:"titular,omitempty"`    // of the card that a create pays with, or that token names
	Tarjeta    string   `json:"tarjeta,omitempty"`    // its number; absent: the first of the document
	Codigo     string   `json:"codigo,omitempty"`     // its security code
	Credencial string   `json:"credencial,omitempty"` // another access token
	Estado     string   `json:"estado,omitempty"`     // of the order in the answer
	Detalle    string   `json:"detalle,omitempty"`    // of its payment; of a refusal, the end of its first cause
	Mismo      bool     `json:"mismo,omitempty"`      // the order is the one that the caso made last
	HTTP       int      `json:"http,omitempty"`       // the call is refused so
	Error      string   `json:"error,omitempty"`      // with this code
	Lista      []string `json:"lista,omitempty"`      // the methods that the answer lists: id, blank, type
	Cuantos    int      `json:"cuantos,omitempty"`    // orders that search finds
	Accion     string   `json:"accion,omitempty"`     // of aviso
	Minusculas bool     `json:"minusculas,omitempty"` // aviso is signed over the id in lower case
	Mudo       bool     `json:"mudo,omitempty"`       // the gateway is silent: the SDK gives up
	Cualquiera bool     `json:"cualquiera,omitempty"` // whatever the SDK makes of it, it comes back
}

// documento is docs/simulador.md.
type documento string

// filas are the cells of the tables below a heading.
func (d documento) filas(titulo string) (out [][]string) {
	_, resto, _ := strings.Cut(string(d), "\n## "+titulo+"\n")
	texto, _, _ := strings.Cut(resto, "\n## ")
	cuerpo := false
	for _, linea := range strings.Split(texto, "\n") {
		celdas := strings.Split(strings.Trim(linea, "| "), "|")
		switch {
		case !strings.HasPrefix(linea, "|"):
			cuerpo = false
		case strings.HasPrefix(linea, "| ---"):
			cuerpo = true
		case cuerpo:
			for i := range celdas {
				celdas[i] = strings.Trim(celdas[i], " `")
			}
			out = append(out, celdas)
		}
	}
	if len(out) == 0 {
		fmt.Fprintf(os.Stderr, "docs/simulador.md: nothing under %q\n", titulo)
		os.Exit(1)
	}
	return out
}

// orden is the body of an order for 200 pesos; cambios are members of its one payment.
func orden(modo, medio, tipo string, cambios objeto) objeto {
	como := objeto{"id": medio, "type": tipo}
	if strings.HasSuffix(tipo, "_card") {
		como["installments"] = 1
	}
	pago := objeto{"amount": "200.00", "payment_method": como}
	for k, v := range cambios {
		pago[k] = v
	}
	return objeto{
		"type": "online", "processing_mode": "automatic", "capture_mode": modo, "external_reference": "REF",
		"total_amount": "200.00",
		"payer": objeto{
			"email": "cliente1@testuser.com",
		},
		"transactions": objeto{"payments": []objeto{pago}},
	}
}

// compra creates an order by a card of titular.
func compra(modo, titular, estado, detalle string) paso {
	return paso{
		Llama:   "create",
		Cuerpo:  orden(modo, "master", "credit_card", nil),
		Titular: titular,
		Estado:  estado,
		Detalle: detalle,
	}
}

// Orders that stand well.
var (
	cobrada   = compra("automatic", "APRO", "processed", "accredited")
	reservada = compra("manual", "APRO", "action_required", "waiting_capture")
)

// negada is a step that is refused.
func negada(p paso, estado int, codigo string) paso {
	p.Estado, p.Detalle, p.HTTP, p.Error = "", "", estado, codigo
	return p
}

// con is p by another key or credential.
func con(p paso, f func(*paso)) paso { f(&p); return p }

func parcial(monto string) objeto {
	return objeto{"transactions": []objeto{{"id": "PAGO", "amount": monto}}}
}

func control(ruta string, cuerpo objeto) paso {
	return paso{Llama: "control", Ruta: ruta, Cuerpo: cuerpo}
}

const nadie = "ORDTST01AAAAAAAAAAAAAAAAAAAAAAAA"

// corrientes are an integrator's first calls.
func corrientes() []caso {
	rango := objeto{
		"begin_date":         "2020-01-01T00:00:00Z",
		"end_date":           "2099-01-01T00:00:00Z",
		"external_reference": "REF",
	}
	return []caso{
		{"a card, money taken", []paso{cobrada}},
		{
			"a card, reserved, captured",
			[]paso{reservada, {Llama: "capture", Estado: "processed", Detalle: "accredited"}},
		},
		{"a card, reserved, voided",
			[]paso{
				reservada,
				{Llama: "cancel", Estado: "canceled", Detalle: "canceled_transaction"},
			}},
		{"a card, decided a second later", []paso{
			compra("automatic_async", "APRO", "processing", "in_process"),
			{Llama: "fin", Estado: "processed", Detalle: "accredited"},
		}},
		{"a card, undecided, approved by command", []paso{
			compra(
				"automatic",
				"CONT",
				"processing",
				"in_process",
			), control("/ordenes/ORDEN/pagar", nil),
			{Llama: "get", Estado: "processed", Detalle: "accredited"},
		}},
		{
			"read",
			[]paso{
				cobrada,
				{Llama: "get", Estado: "processed", Detalle: "accredited", Mismo: true},
			},
		},
		{"search by reference", []paso{cobrada, {Llama: "search", Cuerpo: rango, Cuantos: 1}}},
		{
			"refund of all",
			[]paso{cobrada, {Llama: "refund", Estado: "refunded", Detalle: "refunded"}},
		},
		{"refund in part, then of the rest", []paso{
			cobrada,
			{
				Llama:   "refund",
				Cuerpo:  parcial("24.50"),
				Estado:  "processed",
				Detalle: "partially_refunded",
			},
			{Llama: "refund", Estado: "refunded", Detalle: "refunded"},
		}},
		{"the same key and body: the same order", []paso{
			con(
				cobrada,
				func(p *paso) { p.Clave = "k" },
			), con(cobrada, func(p *paso) { p.Clave, p.Mismo = "k", true }),
		}},
		{"a chargeback is seen", []paso{
			cobrada, control("/ordenes/ORDEN/contracargo", nil), {Llama: "get", Estado: "processed", Detalle: "settled"},
		}},
	}
}

// rechazos are refusals that come by themselves.
func rechazos() []caso {
	todo := func(p paso) paso { p.Estado, p.Detalle = "", ""; return p }
	otro := func(f func(objeto)) paso {
		p := cobrada
		p.Cuerpo = orden("automatic", "master", "credit_card", nil)
		f(p.Cuerpo)
		return p
	}
	ajena := paso{Llama: "token", Titular: "APRO", Tarjeta: "4111111111111111", Codigo: "123"}
	visa := cobrada
	visa.Cuerpo = orden("automatic", "visa", "credit_card", nil)
	return []caso{
		{"refused: a card that is no test card", []paso{negada(ajena, 400, "property_value")}},
		{"refused: the brand of another card", []paso{negada(visa, 400, "property_value")}},
		{"refused: an unknown member",
			[]paso{
				negada(
					otro(func(o objeto) { o["marketplace"] = "x" }),
					400,
					"unsupported_properties",
				),
			}},
		{
			"refused: no payer",
			[]paso{
				negada(otro(func(o objeto) { delete(o, "payer") }), 400, "required_properties"),
			},
		},
		{"refused: another total",
			[]paso{
				negada(
					otro(func(o objeto) { o["total_amount"] = "200.01" }),
					400,
					"invalid_total_amount",
				),
			}},
		{"refused: a payer who is not of the sandbox", []paso{
			negada(
				otro(func(o objeto) { o["payer"] = objeto{"email": "a@b.com"} }),
				400,
				"invalid_email_for_sandbox",
			),
		}},
		{
			"refused: an id that no order has",
			[]paso{negada(paso{Llama: "get", ID: "otra-cosa"}, 400, "invalid_path_param")},
		},
		{
			"refused: an unknown order",
			[]paso{negada(paso{Llama: "get", ID: nadie}, 404, "order_not_found")},
		},
		{"refused: another access token",
			[]paso{
				negada(
					paso{Llama: "get", ID: nadie, Credencial: "otro"},
					401,
					"invalid_credentials",
				),
			}},
		{"refused: what is not simulated (process)",
			[]paso{todo(reservada), negada(paso{Llama: "process"}, 404, "not_found")}},
		{"refused: captured twice",
			[]paso{
				reservada,
				{Llama: "capture"},
				negada(paso{Llama: "capture"}, 409, "cannot_capture_order"),
			}},
		{"refused: voided twice",
			[]paso{
				reservada,
				{Llama: "cancel"},
				negada(paso{Llama: "cancel"}, 409, "order_already_canceled"),
			}},
		{
			"refused: to void what is paid",
			[]paso{cobrada, negada(paso{Llama: "cancel"}, 409, "cannot_cancel_order")},
		},
		{"refused: to give back what is reserved",
			[]paso{reservada, negada(paso{Llama: "refund"}, 409, "cannot_refund_order")}},
		{"refused: to give back too much", []paso{
			cobrada, negada(paso{Llama: "refund", Cuerpo: parcial("200.01")}, 400, "refund_amount_exceeds"),
		}},
		{"refused: to give back twice",
			[]paso{
				cobrada,
				{Llama: "refund"},
				negada(paso{Llama: "refund"}, 409, "order_already_refunded"),
			}},
		{"refused: a payment of another order", []paso{cobrada, negada(paso{
			Llama: "refund", Cuerpo: objeto{"transactions": []objeto{{"id": "PAY01NADIE", "amount": "1.00"}}},
		}, 404, "transaction_not_found")}},
		{"refused: the same key, another body", []paso{
			con(cobrada, func(p *paso) { p.Clave = "k" }),
			negada(
				con(reservada, func(p *paso) { p.Clave = "k" }),
				409,
				"idempotency_key_already_used",
			),
		}},
		{"refused: the service is down", []paso{
			control(
				"",
				objeto{"caida": true},
			), negada(paso{Llama: "get", ID: nadie}, 503, "internal_error"),
			control("", objeto{"caida": false}),
		}},
		{"nobody answers", []paso{
			control("", objeto{"silencio": true}), {Llama: "get", ID: nadie, Mudo: true},
			control("", objeto{"silencio": false}),
		}},
	}
}

// avisos are webhooks, signed in each of the ways that are seen.
func avisos() []caso {
	asi := func(cambios objeto) paso { return control("", objeto{"avisos": cambios}) }
	return []caso{
		{"webhooks: signed, with milliseconds", []paso{
			asi(
				objeto{"demora_ms": 1},
			), reservada, {Llama: "aviso", Accion: "order.action_required"},
			{Llama: "capture"}, {Llama: "aviso", Accion: "order.processed"},
			{Llama: "refund"}, {Llama: "aviso", Accion: "order.refunded"},
		}},
		{"webhooks: with seconds, the id in lower case", []paso{
			asi(objeto{"segundos": true, "minusculas": true}), cobrada,
			{Llama: "aviso", Accion: "order.processed", Minusculas: true},
			asi(objeto{"segundos": false, "minusculas": false}),
		}},
	}
}

// deListas are the rows that follow from the document's tables.
func (d documento) deListas() (out []caso) {
	medios := caso{Fila: "payment methods"}
	var lista []string
	for _, f := range d.filas("Ways to pay") {
		lista = append(lista, f[0]+" "+f[1])
		if strings.HasSuffix(f[1], "_card") {
			continue
		}
		detalle := map[string]string{"ticket": "waiting_payment", "bank_transfer": "waiting_transfer"}[f[1]]
		espera := paso{
			Llama:   "create",
			Cuerpo:  orden("automatic", f[0], f[1], objeto{"expiration_time": "P1D"}),
			Estado:  "action_required",
			Detalle: detalle,
		}
		out = append(out,
			caso{f[0] + ": waits, paid by command",
				[]paso{
					espera,
					control("/ordenes/ORDEN/pagar", nil),
					{Llama: "get", Estado: "processed", Detalle: "accredited"},
				}},
			caso{f[0] + ": waits, voided",
				[]paso{
					espera,
					{Llama: "cancel", Estado: "canceled", Detalle: "canceled_transaction"},
				}})
	}
	slices.Sort(lista)
	medios.Pasos = []paso{{Llama: "methods", Lista: lista}}
	out = append(out, medios)
	for _, f := range d.filas("Test cards") {
		digitos, _ := strconv.Atoi(strings.TrimSuffix(f[2], " digits"))
		codigo := strings.Repeat("1", digitos)
		out = append(out, caso{"test card " + f[0] + " (" + f[1] + ")", []paso{
			{Llama: "token", Titular: "APRO", Tarjeta: f[0], Codigo: codigo},
			{
				Llama:   "create",
				Cuerpo:  orden("automatic", f[1], "credit_card", nil),
				Titular: "APRO",
				Tarjeta: f[0],
				Codigo:  codigo,
				Estado:  "processed",
				Detalle: "accredited",
			},
		}})
	}
	for _, f := range d.filas("Card holders") {
		p := compra("automatic", f[0], f[1], f[2])
		if f[1] == "failed" {
			p = negada(p, 402, "failed")
			p.Detalle = f[2]
		}
		out = append(out, caso{"card holder " + f[0], []paso{p}})
	}
	return out
}

// deFallas are each error, and each way of answering wrongly, on command.
func (d documento) deFallas() (out []caso) {
	for _, f := range d.filas("Errors") {
		estado, _ := strconv.Atoi(f[1])
		falla := objeto{
			"clase":  "negada",
			"valor":  f[0],
			"estado": estado,
			"accion": "leer",
			"veces":  1,
		}
		out = append(out, caso{"on command: " + f[0], []paso{
			cobrada, control("", objeto{"fallas": []objeto{falla}}), negada(paso{Llama: "get"}, estado, f[0]),
			{Llama: "get", Estado: "processed", Detalle: "accredited"},
		}})
	}
	for _, f := range d.filas("Faults") {
		if len(f) != 3 {
			continue // the table of refusals
		}
		for clase := range strings.SplitSeq(f[0], ", ") {
			if clase = strings.Trim(clase, "`"); clase == "negada" {
				continue // each error above
			}
			que, llama := "leer", paso{Llama: "get", Cualquiera: true}
			switch clase {
			case "cobra":
				que, llama = "crear", con(cobrada, func(p *paso) { p.Cualquiera = true })
			case "filas":
				que = "buscar"
				llama = paso{Llama: "search", Cualquiera: true,
					Cuerpo: objeto{
						"begin_date": "2020-01-01T00:00:00Z",
						"end_date":   "2099-01-01T00:00:00Z",
					}}
			}
			falla := objeto{"clase": clase, "accion": que, "veces": 1}
			out = append(out, caso{"a wrong answer: " + clase, []paso{
				cobrada, control("", objeto{"fallas": []objeto{falla}}), llama,
				{Llama: "get", ID: "ORDEN", Estado: "processed", Detalle: "accredited"},
			}})
		}
	}
	return out
}

// tabla prints the results of the programs in carpeta for each caso, and the resources that each program called. It
// returns true when no caso failed.
func tabla(carpeta string, sdks []string) bool {
	var todo struct {
		Recursos []string `json:"recursos"`
		Casos    []caso   `json:"casos"`
	}
	b, err := os.ReadFile(filepath.Join(carpeta, "casos.json"))
	if err == nil {
		err = json.Unmarshal(b, &todo)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return false
	}
	filas := make([]string, 0, len(todo.Casos)+len(todo.Recursos))
	for _, r := range todo.Recursos {
		filas = append(filas, "called: "+r)
	}
	for _, c := range todo.Casos {
		filas = append(filas, c.Fila)
	}
	dichos := map[string]map[string]string{}
	for _, s := range sdks {
		dichos[s] = leerDicho(carpeta, s)
	}
	bien := true
	var fallas []string
	fmt.Printf("%-52s %s\n", "operation", strings.Join(sdks, "  "))
	for _, f := range filas {
		fmt.Printf("%-52s", f)
		for _, s := range sdks {
			dicho := dichos[s][f]
			if dichos[s] == nil {
				dicho = "-"
			} else if dicho != "ok" {
				bien = false
				porque := cmp.Or(strings.TrimPrefix(dicho, "FAILED: "), "nothing was said of it")
				fallas = append(fallas, fmt.Sprintf("FAILED  %s: %s: %.200s", s, f, porque))
				dicho = "FAIL"
			}
			fmt.Printf(" %-*s", len(s)+1, dicho)
		}
		fmt.Println()
	}
	for _, f := range fallas {
		fmt.Println(f)
	}
	for _, s := range sdks {
		if b, err := os.ReadFile(filepath.Join(carpeta, s, "errores")); err == nil &&
			len(b) > 0 {
			bien = false
			fmt.Printf("%s", b)
		}
	}
	return bien
}

// leerDicho returns the result of an SDK's program for each row; nil: the SDK was SKIPPED.
func leerDicho(carpeta, sdk string) map[string]string {
	b, err := os.ReadFile(filepath.Join(carpeta, sdk, "dicho"))
	if err != nil {
		return nil
	}
	out := map[string]string{}
	for linea := range strings.SplitSeq(string(b), "\n") {
		switch celdas := strings.Split(linea, "\t"); {
		case celdas[0] == "row" && len(celdas) == 3:
			out[celdas[1]] = celdas[2]
		case celdas[0] == "call" && len(celdas) == 2:
			out["called: "+celdas[1]] = "ok"
		}
	}
	return out
}

func main() {
	if len(os.Args) > 3 && os.Args[1] == "tabla" {
		if !tabla(os.Args[2], os.Args[3:]) {
			os.Exit(1)
		}
		return
	}
	b, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	d := documento(b)
	var recursos []string
	for _, f := range d.filas("Resources") {
		recursos = append(recursos, f[0])
	}
	casos := slices.Concat(corrientes(), d.deListas(), rechazos(), avisos(), d.deFallas())
	if err := json.NewEncoder(os.Stdout).Encode(objeto{"recursos": recursos, "casos": casos}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

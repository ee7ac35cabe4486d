package mercadopago

import (
	"fmt"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const elDocumento = "../../../docs/simulador.md"

// leerArchivo reads a file, relative to this folder, as text.
func leerArchivo(t *testing.T, nombre string) string {
	t.Helper()
	b, err := os.ReadFile(nombre)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// seccion is the text of MERCADOPAGO.md below a heading.
func seccion(t *testing.T, titulo string) string {
	t.Helper()
	_, resto, hay := strings.Cut(leerArchivo(t, elDocumento), "\n## "+titulo+"\n")
	if !hay {
		t.Fatalf("no section %q", titulo)
	}
	texto, _, _ := strings.Cut(resto, "\n## ")
	return texto
}

// filas are the rows of the tables below a heading: the first n cells of each, without backquotes, joined by blanks.
func filas(t *testing.T, titulo string, n int) (out []string) {
	t.Helper()
	for _, linea := range strings.Split(seccion(t, titulo), "\n") {
		if celdas := strings.Split(linea, "|"); len(celdas) > n+1 &&
			strings.HasPrefix(linea, "| `") {
			for i := range celdas {
				celdas[i] = strings.Trim(celdas[i], " `")
			}
			out = append(out, strings.Join(celdas[1:n+1], " "))
		}
	}
	return out
}

// todas gives each match of expresion in the source file nombre, with its groups.
func todas(t *testing.T, nombre, expresion string) [][]string {
	t.Helper()
	return regexp.MustCompile(expresion).FindAllStringSubmatch(leerArchivo(t, nombre), -1)
}

// TestTheDocumentListsWhatItSimulates compares MERCADOPAGO.md with the program: resources, errors, test cards, ways to
// pay and webhooks. The script .ci/sdks relies on the document.
func TestTheDocumentListsWhatItSimulates(t *testing.T) {
	var tiene struct{ recursos, errores, titulares, tarjetas, medios, acciones []string }
	for _, m := range todas(t, "simulator.go", `HandleFunc\(\s*"(\w+ /v1/[^"]*)"`) {
		tiene.recursos = append(tiene.recursos, m[1])
	}
	errores := map[string]string{}
	for _, m := range todas(t, "errors.go", `errorOf\(\s*(\d+),\s*"(\w+)"`) {
		if m[1] != "503" { // errOutage has the code internal_error too
			errores[m[2]] = m[2] + " " + m[1]
		}
	}
	tiene.errores = slices.Collect(maps.Values(errores))
	for nombre, d := range outcomes {
		if d.approved {
			d.status, d.detail = processed, detAccredited
		}
		tiene.titulares = append(tiene.titulares, nombre+" "+d.status+" "+d.detail)
	}
	for numero, x := range testCards {
		tiene.tarjetas = append(
			tiene.tarjetas,
			fmt.Sprintf("%s %s %d digits", numero, x.brand, x.codeLength),
		)
	}
	for _, m := range paymentMethods {
		tiene.medios = append(tiene.medios, m.ID+" "+m.PaymentTypeID)
	}
	for _, estado := range []string{
		processed, actionRequired, inProcess, failed, canceled, "expired", refunded, chargedBack,
	} {
		tiene.acciones = append(tiene.acciones, "order."+estado)
	}
	tests := map[string]struct {
		tiene  []string
		celdas int
	}{
		"Resources":    {tiene.recursos, 1},
		"Errors":       {tiene.errores, 2},
		"Card holders": {tiene.titulares, 3},
		"Test cards":   {tiene.tarjetas, 3},
		"Ways to pay":  {tiene.medios, 2},
		"Webhooks":     {tiene.acciones, 1},
	}
	for titulo, tt := range tests {
		t.Run(titulo, func(t *testing.T) {
			dice := filas(t, titulo, tt.celdas)
			dice = slices.DeleteFunc(
				dice,
				func(f string) bool { // rows that are headings of a table
					return f == "action" || f == "code status" || f == "payment_method.id type"
				},
			)
			slices.Sort(dice)
			slices.Sort(tt.tiene)
			if !slices.Equal(dice, tt.tiene) {
				t.Errorf(
					"the document says\n%s\nthe program has\n%s",
					strings.Join(dice, "\n"),
					strings.Join(tt.tiene, "\n"),
				)
			}
		})
	}
}

// TestTheDocumentNamesEachCommand: MERCADOPAGO.md names each command, setting and fault of the control API.
func TestTheDocumentNamesEachCommand(t *testing.T) {
	var ordenes, fallas []string
	for _, x := range []reflect.Type{reflect.TypeFor[Settings](), reflect.TypeFor[NoticeSettings]()} {
		for i := range x.NumField() {
			ordenes = append(ordenes, x.Field(i).Tag.Get("json"))
		}
	}
	ordenes = append(ordenes, strings.Split(decisionNames, ", ")...)
	fallas = append(Classes(), actions...)
	for titulo, nombres := range map[string][]string{"Commands": ordenes, "Faults": fallas} {
		texto := seccion(t, titulo)
		for _, n := range nombres {
			if !regexp.MustCompile("[`/]" + regexp.QuoteMeta(n) + "[`?]").MatchString(texto) {
				t.Errorf("%s: nothing about %s", titulo, n)
			}
		}
	}
}

// TestTheDocumentHasTheWaits: MERCADOPAGO.md has the times between the tries of a webhook and the lifetimes.
func TestTheDocumentHasTheWaits(t *testing.T) {
	avisos, recursos := seccion(t, "Webhooks"), seccion(t, "Resources")
	if !strings.Contains(avisos, "after 1 s, 5 s, 15 s, 1, 5, 15 and 60 minutes") ||
		fmt.Sprint(retryWaits) != "[1s 5s 15s 1m0s 5m0s 15m0s 1h0m0s]" {
		t.Errorf("%v", retryWaits)
	}
	dias := func(horas float64) string { return strconv.Itoa(int(horas/24)) + " days" }
	for _, d := range []float64{reservationLife.Hours(), refundLife.Hours(), tokenLife.Hours()} {
		if !strings.Contains(recursos, dias(d)) {
			t.Errorf("nothing about %s", dias(d))
		}
	}
}

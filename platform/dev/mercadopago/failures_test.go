package mercadopago

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// fallar sets the Failures of the simulator over the control API.
func (b *banco) fallar(failures ...Failure) {
	b.t.Helper()
	c, err := json.Marshal(map[string]any{"fallas": append([]Failure{}, failures...)})
	if err != nil {
		b.t.Fatal(err)
	}
	if estado, cuerpo := b.llamar(http.MethodPost, "/_control", string(c), nil); estado != http.StatusOK {
		b.t.Fatalf("HTTP %d %s", estado, cuerpo)
	}
}

// get makes a GET request below /v1 with the access token.
func (b *banco) get(ruta string) (int, string) {
	return b.llamar(
		http.MethodGet,
		"/v1"+ruta,
		"",
		map[string]string{"Authorization": "Bearer " + credencial},
	)
}

// debito makes an order of 200.00 that is paid at once, and gives the order's id.
func (b *banco) debito(ref string) string {
	b.t.Helper()
	return b.crear("c-"+ref, tarjeta(ref, "automatic", b.ficha("APRO"))).ID
}

func TestWrongAnswers(t *testing.T) {
	tests := map[string]struct {
		falla  Failure
		estado int
		con    []string
		sin    []string
	}{
		"vacia":  {Failure{}, 200, nil, []string{"{"}},
		"null":   {Failure{}, 200, []string{"null"}, []string{"{"}},
		"objeto": {Failure{}, 200, []string{"{}"}, []string{"id"}},
		"204":    {Failure{}, 204, nil, []string{"{"}},
		"302":    {Failure{}, 302, nil, []string{"{"}},
		"monto": {Failure{}, 200, []string{
			`"total_amount":"1.00"`, `"total_paid_amount":"1.00"`, `"amount":"1.00"`, `"paid_amount":"1.00"`,
		}, []string{"200.00"}},
		"pagado": {
			Failure{Valor: "-5.00"},
			200,
			[]string{`"total_paid_amount":"-5.00"`, `"amount":"200.00"`},
			nil,
		},
		"moneda":     {Failure{}, 200, []string{`"currency":"USD"`}, nil},
		"orden":      {Failure{Valor: "ORD2"}, 200, []string{`"id":"ORD2"`}, nil},
		"referencia": {Failure{}, 200, []string{`"external_reference":"de-otro-1"`}, nil},
		"sin_referencia": {
			Failure{},
			200,
			[]string{`"total_amount":"200.00"`},
			[]string{"external_reference"},
		},
		"sin_pago": {
			Failure{},
			200,
			[]string{`"payments":[]`, `"status":"processed"`},
			nil,
		},
		"pago_fallido": {
			Failure{},
			200,
			[]string{`"status":"failed"`, `"status":"processed"`, "rejected_by_issuer"},
			nil,
		},
		"negada": {
			Failure{Valor: "property_value"},
			400,
			[]string{`"code":"property_value"`},
			[]string{"ORD"},
		},
	}
	b := nuevoBanco(t, t.TempDir())
	id := b.debito("p-1")
	for clase, tt := range tests {
		t.Run(clase, func(t *testing.T) {
			tt.falla.Clase, tt.falla.Accion, tt.falla.Veces = clase, "leer", 1
			b.fallar(tt.falla)
			estado, cuerpo := b.get("/orders/" + id)
			if estado != tt.estado {
				t.Errorf("HTTP %d", estado)
			}
			for _, s := range tt.con {
				if !strings.Contains(cuerpo, s) {
					t.Errorf("no %s in %s", s, cuerpo)
				}
			}
			for _, s := range tt.sin {
				if strings.Contains(cuerpo, s) {
					t.Errorf("%s in %s", s, cuerpo)
				}
			}
			if _, cuerpo := b.get("/orders/" + id); !strings.Contains(cuerpo, `"paid_amount":"200.00"`) {
				t.Errorf("afterwards: %s", cuerpo)
			}
		})
	}
	if l := b.libro(); len(l) != 1 || l[0].Cobrado != 20_000 || l[0].Reembolsado != 0 {
		t.Errorf("the ledger lies: %+v", l)
	}
}

// TestWrongAnswersOneAfterAnother: when several Failures hit one call, an answer that one of them has emptied stays
// empty.
func TestWrongAnswersOneAfterAnother(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	id := b.debito("p-1")
	for nada, want := range map[string]string{"null": "null", "vacia": "", "204": ""} {
		for _, clase := range Classes() {
			if clase == failureRefused || clase == failureAmount || emptyAnswers[clase] != nil {
				continue
			}
			b.fallar(
				Failure{Clase: nada, Accion: "leer"},
				Failure{Clase: clase, Accion: "leer"},
			)
			if estado, cuerpo := b.get("/orders/" + id); estado >= 300 ||
				strings.TrimSpace(cuerpo) != want {
				t.Errorf("%s, then %s: HTTP %d %s", nada, clase, estado, cuerpo)
			}
		}
	}
}

// TestAnAnswerThatIsTooLarge: the class enorme answers as usual and adds 64 MiB of blanks.
func TestAnAnswerThatIsTooLarge(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	id := b.debito("p-1")
	b.fallar(Failure{Clase: "enorme", Accion: "leer"})
	_, cuerpo := b.get("/orders/" + id)
	if len(cuerpo) < mebi<<20 || !json.Valid([]byte(cuerpo)) {
		t.Errorf("%d bytes", len(cuerpo))
	}
}

// TestOneCallInSoMany: Cada makes every n-th call wrong, counted per Failure.
func TestOneCallInSoMany(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	id := b.debito("p-1")
	b.fallar(
		Failure{Clase: "null", Accion: "leer", Cada: 3, Veces: 2},
		Failure{Clase: "204", Accion: "buscar"},
	)
	var malas []string
	for n := range 12 {
		if _, cuerpo := b.get("/orders/" + id); cuerpo == "null" {
			malas = append(malas, fmt.Sprint(n+1))
		}
	}
	if got := strings.Join(malas, " "); got != "3 6" {
		t.Errorf("wrong: %s", got)
	}
	if j := b.s.Failures(); len(j) != 2 || j[0].Hechas != 2 || j[1].Vistas != 0 {
		t.Errorf("counted %+v", j)
	}
	// A body without the member fallas leaves the Failures and their counts.
	b.llamar(http.MethodPost, "/_control", `{"latencia_ms":0}`, nil)
	if j := b.s.Failures(); len(j) != 2 || j[0].Hechas != 2 {
		t.Errorf("counted %+v", j)
	}
	b.fallar()
	if j := b.s.Failures(); len(j) != 0 {
		t.Errorf("left: %+v", j)
	}
}

func TestRefusalsHaveNoEffect(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	for codigo, estado := range map[string]int{
		"property_value": 400, "failed": 402, "forbidden": 403, "cannot_refund_order": 409, "resource_locked": 423,
		"brand_new": 418,
	} {
		f := Failure{Clase: "negada", Valor: codigo, Veces: 1}
		if codigo == "brand_new" {
			f.Estado = estado
		}
		b.fallar(f)
		_, err := b.ordenes.Create(b.clave("c"), tarjeta("p-1", "automatic", b.ficha("APRO")))
		niega(t, err, estado, codigo)
	}
	if l := b.libro(); len(l) != 0 {
		t.Errorf("ledger: %+v", l)
	}
}

// TestAnOrderOfAnotherAmount: the class cobra changes the amount in the ledger too, and a repeated call shows the same
// amount.
func TestAnOrderOfAnotherAmount(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	b.fallar(Failure{Clase: "cobra", Accion: "crear", Valor: "1.00", Veces: 1})
	p := tarjeta("p-1", "manual", b.ficha("APRO"))
	for range 2 {
		if o := b.crear("c1", p); o.TotalAmount != "1.00" ||
			o.Transactions.Payments[0].Amount != "1.00" {
			t.Fatalf("%+v", o)
		}
	}
	if _, err := b.ordenes.Capture(b.clave("c2"), b.libro()[0].ID); err != nil {
		t.Fatal(err)
	}
	if l := b.libro(); l[0].Cobrado != 100 {
		t.Errorf("ledger: %+v", l)
	}
}

func TestRowsThatArePointers(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	id := b.debito("p-1")
	b.fallar(Failure{Clase: "filas", Accion: "buscar"})
	_, cuerpo := b.get(
		"/orders?external_reference=p-1&begin_date=2020-01-01T00:00:00Z&end_date=2040-01-01T00:00:00Z",
	)
	var l struct{ Data []map[string]any }
	err := json.Unmarshal([]byte(cuerpo), &l)
	if err != nil || len(l.Data) != 1 || len(l.Data[0]) != 5 || l.Data[0]["id"] != id {
		t.Errorf("%v: %s", err, cuerpo)
	}
}

func TestFaultsThatAreNone(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	for _, f := range []string{
		`{"clase":"x"}`, `{"clase":""}`, `{"clase":"null","accion":"x"}`, `{"clase":"null","veces":-1}`,
		`{"clase":"null","cada":-1}`, `{"clase":"negada"}`, `{"clase":"negada","valor":"brand_new"}`,
		`{"clase":"null","estado":7}`, `{"clase":"null","que":1}`,
	} {
		estado, _ := b.llamar(http.MethodPost, "/_control", `{"fallas":[`+f+`]}`, nil)
		if estado != http.StatusBadRequest {
			t.Errorf("%s: HTTP %d", f, estado)
		}
	}
	if a := b.s.Settings(); len(a.Failures) != 0 {
		t.Errorf("taken: %+v", a.Failures)
	}
}

// TestEveryClassCanBePlayed: the control API takes a Failure of each class, and GET _control/fallas lists the classes.
func TestEveryClassCanBePlayed(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	_, cuerpo := b.llamar(http.MethodGet, "/_control/fallas", "", nil)
	for _, c := range Classes() {
		if f := (Failure{Clase: c, Valor: "property_value"}); !f.valid() ||
			!strings.Contains(cuerpo, `"`+c+`"`) {
			t.Errorf("%s", c)
		}
	}
}

// TestThePageOfFaults: the form of the page adds a Failure, the page shows it, and the other button removes all
// Failures.
func TestThePageOfFaults(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	forma := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	poner := func(campos string) int {
		estado, _ := b.llamar(http.MethodPost, "/_fallas", campos, forma)
		return estado
	}
	estado := poner("que=agregar&clase=monto&accion=leer&valor=7.00&veces=3&cada=2")
	if estado != http.StatusOK { // the client has followed the redirect to the page
		t.Fatalf("HTTP %d", estado)
	}
	want := Failure{Clase: "monto", Accion: "leer", Valor: "7.00", Veces: 3, Cada: 2}
	if j := b.s.Failures(); len(j) != 1 || j[0].Failure != want {
		t.Fatalf("%+v", j)
	}
	_, pagina := b.llamar(http.MethodGet, "/", "", nil)
	if !strings.Contains(pagina, "<code>monto</code> 7.00 en leer, una de cada 2: 0 de 0, hasta 3") {
		t.Errorf("%s", pagina)
	}
	for _, mala := range []string{"clase=x", "clase=null&veces=x", "clase=null&cada=-1"} {
		if estado := poner("que=agregar&" + mala); estado != http.StatusBadRequest {
			t.Errorf("%s: HTTP %d", mala, estado)
		}
	}
	forma["Origin"] = "https://otra.example"
	if estado := poner("que=quitar"); estado != http.StatusForbidden {
		t.Errorf("from another page: HTTP %d", estado)
	}
	delete(forma, "Origin")
	if poner("que=quitar"); len(b.s.Failures()) != 0 {
		t.Error("they stay")
	}
}

// TestMoneyMovedAtThePanel: a partial refund, a refund of the rest and a chargeback at the gateway's panel each send a
// notice.
func TestMoneyMovedAtThePanel(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	id := b.debito("p-1")
	mandar := func(ruta string, want int) string {
		t.Helper()
		estado, cuerpo := b.llamar(http.MethodPost, "/_control/ordenes/"+id+ruta, "", nil)
		if estado != want {
			t.Fatalf("%s: HTTP %d %s", ruta, estado, cuerpo)
		}
		return cuerpo
	}
	mandar("/devolver?monto=x", http.StatusBadRequest)
	mandar("/devolver?monto=200.01", http.StatusBadRequest)
	mandar("/devolver?monto=50.00", http.StatusOK)
	if l := b.libro(); l[0].Reembolsado != 5_000 || l[0].Detalle != detPartial {
		t.Errorf("%+v", l)
	}
	mandar("/devolver", http.StatusOK)
	if l := b.libro(); l[0].Reembolsado != 20_000 || l[0].Estado != refunded {
		t.Errorf("%+v", l)
	}
	mandar("/contracargo", http.StatusConflict)
	id = b.debito("p-2")
	c := mandar("/contracargo", http.StatusOK)
	for _, s := range []string{`"chargebacks":[{"id":"CHB`, `"status":"charged_back"`} {
		if !strings.Contains(c, s) {
			t.Errorf("no %s in %s", s, c)
		}
	}
	mandar("/contracargo", http.StatusConflict)
	hasta(t, "notices", func() bool {
		acciones := map[string]int{}
		for _, a := range b.buzon.todos() {
			acciones[a.accion]++
		}
		return acciones["order.refunded"] == 2 && acciones["order.charged_back"] == 1
	})
}

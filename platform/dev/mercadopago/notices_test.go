package mercadopago

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mercadopago/sdk-go/pkg/webhook"
)

func (b *banco) ajustar(f func(*Settings)) {
	b.t.Helper()
	a := b.s.Settings()
	f(&a)
	if err := b.s.Configure(a); err != nil {
		b.t.Fatal(err)
	}
}

func TestAvisos(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	b.ajustar(func(a *Settings) { a.Notices.DelayMS = 10 })
	o := b.crear("c1", tarjeta("p-1", "manual", b.ficha("APRO")))
	hasta(t, "the notice of the reservation", func() bool { return len(b.buzon.todos()) == 1 })
	if _, err := b.ordenes.Capture(b.clave("c2"), o.ID); err != nil {
		t.Fatal(err)
	}
	hasta(t, "the notice of the capture", func() bool { return len(b.buzon.todos()) == 2 })
	vs := b.buzon.todos()
	if vs[0].accion != "order.action_required" || vs[1].accion != "order.processed" ||
		vs[0].rid == vs[1].rid {
		t.Fatalf("%+v", vs)
	}
	for _, v := range vs {
		if v.id != o.ID || v.tipo != "order" {
			t.Fatalf("%+v", v)
		}
		if err := webhook.ValidateSignature(v.firma, v.rid, v.id, secreto, webhook.WithTolerance(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if webhook.ValidateSignature(v.firma, v.rid, v.id, "otro") == nil {
			t.Fatal("any secret does")
		}
	}
}

func TestAvisosFirmas(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	b.ajustar(
		func(a *Settings) { a.Notices = NoticeSettings{DelayMS: 1, LowerCase: true, Seconds: true, Repeat: 4} },
	)
	b.crear("c1", tarjeta("p-1", "manual", b.ficha("APRO")))
	hasta(t, "five notices", func() bool { return len(b.buzon.todos()) == 5 })
	for _, v := range b.buzon.todos() {
		if err := webhook.ValidateSignature(v.firma, v.rid, strings.ToLower(v.id), secreto); err != nil {
			t.Fatal(err)
		}
		ts, _, _ := strings.Cut(strings.TrimPrefix(v.firma, "ts="), ",")
		if n, err := strconv.ParseInt(ts, 10, 64); err != nil || n > 1e11 {
			t.Fatalf("ts %s is not in seconds", ts)
		}
	}
}

func TestAvisosVuelven(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	b.ajustar(func(a *Settings) { a.Notices.DelayMS = 0 })
	b.buzon.mu.Lock()
	b.buzon.negar = 1
	b.buzon.mu.Unlock()
	b.crear("c1", tarjeta("p-1", "manual", b.ficha("APRO")))
	hasta(
		t,
		"the refusal",
		func() bool { b.buzon.mu.Lock(); defer b.buzon.mu.Unlock(); return b.buzon.negar == 0 },
	)
	if n := len(b.buzon.todos()); n != 0 {
		t.Fatalf("%d notices taken", n)
	}
	b.r.pasar(retryWaits[0])
	hasta(t, "the second try", func() bool { return len(b.buzon.todos()) == 1 })
}

func TestAvisosPerdidos(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	b.ajustar(func(a *Settings) { a.Notices = NoticeSettings{Lose: 1} })
	perdida := b.crear("c1", tarjeta("p-1", "manual", b.ficha("APRO")))
	hasta(t, "an empty queue", func() bool { return b.enCola() == 0 })
	b.ajustar(func(a *Settings) { a.Notices = NoticeSettings{} })
	otra := b.crear("c2", tarjeta("p-2", "manual", b.ficha("APRO")))
	hasta(t, "the other notice", func() bool { return len(b.buzon.todos()) == 1 })
	if v := b.buzon.todos()[0]; v.id != otra.ID || v.id == perdida.ID {
		t.Fatalf("%+v", v)
	}
}

func (b *banco) enCola() int64 {
	var n int64
	if err := b.s.ledger.db.Read(b.t.Context()).Model(&noticeRow{}).Count(&n).Error; err != nil {
		b.t.Fatal(err)
	}
	return n
}

func TestAvisosDesordenados(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	b.ajustar(func(a *Settings) { a.Notices = NoticeSettings{DelayMS: 20, Shuffle: true} })
	var creadas []string
	for _, c := range strings.Split("abcdefghijkl", "") {
		creadas = append(creadas, b.crear(c, tarjeta("p-"+c, "manual", b.ficha("APRO"))).ID)
	}
	hasta(t, "all notices", func() bool { return len(b.buzon.todos()) == len(creadas) })
	var vinieron []string
	for _, v := range b.buzon.todos() {
		vinieron = append(vinieron, v.id)
	}
	if slices.Equal(creadas, vinieron) {
		t.Fatal("they came in order")
	}
}

func TestAvisosTrasReinicio(t *testing.T) {
	carpeta := t.TempDir()
	uno := nuevoBanco(t, carpeta)
	uno.ajustar(func(a *Settings) { a.Notices.DelayMS = 3_600_000 })
	o := uno.crear("c1", tarjeta("p-1", "manual", uno.ficha("APRO")))
	uno.cerrar()
	dos := nuevoBanco(t, carpeta)
	dos.r.pasar(time.Hour + time.Second)
	hasta(t, "the notice from before", func() bool { return len(dos.buzon.todos()) == 1 })
	if v := dos.buzon.todos()[0]; v.id != o.ID {
		t.Fatalf("%+v", v)
	}
	if len(uno.buzon.todos()) != 0 {
		t.Fatal("sent too early")
	}
}

func TestVencimientoAvisa(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	b.ajustar(func(a *Settings) { a.Notices.DelayMS = 0 })
	b.crear("c1", tarjeta("p-1", "manual", b.ficha("APRO")))
	b.r.pasar(reservationLife)
	hasta(
		t,
		"the notice of the lapse",
		func() bool { // without a call on the order: the sweep applies the lapse
			return slices.ContainsFunc(
				b.buzon.todos(),
				func(v avisado) bool { return v.accion == "order.canceled" },
			)
		},
	)
	if l := b.libro(); l[0].Estado != canceled {
		t.Fatalf("%+v", l)
	}
}

func TestCaidaSilencioLatencia(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	f := b.ficha("APRO")
	corto := func(d time.Duration) context.Context {
		ctx, fin := context.WithTimeout(b.clave("c1"), d)
		t.Cleanup(fin)
		return ctx
	}
	if n, c := b.llamar(http.MethodPut, "/_control", `{"caida":true}`, nil); n != http.StatusOK {
		t.Fatalf("%d %s", n, c)
	}
	_, err := b.ordenes.Create(b.clave("c1"), tarjeta("p-1", "manual", f))
	niega(t, err, http.StatusServiceUnavailable, "internal_error")
	b.ajustar(func(a *Settings) { a.Outage, a.Silence = false, true })
	if _, err := b.ordenes.Create(corto(50*time.Millisecond), tarjeta("p-1", "manual", f)); err == nil {
		t.Fatal("silence answered")
	}
	if l := b.libro(); len(l) != 0 {
		t.Fatalf("an outage had an effect: %+v", l)
	}
	b.ajustar(func(a *Settings) { a.Silence, a.LatencyMS = false, 60_000 })
	if _, err := b.ordenes.Create(corto(time.Second), tarjeta("p-1", "manual", f)); err == nil {
		t.Fatal("a minute was no time")
	}
	if l := b.libro(); len(l) != 1 {
		t.Fatalf("the effect whose answer was lost: %+v", l)
	}
	b.ajustar(func(a *Settings) { a.LatencyMS = 30 })
	antes := time.Now()
	o := b.crear("c1", tarjeta("p-1", "manual", f))
	if time.Since(antes) < 30*time.Millisecond || len(b.libro()) != 1 {
		t.Fatal("no latency, or a second order")
	}
	b.espera(o, actionRequired, detReserved)
}

func TestControlNiega(t *testing.T) {
	b := nuevoBanco(t, t.TempDir())
	o := b.crear("c1", tarjeta("p-1", "manual", b.ficha("APRO")))
	for nombre, tt := range map[string]struct {
		metodo, ruta, cuerpo, origen string
		estado                       int
	}{
		"unknown setting":    {http.MethodPut, "/_control", `{"x":1}`, "", 400},
		"out of range":       {http.MethodPut, "/_control", `{"avisos":{"perder":2}}`, "", 400},
		"another origin":     {http.MethodPut, "/_control", `{}`, "http://evil.example", 403},
		"unknown order":      {http.MethodPost, "/_control/ordenes/ORDNADA/pagar", "", "", 404},
		"unknown decision":   {http.MethodPost, "/_control/ordenes/" + o.ID + "/regalar", "", "", 400},
		"nothing to decide":  {http.MethodPost, "/_control/ordenes/" + o.ID + "/pagar", "", "", 409},
		"the ledger, by ref": {http.MethodGet, "/_control/libro?referencia=p-1", "", "", 200},
	} {
		t.Run(nombre, func(t *testing.T) {
			cab := map[string]string{}
			if tt.origen != "" {
				cab["Origin"] = tt.origen
			}
			if n, c := b.llamar(tt.metodo, tt.ruta, tt.cuerpo, cab); n != tt.estado {
				t.Fatalf("%d %s", n, c)
			}
		})
	}
	n, c := b.llamar(http.MethodPost, "/_control", `{"avisos":{"repetir":2}}`, nil)
	if a := b.s.Settings().Notices; n != 200 || a.DelayMS != 100 || a.Repeat != 2 {
		t.Fatalf("the other settings changed: %s", c)
	}
}

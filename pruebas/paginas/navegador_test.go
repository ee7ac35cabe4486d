package paginas_test

import (
	"context"
	"encoding/json"
	"testing"

	"despensa/pruebas/kit"

	"github.com/chromedp/chromedp"
)

// mirar evaluates guion in the page.
func mirar[T any](ctx context.Context, t *testing.T, guion string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](guion))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// llega waits until guion is true in the page.
func llega(ctx context.Context, t *testing.T, guion string) {
	t.Helper()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](guion)); err != nil {
		dice, _ := chromedp.Run(
			context.WithoutCancel(ctx),
			chromedp.Evaluate[string]("document.body.innerText"),
		)
		t.Fatalf("in vain: %s: %v; the page says:\n%s", guion, err, dice)
	}
}

// entrar logs in by the provider's page.
func entrar(ctx context.Context, t *testing.T, url, login, a string) {
	t.Helper()
	err := chromedp.Do(ctx,
		chromedp.Navigate(url+"/sesion/inicio?login_hint="+login+"&a="+a),
		chromedp.SendKeys("#password", "despensa"),
		chromedp.Click("button[type=submit]"),
		chromedp.WaitVisible("header .quien form"),
	)
	if err != nil {
		t.Fatal(err)
	}
}

// cortados lists the elements that a reader cannot reach: buttons, fields and texts outside of the window, or cut off
// by a box that hides its overflow; and the page itself when it is wider than the window.
const cortados = `(() => {
  const ancho = document.documentElement.clientWidth, malos = [];
  const pagina = document.documentElement.scrollWidth;
  if (pagina > ancho) { malos.push("the page: " + pagina + " of " + ancho); }
  for (const e of document.querySelectorAll("button, input, select, a, td, h1, p, label")) {
    const r = e.getBoundingClientRect();
    if (r.width <= 1 || r.height <= 1) { continue; } // for readers of screens alone
    const texto = e.textContent.trim().slice(0, 30);
    if (r.left < 0 || r.right > ancho + 0.5) { malos.push(e.tagName + " " + texto + ": to " + Math.round(r.right)); }
    if (e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && e.tagName === "TD") { malos.push("in " + texto); }
  }
  for (const e of document.querySelectorAll(".ancho")) {
    if (e.scrollWidth > e.clientWidth) { malos.push("a table: " + e.scrollWidth + " of " + e.clientWidth); }
  }
  return malos;
})()`

// The simulator's page at a telephone's and at a screen's width: nothing is cut off, and its buttons decide.
func TestSimulatorPageInABrowser(t *testing.T) {
	c := kit.Start(t)
	espera := map[string]any{"metodo": "efectivo"}
	var ids []string
	for range 2 { // two wait, one is paid
		ids = append(
			ids,
			c.Order("cliente1", c.NewPurchase("cliente1", kit.PayingWith(espera))).ID,
		)
		c.Await("cliente1", ids[len(ids)-1], "pago_pendiente")
	}
	c.Await("cliente1", c.Order("cliente1", c.NewPurchase("cliente1")).ID, "confirmado")
	ctx := kit.Chromium(t)
	for _, ancho := range []int64{390, 1280} {
		err := chromedp.Do(
			ctx,
			chromedp.EmulateViewport(ancho, 800),
			chromedp.Navigate(c.URL+"/dev/mercadopago/"),
		)
		if err != nil {
			t.Fatal(err)
		}
		for _, boton := range []string{"pagar", "rechazar", "vencer", "devolver", "contracargo", "agregar", "quitar"} {
			if !mirar[bool](ctx, t, `!!document.querySelector('button[value=`+boton+`]')`) {
				t.Errorf("%d: no button %s", ancho, boton)
			}
		}
		if malos := mirar[[]string](ctx, t, cortados); len(malos) > 0 {
			t.Errorf("at %d px: %q", ancho, malos)
		}
		for _, camino := range []string{"/dev/", "/dev/oidc/"} {
			if err := chromedp.Do(ctx, chromedp.Navigate(c.URL+camino)); err != nil {
				t.Fatal(err)
			}
			if malos := mirar[[]string](ctx, t, cortados); len(malos) > 0 {
				t.Errorf("%s at %d px: %q", camino, ancho, malos)
			}
		}
	}
	for n, x := range []struct{ boton, estado string }{{"rechazar", "fallido"}, {"vencer", "fallido"}} {
		err := chromedp.Do(
			ctx,
			chromedp.Navigate(c.URL+"/dev/mercadopago/"),
			chromedp.Click("button[value="+x.boton+"]"),
		)
		if err != nil {
			t.Fatal(err)
		}
		c.Await("cliente1", ids[len(ids)-1-n], x.estado) // the newest order is the first row
	}
}

// The page of orders shows a new order and its changes without a reload, and says when the server is away and when it
// is back.
func TestOrdersLiveInABrowser(t *testing.T) {
	c := kit.Start(t)
	ctx := kit.Chromium(t)
	entrar(ctx, t, c.URL, "cliente1", "/dev/pedidos")
	llega(
		ctx,
		t,
		`document.getElementById("aviso").textContent.startsWith("Todavía no hay pedidos")`,
	)
	p := c.Order("cliente1", c.NewPurchase("cliente1"))
	codigo, _ := json.Marshal(p.Codigo)
	fila := `[...document.querySelectorAll("#pedidos tbody tr")].some((f) => f.innerText.includes(` + string(
		codigo,
	) + `)`
	llega(ctx, t, fila+`)`)
	llega(ctx, t, fila+` && f.innerText.includes("Confirmado"))`)
	for _, ancho := range []int64{390, 1280} {
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(ancho, 800)); err != nil {
			t.Fatal(err)
		}
		if malos := mirar[[]string](ctx, t, cortados); len(malos) > 0 {
			t.Errorf("at %d px: %q", ancho, malos)
		}
	}
	c.Close()
	llega(
		ctx,
		t,
		`document.getElementById("aviso").textContent.startsWith("El servidor no responde desde las ")`,
	)
	if !mirar[bool](ctx, t, fila+`)`) {
		t.Error("what was seen is gone")
	}
	c.Open()
	llega(
		ctx,
		t,
		`document.getElementById("aviso").textContent.startsWith("El servidor volvió a las ")`,
	)
	otro := c.Order("cliente1", c.NewPurchase("cliente1"))
	codigo, _ = json.Marshal(otro.Codigo)
	llega(
		ctx,
		t,
		`document.querySelector("#pedidos tbody tr").innerText.includes(`+string(codigo)+`)`,
	)
}

package tiempo_test

import (
	"testing"
	"testing/synctest"

	"despensa/internal/apiclient"
	"despensa/pruebas/kit"
)

// TestADeathAnswersNobody: a program that dies in a bubble has no effect any more, no caller gets an answer, and the
// next program over the same files serves.
func TestADeathAnswersNobody(t *testing.T) {
	kit.MeetsNoServer(t)
	kit.Prepare(t)
	synctest.Test(t, func(t *testing.T) {
		c := kit.Start(t, kit.InMemory, kit.WithSettings(quieto))
		producto := c.NewProduct("Yerba de la muerte", 5)
		compra := c.NewPurchase(
			"cliente1",
			kit.Lines(kit.Line{Producto: producto, Cantidad: 1}),
			kit.PayingWith(map[string]any{"metodo": "efectivo"}),
		)
		c.Close()
		muerte := c.Mortal()
		c.Open()
		muerte.In(1)
		err := c.As("cliente1").Do(t.Context(), "POST", "/pedidos", compra, nil)
		if err == nil || apiclient.Code(err) != "" {
			t.Errorf("a dead program answered: %v", err)
		}
		<-muerte.Dead
		if err := c.As("cliente1").Do(t.Context(), "GET", "/pedidos", nil, nil); err == nil {
			t.Error("a dead program answers")
		}
		c.Bury()
		c.Open()
		if ps := kit.All[kit.Order](c.Client, "operador", "/pedidos"); len(ps) > 0 {
			t.Errorf("an order that was cut off before its first effect is there: %v", ps)
		}
		c.Order("cliente1", compra)
	})
}

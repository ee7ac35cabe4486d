package tiempo_test

import (
	"testing"
	"testing/synctest"
	"time"

	"despensa/internal/ajustes"
	"despensa/pruebas/kit"
)

func calma(k *ajustes.Configuracion) {
	d, err := ajustes.Leer([]string{"DESPENSA_DATOS=" + k.Datos})
	if err != nil {
		panic(err)
	}
	k.Pedidos, k.Pagos, k.Rutas, k.Auditoria = d.Pedidos, d.Pagos, d.Rutas, d.Auditoria
	k.Pedidos.Sondeo, k.Pedidos.FranjaPublicar = time.Minute, time.Minute
	k.Pagos.Ronda = time.Minute
	k.Rutas.Cierre = time.Minute
	k.Auditoria.Intervalo, k.Auditoria.EsperaMax = time.Minute, time.Hour
}

func TestProto(t *testing.T) {
	kit.Prepare(t)
	antes := time.Now()
	synctest.Test(t, func(t *testing.T) {
		c := kit.Start(t, kit.InMemory, kit.WithSettings(calma), func(c *kit.Program) { c.Pruebas.Ronda = time.Minute })
		p := c.Order("cliente1", c.NewCompra("cliente1"))
		p = c.Await("operador", p.ID, "confirmado")
		t.Log(p.Estado, c.Clock.Ahora())
		time.Sleep(24*time.Hour)
		t.Log(c.Clock.Ahora())
	})
	t.Log(time.Since(antes))
}

package caidas_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"despensa/internal/apiclient"
	"despensa/pruebas/kit"
)

// delEntorno is the number in an environment variable, which a longer run sets.
func delEntorno(t testing.TB, clave string, defecto int) int {
	t.Helper()
	v := os.Getenv(clave)
	if v == "" {
		return defecto
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		t.Fatalf("%s: %v", clave, err)
	}
	return n
}

// TestRandomKills kills the program with SIGKILL at random moments while customers order, retry, pay and cancel, and
// trucks leave. Customers and drivers repeat each unanswered request. DESPENSA_TEST_MUERTES and DESPENSA_TEST_PEDIDOS
// are the numbers of kills and of orders.
func TestRandomKills(t *testing.T) {
	muertes := delEntorno(t, "DESPENSA_TEST_MUERTES", 6)
	pedidos := delEntorno(t, "DESPENSA_TEST_PEDIDOS", 90)
	semilla := uint64(
		delEntorno(t, "DESPENSA_TEST_SEMILLA", int(time.Now().UnixNano()%1_000_000)),
	)
	t.Logf("%d kills, %d orders, DESPENSA_TEST_SEMILLA=%d", muertes, pedidos, semilla)
	p := kit.Launch(
		t,
		"DESPENSA_PEDIDOS_SONDEO=20ms",
		"DESPENSA_PAGOS_RONDA=100ms",
		"DESPENSA_PAGOS_SONDEO_MIN=300ms",
		"DESPENSA_PEDIDOS_MIRAR_PAGO=500ms",
		"DESPENSA_PEDIDOS_MIRAR_VISITA=500ms",
		"DESPENSA_PEDIDOS_REPASO=500ms",
		"DESPENSA_PEDIDOS_MAX_LENTOS=100",
	)
	p.MustStart()
	c := nuevaCompania(p, pedidos)
	antes := p.Stock()
	asesino := make(chan struct{})
	go func() {
		defer close(asesino)
		c.asesinar(muertes, rand.New(rand.NewPCG(semilla, 1)))
	}()
	c.vender(pedidos, semilla)
	<-asesino
	p.Reconcile(antes)
	p.SoundTrail()
	c.contar()
	if c.muertes.Load() != int64(muertes) {
		t.Errorf("killed %d times", c.muertes.Load())
	}
}

// compania is a fleet, its stock, and customers and drivers that repeat a request until it is answered.
type compania struct {
	*kit.Process
	muertes, hechos atomic.Int64
	total           int
	productos       []string
	direcciones     map[string]string
	clientes        map[string]*apiclient.Client
}

// nuevaCompania brings fleet and stock for n orders and logs all customers in.
func nuevaCompania(process *kit.Process, n int) *compania {
	process.T.Helper()
	c := &compania{
		Process:     process,
		total:       n,
		direcciones: map[string]string{},
		clientes:    map[string]*apiclient.Client{},
	}
	for i := range 3 {
		c.productos = append(
			c.productos,
			process.NewProduct(fmt.Sprintf("Producto de prueba %d", i), int64(3*n)),
		)
	}
	flota(process.Client, 1+n/150)
	for _, login := range kit.Buyers {
		c.direcciones[login] = process.Address(login)
	}
	for _, login := range append([]string{"gestor", "operador"}, kit.Buyers...) {
		c.clientes[login] = process.Stubborn(login)
	}
	return c
}

// flota adds n trucks with a shift every day to the first depot.
func flota(client *kit.Client, n int) {
	client.T.Helper()
	var ds kit.Page[struct {
		ID     string `json:"id"`
		Codigo string `json:"codigo"`
	}]
	client.Must("gestor", "GET", "/depositos", nil, &ds)
	primero := slices.MinFunc(ds.Datos, func(a, b struct {
		ID     string `json:"id"`
		Codigo string `json:"codigo"`
	}) int {
		return compararTexto(a.Codigo, b.Codigo)
	})
	for i := range n {
		client.Must("gestor", "POST", "/camiones",
			map[string]any{"patente": fmt.Sprintf("ZZ%03dZZ", i), "deposito_id": primero.ID,
				"peso_max_gramos": 5_000_000, "volumen_max_ml": 30_000_000,
				"horario": map[string]any{
					"desde": "07:00",
					"hasta": "21:00",
					"dias":  []int{0, 1, 2, 3, 4, 5, 6},
				}}, nil)
	}
}

func compararTexto(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// asesinar kills the process n times, each time after an order has moved.
func (c *compania) asesinar(n int, azar *rand.Rand) {
	for range n {
		tras := time.Duration(20+azar.IntN(280)) * time.Millisecond
		select {
		case <-c.T.Context().Done():
			return
		case <-time.After(tras):
		}
		c.Kill()
		if err := c.Start(); err != nil {
			c.T.Errorf("restart: %v\n%s", err, c.Stderr.String())
			return
		}
		c.muertes.Add(1)
	}
}

// vender lets eight customers order until the last order is placed, and a driver leave
// now and then.
func (c *compania) vender(n int, semilla uint64) { c.venderDesde(0, n, semilla) }

// venderDesde is vender for the n orders from number desde on.
func (c *compania) venderDesde(desde, n int, semilla uint64) {
	cola := make(chan int)
	var wg sync.WaitGroup
	for k := range 8 {
		azar := rand.New(rand.NewPCG(semilla, uint64(k)+10))
		wg.Go(func() {
			for i := range cola {
				if err := c.comprarUno(i, azar); err != nil {
					c.T.Errorf("order %d: %v", i, err)
				}
				c.hechos.Add(1)
			}
		})
	}
	for i := desde; i < desde+n; i++ {
		cola <- i
		if i%40 == 39 {
			wg.Go(func() { c.despachar(i) })
		}
	}
	close(cola)
	wg.Wait()
}

// comprarUno places order i. Chance decides whether its customer retries a refused card, cancels, pays a voucher or
// only waits.
func (c *compania) comprarUno(i int, azar *rand.Rand) error {
	ctx := c.T.Context()
	login := kit.Buyers[i%len(kit.Buyers)]
	cl := c.clientes[login]
	clave := func(que string) apiclient.Option { return apiclient.WithKey(fmt.Sprintf("%s-%d", que, i)) }
	titular, suerte := "APRO", azar.IntN(100)
	if suerte < 15 {
		titular = "FUND"
	}
	pago := map[string]any{"metodo": "efectivo"}
	if suerte < 90 {
		pago = c.tarjetaTerca(titular)
	}
	var p kit.Order
	if err := cl.Do(ctx, "POST", "/pedidos", kit.Body{"direccion_id": c.direcciones[login], "pago": pago,
		"lineas": []kit.Line{{Producto: c.productos[azar.IntN(3)], Cantidad: 1 + azar.Int64N(2)}}}, &p,
		clave("pedido")); err != nil {
		return err
	}
	switch {
	case suerte < 15:
		return c.remediar(ctx, cl, p.ID, clave("reintento"))
	case suerte < 30:
		motivo := map[string]any{"motivo": "azar"}
		err := cl.Do(
			ctx,
			"POST",
			"/pedidos/"+p.ID+"/cancelacion",
			motivo,
			nil,
			clave("cancelacion"),
		)
		if cod := apiclient.Code(err); err == nil || cod == "paso-no-permitido" ||
			cod == "cancelacion-en-curso" {
			return nil
		}
		return err
	case suerte >= 90:
		return c.pagarVale(p.ID)
	}
	return nil
}

// tarjetaTerca gets a card token from a gateway that may be dead just now.
func (c *compania) tarjetaTerca(titular string) map[string]any {
	var id string
	c.insistir(func() (err error) {
		id, err = c.TokenFor(c.T.Context(), titular, "5031755734530604")
		return err
	})
	return map[string]any{"metodo": "tarjeta_credito", "token": id, "marca": "master"}
}

func (c *compania) insistir(f func() error) {
	if err := kit.Until(c.T.Context(), func() bool { return f() == nil }); err != nil {
		c.T.Errorf("tried in vain: %v", f())
	}
}

// remediar waits for the refusal and brings a card that pays.
func (c *compania) remediar(
	ctx context.Context,
	client *apiclient.Client,
	id string,
	clave apiclient.Option,
) error {
	var p kit.Order
	err := kit.Until(ctx, func() bool {
		return client.Do(ctx, "GET", "/pedidos/"+id, nil, &p) == nil &&
			slices.Contains(p.Acciones, "reintentar")
	})
	if err != nil {
		return fmt.Errorf("not to be retried: %s: %w", p.Estado, err)
	}
	return client.Do(
		ctx,
		"POST",
		"/pedidos/"+id+"/reintento",
		map[string]any{"pago": c.tarjetaTerca("APRO")},
		nil,
		clave,
	)
}

// pagarVale pays the voucher of an order at the gateway, as soon as the gateway has it.
func (c *compania) pagarVale(id string) error {
	return kit.Until(c.T.Context(), func() bool {
		var h kit.Page[kit.LedgerEntry]
		if c.Simulator(
			c.T.Context(),
			"GET",
			"/_control/libro?referencia="+id+"-1",
			nil,
			&h,
		) != nil ||
			len(h.Datos) == 0 {
			return false
		}
		if h.Datos[0].Cobrado > 0 {
			return true
		}
		_ = c.Simulator(
			c.T.Context(),
			"POST",
			"/_control/ordenes/"+h.Datos[0].ID+"/pagar",
			nil,
			nil,
		)
		return false
	})
}

// alGalope are the refusals of a truck that another driver sends out, or of a visit that another driver ends, at the
// same time.
var alGalope = []string{
	"turno-cerrado",
	"nada-que-llevar",
	"camion-afuera",
	"visita-en-otro-estado",
}

// despachar lets the truck of some firm visit leave, and delivers that visit.
func (c *compania) despachar(i int) {
	ctx, g := c.T.Context(), c.clientes["gestor"]
	var vs kit.Page[kit.Visit]
	if err := kit.Until(ctx, func() bool {
		return g.Do(ctx, "GET", "/visitas?estado=firme&limite=1", nil, &vs) == nil && len(vs.Datos) == 1
	}); err != nil {
		return // no firm visit is left
	}
	v := vs.Datos[0]
	pasos := []string{"/camiones/" + v.CamionID + "/salida", "/visitas/" + v.ID + "/llegada",
		"/visitas/" + v.ID + "/entrega"}
	for k, camino := range pasos {
		var cuerpo any
		if k == 0 {
			cuerpo = map[string]any{"turno_id": v.TurnoID}
		}
		err := g.Do(
			ctx,
			"POST",
			camino,
			cuerpo,
			nil,
			apiclient.WithKey(fmt.Sprintf("camion-%d-%d", i, k)),
		)
		if err != nil && !slices.Contains(alGalope, apiclient.Code(err)) {
			c.T.Errorf("%s: %v", camino, err)
		}
		if err != nil {
			return
		}
	}
}

// contar logs how the orders ended, and fails when one is missing.
func (c *compania) contar() {
	n := map[string]int{}
	for _, p := range kit.All[kit.Order](c.Client, "operador", "/pedidos") {
		n[p.Estado]++
	}
	suma := 0
	for _, k := range n {
		suma += k
	}
	c.T.Logf("%d orders: %v", suma, n)
	if suma != c.total {
		c.T.Errorf("%d orders placed, %d there", c.total, suma)
	}
}

package caidas_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"despensa/internal/apiclient"
	"despensa/internal/programa"
	"despensa/platform/sqldb"
	"despensa/pruebas/kit"
)

// guillotina kills the program at one boundary: from there on no effect takes place and no request is answered. Once
// armada, it counts the boundaries that the program passes.
type guillotina struct {
	mu      sync.Mutex
	armada  bool
	golpe   kit.Boundary // vez 0: none
	vistas  []kit.Boundary
	veces   map[kit.Boundary]int
	cayo    bool
	cayoCon chan struct{}
}

func nuevaGuillotina(golpe kit.Boundary) *guillotina {
	return &guillotina{
		golpe:   golpe,
		veces:   map[kit.Boundary]int{},
		cayoCon: make(chan struct{}),
	}
}

func (g *guillotina) armar() { g.mu.Lock(); defer g.mu.Unlock(); g.armada = true }

func (g *guillotina) cortar(nombre string, moment sqldb.Moment) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.cayo:
		return programa.ErrMuerto
	case !g.armada, delRastro(nombre):
		return nil
	}
	clase := kit.Boundary{Name: nombre, Moment: moment}
	g.veces[clase]++
	f := kit.Boundary{Name: nombre, Moment: moment, Nth: g.veces[clase]}
	g.vistas = append(g.vistas, f)
	if f != g.golpe {
		return nil
	}
	g.cayo = true
	close(g.cayoCon)
	return programa.ErrMuerto
}

// delRastro reports whether an effect belongs to the job that carries the audit trail on. The job runs beside every
// order, and its own test cuts it at every step.
func delRastro(nombre string) bool {
	return strings.HasPrefix(nombre, "clientes.auditoria.") ||
		strings.HasPrefix(nombre, "auditoria.")
}

// vida is the course of one order: the steps of its customer and of the company, in turn. Every step may be repeated
// after a crash, with its key.
type vida struct {
	nombre string
	titular,
	segundo string // the cards' titulares, of the order and of the retry
	pasos   []func(v *viaje) error
	enteros int    // the first steps that this vida does not cut, because another vida has them
	estado  string // the estado of the order at the end
}

// viaje is one vida on its way.
type viaje struct {
	s      *kit.Client
	muerte <-chan struct{}
	tokens map[string]string // card tokens by holder, made beforehand
	lineas []kit.Line
	dir    string
	antes  kit.Stock
	id     string
}

var errSinVida = fmt.Errorf("the program has died")

func (v *viaje) hacer(login, metodo, camino string, cuerpo, salida any) error {
	return v.s.As(login).Do(v.s.T.Context(), metodo, camino, cuerpo, salida,
		apiclient.WithKey("viaje."+strings.ReplaceAll(camino, "/", ".")))
}

// mirar waits until cierto is true, as long as the program lives.
func (v *viaje) mirar(que string, cierto func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(v.s.T.Context(), kit.Patience)
	defer cancel()
	tic := time.NewTicker(3 * time.Millisecond)
	defer tic.Stop()
	for {
		if ya, err := cierto(); ya || err != nil {
			return err
		}
		select {
		case <-v.muerte:
			return errSinVida
		case <-ctx.Done():
			return fmt.Errorf("waited in vain: %s", que)
		case <-tic.C:
		}
	}
}

func (v *viaje) ver() (p kit.Order, err error) {
	err = v.hacer("cliente1", "GET", "/pedidos/"+v.id, nil, &p)
	return p, err
}

func pedir(titular string) func(v *viaje) error {
	return func(v *viaje) error {
		var p kit.Order
		err := v.hacer(
			"cliente1",
			"POST",
			"/pedidos",
			kit.Body{"direccion_id": v.dir, "lineas": v.lineas,
				"pago": map[string]any{
					"metodo": "tarjeta_credito",
					"token":  v.tokens[titular],
					"marca":  "master",
				}},
			&p,
		)
		v.id = p.ID
		return err
	}
}

// llega waits until the order has been in estado, at any time.
func llega(estado string) func(v *viaje) error {
	return func(v *viaje) error {
		return v.mirar("estado "+estado, func() (bool, error) {
			es := kit.Page[kit.Event]{}
			err := v.hacer("cliente1", "GET", "/pedidos/"+v.id+"/eventos", nil, &es)
			return slices.ContainsFunc(
				es.Datos,
				func(e kit.Event) bool { return e.A == estado },
			), err
		})
	}
}

func reintentar(titular string) func(v *viaje) error {
	return func(v *viaje) error {
		pago := map[string]any{
			"metodo": "tarjeta_credito",
			"token":  v.tokens[titular],
			"marca":  "master",
		}
		return v.hacer(
			"cliente1",
			"POST",
			"/pedidos/"+v.id+"/reintento",
			map[string]any{"pago": pago},
			nil,
		)
	}
}

func cancelar(viaje *viaje) error {
	return viaje.hacer(
		"cliente1",
		"POST",
		"/pedidos/"+viaje.id+"/cancelacion",
		map[string]any{"motivo": "me arrepentí"},
		nil,
	)
}

func reembolsar(viaje *viaje) error {
	err := viaje.hacer("operador", "POST", "/pedidos/"+viaje.id+"/reembolsos",
		map[string]any{"monto_centavos": 1000, "motivo": "faltó pan"}, nil)
	if err != nil {
		return err
	}
	var p kit.Order
	err = viaje.mirar(
		"the refund",
		func() (bool, error) { p, err = viaje.ver(); return p.Pago.Reembolsado == 1000, err },
	)
	if err != nil {
		return fmt.Errorf("%w: %+v %+v", err, p.Pago, viaje.s.History("operador", viaje.id))
	}
	return nil
}

// enCamion does the driver's part: leave, arrive, hand over. A part that is done already is not repeated.
func enCamion(accion string) func(v *viaje) error {
	return func(v *viaje) error {
		var vs kit.Page[kit.Visit]
		if err := v.hacer("gestor", "GET", "/visitas?pedido_id="+v.id, nil, &vs); err != nil {
			return err
		}
		x := vs.Datos[len(vs.Datos)-1]
		if accion == "salida" {
			return v.hacer(
				"gestor",
				"POST",
				"/camiones/"+x.CamionID+"/salida",
				map[string]any{"turno_id": x.TurnoID},
				nil,
			)
		}
		return v.hacer("gestor", "POST", "/visitas/"+x.ID+"/"+accion, nil, nil)
	}
}

var vidas = []vida{
	{nombre: "delivered", titular: "APRO", estado: "entregado",
		pasos: []func(*viaje) error{
			pedir("APRO"),
			llega("confirmado"),
			enCamion("salida"),
			llega("en_reparto"),
			enCamion("llegada"),
			enCamion("entrega"),
			llega("entregado"),
		}},
	{nombre: "refused, mended", titular: "FUND", segundo: "APRO", estado: "confirmado",
		pasos: []func(*viaje) error{
			pedir("FUND"),
			llega("fallido"),
			reintentar("APRO"),
			llega("confirmado"),
		}},
	{nombre: "cancelled", titular: "APRO", estado: "cancelado",
		pasos: []func(*viaje) error{
			pedir("APRO"),
			llega("confirmado"),
			cancelar,
			llega("cancelado"),
		}},
	{nombre: "refunded", titular: "APRO", estado: "confirmado",
		pasos: []func(*viaje) error{pedir("APRO"), llega("confirmado"), reembolsar}},
	{nombre: "returned in two parts", titular: "APRO", enteros: 6, estado: "devuelto",
		pasos: []func(*viaje) error{
			pedir("APRO"),
			llega("confirmado"),
			enCamion("salida"),
			llega("en_reparto"),
			enCamion("entrega"),
			llega("entregado"),
			devolverParte,
			aceptarParte,
			devolverResto,
			llega("devuelto"),
		}},
}

// devolverParte asks for one unit of the first line to come back.
func devolverParte(viaje *viaje) error {
	return viaje.hacer(
		"cliente1",
		"POST",
		"/pedidos/"+viaje.id+"/devoluciones",
		map[string]any{
			"lineas": []kit.Line{{Producto: viaje.lineas[0].Producto, Cantidad: 1}},
			"motivo": "roto",
		},
		nil,
	)
}

// aceptarParte accepts the return of devolverParte, and waits for its refund.
func aceptarParte(viaje *viaje) error {
	var ds kit.Page[kit.Return]
	if err := viaje.hacer("operador", "GET", "/pedidos/"+viaje.id+"/devoluciones", nil, &ds); err != nil {
		return err
	}
	d := ds.Datos[len(ds.Datos)-1]
	aceptacion := "/pedidos/" + viaje.id + "/devoluciones/" + d.ID + "/aceptacion"
	if err := viaje.hacer("operador", "POST", aceptacion, nil, &d); err != nil {
		return err
	}
	return viaje.mirar("its money", func() (bool, error) {
		var p kit.Order
		err := viaje.hacer("cliente1", "GET", "/pedidos/"+viaje.id, nil, &p)
		return p.Pago.Reembolsado == d.Monto || p.Estado == "devuelto", err
	})
}

// devolverResto returns the other goods, some of them into stock, which ends the order.
func devolverResto(viaje *viaje) error {
	ls := []kit.GoodsBack{
		{
			Producto: viaje.lineas[0].Producto,
			Cantidad: viaje.lineas[0].Cantidad - 1,
			Destino:  "existencias",
		},
		{Producto: viaje.lineas[1].Producto, Cantidad: viaje.lineas[1].Cantidad},
	}
	return viaje.hacer("operador", "POST", "/pedidos/"+viaje.id+"/devoluciones",
		map[string]any{"lineas": ls, "motivo": "el resto"}, nil)
}

// correr opens a program under guillotina and lives v until it ends or the program dies.
func (x vida) correr(t *testing.T, guillotina *guillotina) (*kit.Program, *viaje, error) {
	c := kit.Start(
		t,
		kit.WithFileTrail,
		func(c *kit.Program) { c.Pruebas.Cut = guillotina.cortar },
	)
	v := x.partir(c.Client)
	v.muerte = guillotina.cayoCon
	antes := x
	antes.pasos = x.pasos[:x.enteros]
	if err := antes.vivir(v); err != nil {
		t.Fatal(err)
	}
	guillotina.armar()
	return c, v, x.vivir(v)
}

// partir prepares the needs of a vida: logins, goods, an address, cards.
func (x vida) partir(client *kit.Client) *viaje {
	secos := client.DryProducts()
	v := &viaje{
		s:      client,
		tokens: map[string]string{},
		dir:    client.Address("cliente1"),
		antes:  client.Stock(),
		lineas: []kit.Line{
			{Producto: secos[0].ID, Cantidad: 2},
			{Producto: secos[1].ID, Cantidad: 1},
		},
	}
	for _, titular := range []string{x.titular, x.segundo} {
		if titular != "" {
			v.tokens[titular] = client.CardToken(titular)
		}
	}
	for _, login := range []string{"gestor", "operador"} {
		client.As(login)
	}
	// The movements of the demo data are published by a read: they are no effects of the vida.
	for _, p := range kit.All[kit.Product](client, "admin", "/productos") {
		client.Must("admin", "GET", "/productos/"+p.ID+"/movimientos?limite=1", nil, nil)
	}
	return v
}

func (x vida) vivir(viaje *viaje) error {
	for i, paso := range x.pasos {
		if err := paso(viaje); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

// lista returns the boundaries of a vida that runs to its end, up to books that agree.
func (x vida) lista(t *testing.T) []kit.Boundary {
	g := nuevaGuillotina(kit.Boundary{})
	c, v, err := x.correr(t, g)
	if err != nil {
		t.Fatal(err)
	}
	c.Reconcile(v.antes)
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.vistas)
}

// cadaTantos is every n-th of boundarys, from the first on.
func cadaTantos(boundarys []kit.Boundary, n int) (out []kit.Boundary) {
	for i := 0; i < len(boundarys); i += max(1, n) {
		out = append(out, boundarys[i])
	}
	return out
}

// TestEveryBoundary ends the program at every boundary of five lives of an order, starts it again and demands the
// same end. DESPENSA_TEST_FRONTERAS=n takes every n-th boundary: on servers each costs some databases.
func TestEveryBoundary(t *testing.T) {
	cada := delEntorno(t, "DESPENSA_TEST_FRONTERAS", 1)
	var cortes, alcanzadas int
	var mu sync.Mutex
	inicio := time.Now()
	t.Run("all", func(t *testing.T) {
		for _, x := range vidas {
			fronteras := cadaTantos(x.lista(t), cada)
			t.Run(x.nombre, func(t *testing.T) {
				cortes += len(fronteras)
				for _, f := range fronteras {
					t.Run(f.String(), func(t *testing.T) {
						t.Parallel()
						if x.morir(t, f) {
							mu.Lock()
							alcanzadas++
							mu.Unlock()
						}
					})
				}
			})
		}
	})
	t.Logf(
		"%d boundaries, the program died at %d of them; %s",
		cortes,
		alcanzadas,
		time.Since(inicio).Round(time.Second),
	)
	// Looks by timers differ from run to run, the more the busier the machine is: a boundary of one look may not come
	// again.
	if alcanzadas < cortes*6/10 {
		t.Errorf("only %d of %d boundaries were met", alcanzadas, cortes)
	}
}

// morir lives x, dies at boundary, starts again and lives on. It reports whether boundary was reached.
func (x vida) morir(t *testing.T, boundary kit.Boundary) bool {
	g := nuevaGuillotina(boundary)
	c, v, err := x.correr(t, g)
	g.mu.Lock()
	cayo := g.cayo
	g.mu.Unlock()
	if err != nil && !cayo {
		t.Fatal(err)
	}
	c.Reopen()
	v.muerte = nil
	x.resucitar(t, v)
	kit.Published(c)
	return cayo
}

// resucitar lives x again, with the same keys, after a restart, and compares the books.
func (x vida) resucitar(t *testing.T, viaje *viaje) {
	t.Helper()
	if err := x.vivir(viaje); err != nil {
		t.Fatalf("after the restart: %v", err)
	}
	viaje.s.Reconcile(viaje.antes)
	if p := viaje.s.See("cliente1", viaje.id); p.Estado != x.estado {
		t.Errorf("the order ends %s, want %s", p.Estado, x.estado)
	}
}

// TestRealExits samples TestEveryBoundary with the program as a process of its own, which ends itself at its n-th
// boundary, counted from its first order.
func TestRealExits(t *testing.T) {
	p := kit.Launch(t)
	p.MustStart()
	p.Stop()
	for i, x := range vidas {
		for _, n := range []int{1 + i, 8 + i, 17 + i, 28 + i} {
			t.Run(fmt.Sprintf("%s, boundary %d", x.nombre, n), func(t *testing.T) {
				t.Parallel()
				x.salirEn(t, n, p)
			})
		}
	}
}

func (x vida) salirEn(t *testing.T, n int, sembrado *kit.Process) {
	p := kit.Launch(t, "DESPENSA_PEDIDOS_SONDEO=20ms", "DESPENSA_PAGOS_RONDA=100ms",
		fmt.Sprintf("DESPENSA_TEST_CORTE=%d", n))
	if err := os.CopyFS(p.Dir, os.DirFS(sembrado.Dir)); err != nil {
		t.Fatal(err)
	}
	p.Env = append(p.Env, kit.Borrow(t, sembrado.Servers).Env()...)
	p.MustStart()
	v := x.partir(p.Client)
	if x.vivir(v) == nil {
		t.Errorf("this life was over before boundary %d", n)
		p.Kill()
	} else if err := p.Cmd.Wait(); p.Cmd.ProcessState.ExitCode() != 137 {
		t.Fatalf("ended otherwise: %v", err)
	}
	p.Env = append(p.Env, "DESPENSA_TEST_CORTE=")
	p.MustStart()
	x.resucitar(t, v)
}

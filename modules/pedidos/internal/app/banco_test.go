package app_test

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/fases"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/fault"
	"despensa/platform/idempotency"
	"despensa/platform/money"
	"despensa/platform/seal/sealtest"
)

// The customers, ids and addresses of the tests.
const (
	ana, berta, operadora = "ana", "berta", "operadora"
	casa                  = "casa-de-ana"
	yerba, leche, viejo   = "yerba", "leche", "viejo" // viejo is not sold any more
	cerca, lejos          = "cerca", "lejos"          // depots; only cerca has stock
	uno                   = "pedido-uno"
)

// aires is the zone of the company's days.
var aires = time.FixedZone("Buenos Aires", -3*60*60)

var (
	ahora    = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	errLejos = errors.New("the store is away")
	clienta  = app.Quien{ID: ana}
	ajena    = app.Quien{ID: berta}
	quienOpe = app.Quien{ID: operadora, Operador: true}
)

// banco is an app over fakes. A test changes them before it calls the app.
type banco struct {
	*app.App
	pedidos   *pedidos
	productos *productos
	stock     *stock
	clientes  *clientela
	rutas     *camiones
	rastro    *rastro
	palabras  *sealtest.Port
	worker    *obrero
	cupos     *puestos
	opciones  app.Opciones
}

// armar makes an app over fakes, with the orders hay in its store.
func armar(hay ...*pedido.Pedido) *banco {
	b := &banco{
		pedidos:   &pedidos{hay: map[string]*pedido.Pedido{}},
		productos: &productos{hay: catalogoDePrueba()},
		stock:     &stock{},
		clientes:  &clientela{correo: "ana@example.com"},
		rutas:     &camiones{deLejos: ventanas(3, 4), deCerca: ventanas(2, 1)},
		rastro:    &rastro{},
		palabras:  &sealtest.Port{},
		worker:    &obrero{},
		cupos:     &puestos{libres: 3},
	}
	for _, p := range hay {
		b.pedidos.hay[p.ID] = p
	}
	b.opciones = app.Opciones{
		Pedidos:     b.pedidos,
		Existencias: b.stock,
		Productos:   b.productos,
		Stock:       b.stock,
		Clientes:    b.clientes,
		Rutas:       b.rutas,
		Depositos:   b.rutas.depositos,
		Auditoria:   b.rastro,
		Palabras:    b.palabras,
		Worker:      b.worker,
		Cupos:       b.cupos,
		Config:      configuracion(),
		Zona:        aires,

		PrimeraVentana: b.rutas.primeraVentana,
		Ahora:          func() time.Time { return ahora },
		Log:            slog.New(slog.DiscardHandler),
	}
	b.App = app.New(b.opciones)
	return b
}

// conStock puts other stock into the app.
func (b *banco) conStock(stock *stock) {
	b.stock = stock
	b.con(func(o *app.Opciones) { o.Existencias, o.Stock = stock, stock })
}

// con makes the app anew with other options.
func (b *banco) con(cambiar func(o *app.Opciones)) *banco {
	cambiar(&b.opciones)
	b.App = app.New(b.opciones)
	return b
}

func configuracion() app.Config {
	return app.Config{
		Envio:           1_000,
		EnvioIVA:        money.IVA21,
		VidaMinima:      2,
		ClaveOrigen:     []byte("clave"),
		PlazoDevolucion: 24 * time.Hour,
		Tiempos:         fases.Tiempos{},
	}
}

func catalogoDePrueba() map[string]*catalogo.Producto {
	hay := map[string]*catalogo.Producto{}
	for id, precio := range map[string]money.Centavos{yerba: 10_000, leche: 2_500, viejo: 100} {
		hay[id] = &catalogo.Producto{
			ID:        id,
			Nombre:    id,
			Buscable:  id,
			Categoria: "almacen",
			Precio:    precio,
			IVA:       money.IVA21,
			Peso:      500,
			Volumen:   700,
			Activo:    id != viejo,
			Version:   3,
			Huella:    "h1",
		}
	}
	return hay
}

// llave is an Idempotency-Key with the digest of its body.
func llave(id, huella string) idempotency.Key {
	return idempotency.Key{ID: id, Fingerprint: huella, Given: true}
}

// sellado is the delivery block of unPedido.
const sellado = "pedido." + uno + `|{"nombre":"Ana","calle":"Yatay 1"}`

// unPedido is ana's order for two units of yerba, 21,000 centavos with its fee, in estado.
func unPedido(estado pedido.Estado) *pedido.Pedido {
	lineas := []pedido.Linea{{Producto: yerba, Cantidad: 2, Precio: 10_000, Total: 20_000}}
	p := pedido.Crear(pedido.Nuevo{
		ID:      uno,
		Cliente: ana,
		Huella:  "h1",
		Lineas:  lineas,
		Envio:   pedido.Linea{Total: 1_000},
		Destino: pedido.Destino{Direccion: casa, Sellado: []byte(sellado)},
		Pago:    pedido.Pago{Metodo: string(pagos.Transferencia), Cuotas: 1},
		Ahora:   ahora.Add(-time.Hour),
	})
	p.Estado = estado
	switch estado {
	case pedido.Confirmado, pedido.EnReparto, pedido.Entregado:
		p.Pago.Cobrado = p.Total
		p.NuevaVisita()
	}
	return p
}

// rechazado checks that err is the refusal quiero. Where campo is given, err has to name that member of the
// body.
func rechazado(t *testing.T, err error, quiero error, campo string) {
	t.Helper()
	if !errors.Is(err, quiero) {
		t.Fatalf("got %v, want %v", err, quiero)
	}
	if campo == "" {
		return
	}
	f, ok := fault.As(err)
	if !ok || len(f.Fields) != 1 || f.Fields[0].Location != campo {
		t.Errorf("names %+v, want %s", f, campo)
	}
}

func bien(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// igual checks that hay is quiero. nombre names the value in the failure.
func igual[T comparable](t *testing.T, nombre string, hay, quiero T) {
	t.Helper()
	if hay != quiero {
		t.Errorf("%s: got %v, want %v", nombre, hay, quiero)
	}
}

package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"despensa/internal/apiclient"

	"golang.org/x/sync/errgroup"
)

// logins are the demo customers that place the orders.
var logins = []string{"cliente1", "cliente2", "cliente3", "cliente4", "cliente5"}

// visitasPorCamion is how many orders a truck of the benchmark carries: 80 a day (rutas.visitas_max) on the 14 days
// that are booked ahead, less the room that the hour of the day and unevenly filled windows leave unused.
const visitasPorCamion = 1000

// banco is the state of one measurement.
type banco struct {
	o           Opciones
	http        *http.Client
	gestor, ojo *apiclient.Client
	clientes    []*apiclient.Client
	direcciones []string
	productos   []string
	tokens      chan string
	tiempos     tiempos // with Opciones.Cerrado
}

type conID struct {
	ID     string `json:"id"`
	Codigo string `json:"codigo"`
}

type lista[T any] struct {
	Datos     []T    `json:"datos"`
	Siguiente string `json:"siguiente"`
}

// preparar logs the clients in, brings stock, trucks and card tokens, and sets the gateway's latency.
func (b *banco) preparar(ctx context.Context) (err error) {
	if err := b.ajustar(ctx, 0); err != nil {
		return err
	}
	admin, err := b.cliente(ctx, "admin")
	if err != nil {
		return err
	}
	if b.gestor, err = b.cliente(ctx, "gestor"); err != nil {
		return err
	}
	if b.ojo, err = b.cliente(ctx, "operador"); err != nil {
		return err
	}
	for _, l := range logins {
		c, err := b.cliente(ctx, l)
		if err != nil {
			return err
		}
		var ds lista[conID]
		if err := c.Do(ctx, "GET", "/clientes/yo/direcciones", nil, &ds); err != nil ||
			len(ds.Datos) == 0 {
			return fmt.Errorf("bench: address of %s: %w", l, err)
		}
		b.clientes, b.direcciones = append(b.clientes, c), append(b.direcciones, ds.Datos[0].ID)
	}
	if err := b.abastecer(ctx, admin); err != nil {
		return err
	}
	if err := b.tarjetas(ctx); err != nil {
		return err
	}
	return b.ajustar(ctx, b.o.Latencia.Milliseconds())
}

// abastecer adds one product for each line of an order, and the trucks, to the first depot.
func (b *banco) abastecer(ctx context.Context, admin *apiclient.Client) error {
	for i := range b.o.Lineas {
		var producto conID
		err := admin.Do(ctx, "POST", "/productos", map[string]any{
			"nombre":          fmt.Sprintf("Producto de medición %d", i),
			"categoria":       "medición",
			"precio_centavos": 1500,
			"iva":             "21",
			"peso_gramos":     1,
			"volumen_ml":      1,
		}, &producto)
		if err == nil {
			err = admin.Do(ctx, "POST", "/productos/"+producto.ID+"/movimientos",
				map[string]any{"cantidad": b.o.Pedidos, "motivo": "medición"}, nil)
		}
		if err != nil {
			return err
		}
		b.productos = append(b.productos, producto.ID)
	}
	var ds lista[conID]
	if err := b.gestor.Do(ctx, "GET", "/depositos", nil, &ds); err != nil {
		return err
	}
	sort.Slice(ds.Datos, func(i, j int) bool { return ds.Datos[i].Codigo < ds.Datos[j].Codigo })
	for range camiones(b.o.Pedidos) {
		if err := b.traerCamion(ctx, ds.Datos[0].ID); err != nil {
			return err
		}
	}
	return nil
}

// camiones is how many trucks the orders need.
func camiones(pedidos int) int { return 1 + pedidos/visitasPorCamion }

// traerCamion adds a truck that drives all day, every day. It draws plates until one is free.
func (b *banco) traerCamion(ctx context.Context, deposito string) error {
	for range 20 {
		err := b.gestor.Do(
			ctx,
			"POST",
			"/camiones",
			map[string]any{"patente": patente(), "deposito_id": deposito,
				"peso_max_gramos": 30_000_000, "volumen_max_ml": 90_000_000,
				"horario": map[string]any{
					"desde": "00:00",
					"hasta": "23:59",
					"dias":  []int{0, 1, 2, 3, 4, 5, 6},
				}},
			nil,
		)
		if apiclient.Code(err) != "patente-repetida" {
			return err
		}
	}
	return errors.New("bench: no free plate for a truck found")
}

// patente draws one of the 17 million plates that begin with B.
func patente() string {
	letra := func() byte { return byte('A' + rand.IntN(26)) }
	return fmt.Sprintf("B%c%03d%c%c", letra(), rand.IntN(1000), letra(), letra())
}

// tarjetas gets one card token for each order from the gateway; with Cerrado each client gets its own later.
func (b *banco) tarjetas(ctx context.Context) error {
	b.tokens = make(chan string, b.o.Pedidos)
	if b.o.Cerrado {
		return nil
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(16)
	for range b.o.Pedidos {
		g.Go(func() error {
			t, err := b.tarjeta(ctx)
			b.tokens <- t
			return err
		})
	}
	return g.Wait()
}

// tarjeta gets the token of a card that is approved, by the call of a browser.
func (b *banco) tarjeta(ctx context.Context) (string, error) {
	var t conID
	err := b.simulador(
		ctx,
		"/v1/card_tokens",
		map[string]any{"card_number": "5031755734530604", "expiration_month": 11,
			"expiration_year": 2030, "security_code": "123", "cardholder": map[string]any{"name": "APRO",
				"identification": map[string]any{"type": "DNI", "number": "12345678"}}},
		&t,
	)
	return t.ID, err
}

// ajustar sets the gateway's latency in milliseconds.
func (b *banco) ajustar(ctx context.Context, ms int64) error {
	ajustes := map[string]any{"latencia_ms": ms, "avisos": map[string]any{"demora_ms": 100}}
	return b.simulador(ctx, "/_control", ajustes, nil)
}

// simulador posts body to a control path of the gateway's simulator. Errors: any status but 2xx.
func (b *banco) simulador(ctx context.Context, camino string, cuerpo, salida any) error {
	j, err := json.Marshal(cuerpo)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(
		ctx,
		http.MethodPost,
		b.o.URL+"/dev/mercadopago"+camino,
		bytes.NewReader(j),
	)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := b.http.Do(r)
	if err != nil {
		return fmt.Errorf("bench: the instance does not answer: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf(
			"bench: the embedded gateway answers %d to %s",
			res.StatusCode,
			camino,
		)
	}
	if salida == nil {
		return nil
	}
	return json.NewDecoder(res.Body).Decode(salida)
}

// uno places one order with a single try; a failure is counted.
func (b *banco) uno(ctx context.Context, k int) error {
	return b.pedir(ctx, k, <-b.tokens, nil)
}

// pedir posts the order of client k.
func (b *banco) pedir(ctx context.Context, k int, token string, salida any) error {
	cuerpo := b.carrito(k)
	cuerpo["pago"] = map[string]any{
		"metodo": "tarjeta_credito",
		"marca":  "master",
		"token":  token,
	}
	return b.una(k).Do(ctx, "POST", "/pedidos", cuerpo, salida)
}

// una is the HTTP client of client k, with a single try for each call.
func (b *banco) una(k int) *apiclient.Client {
	c := *b.clientes[k%len(b.clientes)]
	c.Tries = 1
	return &c
}

// carrito is the part of an order that a quote has too.
func (b *banco) carrito(k int) map[string]any {
	type linea struct {
		Producto string `json:"producto_id"`
		Cantidad int    `json:"cantidad"`
	}
	ls := make([]linea, 0, len(b.productos))
	for _, p := range b.productos {
		ls = append(ls, linea{Producto: p, Cantidad: 1})
	}
	return map[string]any{"direccion_id": b.direcciones[k%len(b.direcciones)], "lineas": ls}
}

// esperar waits until every order is confirmed or has ended. Errors: errAgotado.
func (b *banco) esperar(ctx context.Context, _ int) error {
	fin := time.Now().Add(2*time.Minute + time.Duration(b.o.Pedidos)*50*time.Millisecond)
	tic := time.NewTicker(20 * time.Millisecond)
	defer tic.Stop()
	estados, err := b.enCamino(ctx)
	if err != nil {
		return err
	}
	for _, estado := range estados {
		for {
			var h lista[conID]
			if err := b.ojo.Do(ctx, "GET", "/pedidos?limite=1&estado="+estado, nil, &h); err != nil {
				return err
			}
			if len(h.Datos) == 0 {
				break
			}
			if time.Now().After(fin) {
				return fmt.Errorf("%w: %s", errAgotado, estado)
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-tic.C:
			}
		}
	}
	return nil
}

// enCamino are the states that an order paid by card passes before it is confirmado.
func (b *banco) enCamino(ctx context.Context) ([]string, error) {
	var m struct {
		Estados []string `json:"estados"`
	}
	err := b.ojo.Do(ctx, "GET", "/pedidos/maquina", nil, &m)
	antes := m.Estados[:max(0, slices.Index(m.Estados, "confirmado"))]
	return slices.DeleteFunc(antes, func(e string) bool { return e == "pago_pendiente" }), err
}

// confirmados reads all orders back and counts the confirmed ones, with their rate and their times.
func (b *banco) confirmados(ctx context.Context, medida *Medida) error {
	var primero, ultimo time.Time
	var esperas []time.Duration
	vistos, fallas := 0, medida.Fallas
	for cursor := ""; ; {
		var hoja lista[struct {
			Estado string    `json:"estado"`
			Creado time.Time `json:"creado"`
			Cambio time.Time `json:"cambio"`
		}]
		if err := b.ojo.Do(ctx, "GET", "/pedidos?limite=200"+cursor, nil, &hoja); err != nil {
			return err
		}
		for _, pedido := range hoja.Datos {
			if vistos++; vistos > b.o.Pedidos-fallas {
				hoja.Siguiente = "" // older than this measurement
				break
			}
			if pedido.Estado != "confirmado" {
				medida.Fallas++
				continue
			}
			esperas = append(esperas, pedido.Cambio.Sub(pedido.Creado))
			if primero.IsZero() || pedido.Creado.Before(primero) {
				primero = pedido.Creado
			}
			if pedido.Cambio.After(ultimo) {
				ultimo = pedido.Cambio
			}
		}
		if hoja.Siguiente == "" {
			break
		}
		cursor = "&cursor=" + hoja.Siguiente
	}
	medida.Confirmados = len(esperas)
	medida.AConfirmado = float64(len(esperas)) / ultimo.Sub(primero).Seconds()
	medida.Camino50, medida.Camino99 = cuantil(esperas, 0.50), cuantil(esperas, 0.99)
	return nil
}

// metricas reads /metricas.
func (b *banco) metricas(ctx context.Context) (map[string]float64, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.o.URL+"/metricas", nil)
	if err != nil {
		return nil, err
	}
	res, err := b.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	out := map[string]float64{}
	lineas := bufio.NewScanner(res.Body)
	for lineas.Scan() {
		nombre, valor, ok := strings.Cut(lineas.Text(), " ")
		if n, err := strconv.ParseFloat(valor, 64); ok && err == nil {
			out[nombre] = n
		}
	}
	return out, lineas.Err()
}

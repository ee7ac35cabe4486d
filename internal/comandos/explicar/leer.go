package explicar

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"despensa/internal/apiclient"
	"despensa/platform/cli"
)

var (
	unID     = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	unCodigo = regexp.MustCompile(`^[0-9A-Z]{10}$`)
)

// Reasons why an order has no page.
var (
	errNinguno = errors.New("there is no such order")
	// errApartado: the order exists, and its record cannot be read.
	errApartado = errors.New("the order has been set aside: its record cannot be read")
)

// buscar finds the orders that cual names: one by its id, any number by a code. Errors:
// cli.ErrUsage, errNinguno.
func buscar(ctx context.Context, client *apiclient.Client, cual string) ([]Pedido, error) {
	if unID.MatchString(cual) {
		return []Pedido{{ID: strings.ToLower(cual)}}, nil
	}
	codigo := strings.ToUpper(cual)
	if !unCodigo.MatchString(codigo) {
		return nil, fmt.Errorf("%w: a code of ten characters, or an order's id", cli.ErrUsage)
	}
	ps, err := todas[Pedido](ctx, client, "/pedidos?codigo="+url.QueryEscape(codigo))
	if apiclient.Code(err) == "codigo-invalido" {
		return nil, fmt.Errorf(
			"%w: the code was misread: its last character does not fit the others",
			cli.ErrUsage,
		)
	}
	if err == nil && len(ps) == 0 {
		err = errNinguno
	}
	return ps, err
}

// leer reads everything about one order. Parts that the token may not read are left out and named in SinPermiso.
// Errors: errNinguno, errApartado.
func leer(ctx context.Context, cliente *apiclient.Client, id string) (Caso, error) {
	k := Caso{Ahora: time.Now(), SinPermiso: []string{}}
	camino := "/pedidos/" + id
	err := cliente.Do(ctx, http.MethodGet, camino, nil, &k.Pedido)
	if apiclient.Code(err) == "pedido-no-existe" {
		return k, errNinguno
	}
	if apiclient.Code(err) == "pedido-ilegible" {
		k.Pedido.ID, k.Atencion = id, []string{apartado}
		return k, errApartado
	}
	if err == nil {
		k.Eventos, err = todas[Evento](ctx, cliente, camino+"/eventos")
	}
	for _, parte := range []struct {
		nombre string
		leer   func() error
	}{
		{"expediente", func() error { return cliente.Do(ctx, http.MethodGet, camino+"/expediente", nil, &k.Expediente) }},
		{"existencias", func() error {
			return cliente.Do(ctx, http.MethodGet, camino+"/existencias", nil, &k.Existencias)
		}},
		{"pagos", func() (err error) { k.Pagos, err = pagos(ctx, cliente, id); return err }},
		{"reembolsos", func() (err error) {
			k.Reembolsos, err = todas[Reembolso](ctx, cliente, camino+"/reembolsos")
			return err
		}},
		{"visitas", func() (err error) {
			k.Visitas, err = todas[Visita](ctx, cliente, "/visitas?pedido_id="+id)
			return err
		}},
	} {
		if err == nil {
			err = k.permitido(parte.nombre, parte.leer())
		}
	}
	if k.Expediente != nil {
		k.Ahora = k.Expediente.Ahora
	}
	slices.Reverse(k.Eventos)
	slices.Reverse(k.Pagos)
	slices.Reverse(k.Reembolsos)
	slices.Reverse(k.Visitas)
	return k, err
}

// permitido turns the refusal of a part that the token may not read into an entry of SinPermiso.
func (k *Caso) permitido(nombre string, err error) error {
	var p *apiclient.Problema
	if errors.As(err, &p) && p.Status == http.StatusForbidden {
		k.SinPermiso = append(k.SinPermiso, nombre)
		return nil
	}
	return err
}

// pagos reads each payment of the order, with the gateway's view of it.
func pagos(ctx context.Context, client *apiclient.Client, id string) ([]Pago, error) {
	ps, err := todas[Pago](ctx, client, "/pagos?pedido_id="+id)
	for i := range ps {
		if err == nil {
			err = client.Do(ctx, http.MethodGet, "/pagos/"+ps[i].ID, nil, &ps[i])
		}
	}
	return ps, err
}

// todas reads a list to its end.
func todas[T any](ctx context.Context, cliente *apiclient.Client, camino string) ([]T, error) {
	out := []T{}
	une := "?"
	if strings.Contains(camino, "?") {
		une = "&"
	}
	for cursor := ""; ; {
		var pagina struct {
			Datos     []T    `json:"datos"`
			Siguiente string `json:"siguiente"`
		}
		if err := cliente.Do(ctx, http.MethodGet, camino+une+"limite=200"+cursor, nil, &pagina); err != nil {
			return nil, err
		}
		out = append(out, pagina.Datos...)
		if pagina.Siguiente == "" {
			return out, nil
		}
		cursor = "&cursor=" + url.QueryEscape(pagina.Siguiente)
	}
}

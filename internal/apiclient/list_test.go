package apiclient_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"despensa/internal/apiclient"
)

// texto answers 200 with a body of some type.
func texto(tipo, cuerpo string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", tipo)
		_, _ = fmt.Fprint(w, cuerpo)
	}
}

func pagina(
	cuerpo string,
) func(http.ResponseWriter) {
	return texto("application/json", cuerpo)
}

func TestTodas(t *testing.T) {
	s := nuevoServidor(
		t,
		pagina(`{"datos":[{"id":"1"},{"id":"2"}],"siguiente":"b"}`),
		mal(503, "lejos", ""),
		pagina(`{"datos":[{"id":"3"}],"siguiente":"c"}`),
		mal(422, "parametros-invalidos", ""),
	)
	pausas := []time.Duration{}
	l, err := s.cliente(t, &pausas).
		ListarPedidos(t.Context(), apiclient.FiltroListarPedidos{Limite: 2, Estado: "creado"})
	if err != nil || len(l.Datos) != 2 {
		t.Fatal(l, err)
	}
	var ids, caminos []string
	for p, e := range l.All(t.Context()) {
		if err = e; err == nil {
			ids = append(ids, p.ID)
		}
	}
	for _, p := range s.pedidos {
		caminos = append(caminos, p.URL.RequestURI())
	}
	quiero := []string{
		"/api/v1/pedidos?estado=creado&limite=2",
		"/api/v1/pedidos?cursor=b&estado=creado&limite=2",
		"/api/v1/pedidos?cursor=b&estado=creado&limite=2",
		"/api/v1/pedidos?cursor=c&estado=creado&limite=2",
	}
	if !slices.Equal(ids, []string{"1", "2", "3"}) ||
		apiclient.Code(err) != "parametros-invalidos" ||
		!slices.Equal(caminos, quiero) {
		t.Errorf("%v, %v, %q", ids, err, caminos)
	}
	for p := range l.All(t.Context()) { // a reader that stops requests no later page
		if p.ID == "2" {
			break
		}
	}
	if len(s.pedidos) != 4 {
		t.Errorf("%d requests", len(s.pedidos))
	}
}

func TestMethodsSendWhatTheySay(t *testing.T) {
	s := nuevoServidor(t, pagina(`{"id":"7","estado":"creado","total_centavos":5}`))
	pausas := []time.Duration{}
	c := s.cliente(t, &pausas)
	p, err := c.CrearPedido(t.Context(), apiclient.PedidosNuevoPedido{
		DireccionID: "d", Lineas: []apiclient.PedidosLineaPedida{{Cantidad: 2, ProductoID: "p"}},
		Pago: apiclient.PedidosPagoPedido{Metodo: "efectivo"},
	}, apiclient.WithKey("mia"))
	if err != nil || p.ID != "7" || p.TotalCentavos != 5 {
		t.Fatal(p, err)
	}
	if _, err := c.CambiarProducto(t.Context(), "a/b",
		apiclient.PedidosCambioDeProducto{Activo: new(false), Nombre: new("")}, apiclient.IfMatch("*")); err != nil {
		t.Fatal(err)
	}
	if err := c.BorrarDireccion(t.Context(), "d", apiclient.IfMatch(`"2"`)); err != nil {
		t.Fatal(err)
	}
	quiero := []string{
		`POST /api/v1/pedidos {"direccion_id":"d","lineas":[{"cantidad":2,"producto_id":"p"}],"pago":{"metodo":"efectivo"}}`,
		`PATCH /api/v1/productos/a%2Fb {"activo":false,"nombre":""}`, `DELETE /api/v1/clientes/yo/direcciones/d `,
	}
	for i, q := range quiero {
		if hay := s.pedidos[i].Method + " " + s.pedidos[i].URL.RequestURI() + " " + s.cuerpos[i]; hay != q {
			t.Errorf("%s, want %s", hay, q)
		}
	}
	if s.pedidos[0].Header.Get("Idempotency-Key") != "mia" ||
		s.pedidos[2].Header.Get("If-Match") != `"2"` {
		t.Error(s.pedidos[0].Header, s.pedidos[2].Header)
	}
}

package rest

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
)

// TestSetsAreThoseOfTheCode: the sets in the tags of the API types list exactly the states and steps of the
// machine, and the codes of the contracts. A set that may grow ("crece") lists at least those.
func TestSetsAreThoseOfTheCode(t *testing.T) {
	estados, pasos := textos(pedido.Estados()), []string{}
	for _, tr := range pedido.Maquina() {
		pasos = append(pasos, string(tr.Paso))
	}
	for _, x := range []struct {
		de    any
		campo string
		tag   string
		want  []string
	}{
		{Evento{}, "De", "enum", estados},
		{Evento{}, "A", "enum", estados},
		{Maquina{}, "Estados", "enum", estados},
		{pedido.Transicion{}, "De", "enum", estados},
		{pedido.Transicion{}, "A", "enum", estados},
		{pedido.Transicion{}, "Paso", "crece", pasos},
		{ConPermitidos{}, "Permitidos", "crece", pasos},
		{Evento{}, "Tipo", "crece", append(pasos, "creado", "reembolso_"+pedido.ReembolsoHecho,
			"reembolso_"+pedido.ReembolsoAbsorbido, "reembolso_"+pedido.ReembolsoRechazado)},
		{Pedido{}, "Marcas", "crece", []string{pedido.MarcaDevuelto, pedido.MarcaDisputa, pedido.MarcaRechazado}},
		{Pago{}, "Estado", "crece", textos([]pagos.Estado{pagos.Pendiente, pagos.Reservado, pagos.Cobrado,
			pagos.Rechazado, pagos.Vencido, pagos.Anulado, pagos.Reembolsado})},
	} {
		f, ok := reflect.TypeOf(x.de).FieldByName(x.campo)
		hay := strings.Split(f.Tag.Get(x.tag), ",")
		if !ok || x.campo != "Tipo" && len(hay) != len(x.want) {
			t.Errorf("%T.%s lists %v, want %v", x.de, x.campo, hay, x.want)
		}
		for _, v := range x.want {
			if !slices.Contains(hay, v) {
				t.Errorf("%T.%s does not list %s", x.de, x.campo, v)
			}
		}
	}
}

func textos[T ~string](xs []T) (out []string) {
	for _, x := range xs {
		out = append(out, string(x))
	}
	return out
}

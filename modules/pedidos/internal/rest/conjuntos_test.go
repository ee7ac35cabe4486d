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
		{de: Evento{}, campo: "De", tag: "enum", want: estados},
		{de: Evento{}, campo: "A", tag: "enum", want: estados},
		{de: Maquina{}, campo: "Estados", tag: "enum", want: estados},
		{de: pedido.Transicion{}, campo: "De", tag: "enum", want: estados},
		{de: pedido.Transicion{}, campo: "A", tag: "enum", want: estados},
		{de: pedido.Transicion{}, campo: "Paso", tag: "crece", want: pasos},
		{de: ConPermitidos{}, campo: "Permitidos", tag: "crece", want: pasos},
		{
			de:    Evento{},
			campo: "Tipo",
			tag:   "crece",
			want: append(pasos, "creado", "reembolso_"+pedido.ReembolsoHecho,
				"reembolso_"+pedido.ReembolsoAbsorbido, "reembolso_"+pedido.ReembolsoRechazado),
		},
		{
			de:    Pedido{},
			campo: "Marcas",
			tag:   "crece",
			want:  []string{pedido.MarcaDevuelto, pedido.MarcaDisputa, pedido.MarcaRechazado},
		},
		{
			de:    Pago{},
			campo: "Estado",
			tag:   "crece",
			want: textos([]pagos.Estado{pagos.Pendiente, pagos.Reservado, pagos.Cobrado,
				pagos.Rechazado, pagos.Vencido, pagos.Anulado, pagos.Reembolsado}),
		},
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

package cobros_test

import (
	"context"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
)

// negadora is a gateway that makes each order and answers that it refuses to; buscados counts the searches.
type negadora struct {
	gateway.Pasarela
	buscados *int
}

func (n negadora) Crear(
	ctx context.Context,
	solicitudDePago gateway.SolicitudDePago,
) (gateway.Orden, error) {
	if _, err := n.Pasarela.Crear(ctx, solicitudDePago); err != nil {
		return gateway.Orden{}, err
	}
	return gateway.Orden{}, gateway.ErrPeticion
}

func (n negadora) Buscar(
	ctx context.Context,
	referencia string,
	desde time.Time,
) ([]string, error) {
	*n.buscados++
	return n.Pasarela.Buscar(ctx, referencia, desde)
}

// TestARefusalThatIsNotTrue: the gateway makes an order although it answers that it refuses to. The money of that
// order goes back without a notice. After each refusal the order is searched for, at longer and longer intervals, for
// three days.
func TestARefusalThatIsNotTrue(t *testing.T) {
	debito := tarjeta("APRO")
	debito.Metodo = pagos.TarjetaDebito
	tests := map[string]struct {
		orden   pagos.OrdenDePago
		cobrado bool
		busca   int // searches at most
	}{
		"money that was taken":    {orden: debito, cobrado: true, busca: 1},
		"money that was reserved": {orden: tarjeta("APRO"), busca: 1},
		"a refusal that is true":  {orden: tarjeta("MAL"), busca: 16},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t)
			buscados := 0
			b.con(negadora{b.p, &buscados})
			b.autorizar(tt.orden, pagos.ErrRechazado)
			b.anular(nil)
			b.revisar(time.Minute)
			b.revisar(4 * 24 * time.Hour)
			cobrado, devuelto := b.p.Saldo()
			if cobrado != devuelto || (cobrado > 0) != tt.cobrado {
				t.Errorf("the gateway took %d and gave %d back", cobrado, devuelto)
			}
			if o := b.p.Orden(referencia); o.ID != "" && o.Estado == gateway.Reservada {
				t.Error("the money is still reserved")
			}
			if buscados < 1 || buscados > tt.busca {
				t.Errorf("%d searches", buscados)
			}
			if f := b.cobroEntero(); !f.Debe.IsZero() {
				t.Errorf("due at %v, four days later", f.Debe)
			}
		})
	}
}

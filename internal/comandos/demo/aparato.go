package demo

import (
	"context"
	"slices"
	"time"

	"despensa/internal/apiclient"
)

const (
	loteMax = 500            // positions of one report
	atraso  = 20 * time.Hour // age of the first position that a device sends
)

// ponerEnHora sets the clock of the truck's device. Trucks of the demo drive faster than real ones. So the clock of a
// device begins hours ago, after the last stored position of its truck, and runs as fast as its truck: its positions
// are those of a truck at a real speed.
func (c *camion) ponerEnHora(ctx context.Context) error {
	c.hora = c.d.abrio.Add(-atraso)
	l, err := c.d.gestor.ListarPosiciones(
		ctx,
		c.c.ID,
		apiclient.FiltroListarPosiciones{Limite: 1},
	)
	if err != nil {
		return err
	}
	if len(l.Datos) > 0 && l.Datos[0].En.After(c.hora) {
		c.hora = l.Datos[0].En.Add(time.Second)
	}
	return nil
}

// informar sends the positions of the truck between two moments of a way: the latest ones when there are more than
// loteMax. A device clock that has reached the present stays there.
func (c *camion) informar(
	ctx context.Context,
	marcha marcha,
	desde, hasta time.Duration,
) error {
	pasos := marcha.entre(desde, hasta)
	pasos = pasos[max(0, len(pasos)-loteMax):]
	var lote apiclient.RutasLotePosiciones
	lote.Posiciones = slices.Grow(lote.Posiciones, len(pasos))[:len(pasos)]
	ahora := time.Now()
	for i, p := range pasos {
		c.secuencia++
		x := &lote.Posiciones[i]
		x.Sensor, x.Secuencia, x.VelocidadKmh = "primario", c.secuencia, new(marcha.velocidad())
		x.Lat, x.Lon = p.lat, p.lon
		if x.En = c.hora.Add(p.tras - desde).UTC(); x.En.After(ahora) {
			x.En = ahora.UTC()
		}
		if i > 0 {
			x.RumboGrados = new(rumbo(pasos[i-1].punto, p.punto))
		}
	}
	c.hora = c.hora.Add(hasta - desde)
	r, err := c.aparato.EnviarPosiciones(ctx, c.c.ID, lote)
	c.enviadas += int64(len(pasos))
	c.recibidas += r.Nuevas + r.Repetidas
	c.vista = r.Ultima.Secuencia
	return err
}

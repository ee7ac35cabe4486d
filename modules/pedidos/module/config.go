package module

import (
	"errors"
	"time"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/cupos"
	"despensa/modules/pedidos/internal/fases"
	"despensa/modules/pedidos/internal/worker"
	"despensa/platform/config"
	"despensa/platform/money"
	"despensa/platform/skew"
)

// Config is the section pedidos.
type Config struct {
	// MongoDB is the URL of a MongoDB server and, as its path, the database; empty: a file.
	MongoDB config.Secreto `yaml:"mongodb"`
	// Lease is how long a worker holds an order.
	Lease time.Duration `yaml:"lease"`
	// EnVuelo is how many orders are worked on at once in this process.
	EnVuelo int `yaml:"en_vuelo"`
	// Sondeo is how often due and abandoned orders are looked for.
	Sondeo time.Duration `yaml:"sondeo"`
	// FranjaPublicar is how often events and movements are published.
	FranjaPublicar time.Duration `yaml:"franja_publicar"`
	// EnvioCentavos is the delivery fee, IVA included, in centavos.
	EnvioCentavos int64 `yaml:"envio_centavos"`
	// EnvioIVA is the rate of IVA of the fee: 21, 10.5, 27, 0 or exento.
	EnvioIVA string `yaml:"envio_iva"`
	// MaxLentos is how many orders of one customer may wait for methods that take days.
	MaxLentos int `yaml:"max_lentos"`
	// MaxRechazos is how many payments by card may be refused within an hour: of one customer,
	// and from one address.
	MaxRechazos struct {
		Cliente   int `yaml:"cliente"`
		Direccion int `yaml:"direccion"`
	} `yaml:"max_rechazos"`
	// IntentosEntrega is how many visits may fail before the order comes back.
	IntentosEntrega int64 `yaml:"intentos_entrega"`
	// DevolucionPlazo is how long after the delivery goods may be returned.
	DevolucionPlazo time.Duration `yaml:"devolucion_plazo"`
	// VidaMinima is how long beyond the delivery window goods are good for, at least, of a
	// product that says nothing of its own; whole days.
	VidaMinima time.Duration `yaml:"vida_minima"`
	// Repaso is how often all orders at rest are compared with their payments and visits, for notices that were lost.
	Repaso time.Duration `yaml:"repaso"`
	// Mirar are the shortest pauses between the own looks of an order at rest.
	Mirar struct {
		Pago   time.Duration `yaml:"pago"`
		Visita time.Duration `yaml:"visita"`
	} `yaml:"mirar"`
	// Espera bounds the backoff of what the customer cannot mend.
	Espera struct {
		Minima time.Duration `yaml:"minima"`
		Maxima time.Duration `yaml:"maxima"`
	} `yaml:"espera"`
	// Plazos are the deadlines of every wait.
	Plazos struct {
		Efectivo      time.Duration `yaml:"efectivo"`
		Transferencia time.Duration `yaml:"transferencia"`
		Tarjeta       time.Duration `yaml:"tarjeta"`
		Pasarela      time.Duration `yaml:"pasarela"`
		SinCamion     time.Duration `yaml:"sin_camion"`
		Reintento     time.Duration `yaml:"reintento"`
		Salida        time.Duration `yaml:"salida"`
		Reparto       time.Duration `yaml:"reparto"`
	} `yaml:"plazos"`
}

const unDia = 24 * time.Hour

// PlazoDeFase is how long a phase, with all its calls, may take under a lease.
func PlazoDeFase(lease time.Duration) time.Duration { return worker.PlazoDeFase(lease) }

// tiempos are the timers as the phases read them.
func (c Config) tiempos() fases.Tiempos {
	return fases.Tiempos{
		MirarPago:       c.Mirar.Pago,
		MirarVisita:     c.Mirar.Visita,
		EsperaMinima:    c.Espera.Minima,
		EsperaMaxima:    c.Espera.Maxima,
		Efectivo:        c.Plazos.Efectivo,
		Transferencia:   c.Plazos.Transferencia,
		Tarjeta:         c.Plazos.Tarjeta,
		Pasarela:        c.Plazos.Pasarela,
		SinCamion:       c.Plazos.SinCamion,
		Reintento:       c.Plazos.Reintento,
		Salida:          c.Plazos.Salida,
		Reparto:         c.Plazos.Reparto,
		IntentosEntrega: c.IntentosEntrega,
	}
}

// app is what the rules of asking depend on.
func (c Config) app() app.Config {
	return app.Config{
		Envio:           money.Centavos(c.EnvioCentavos),
		EnvioIVA:        money.IVA(c.EnvioIVA),
		PlazoDevolucion: c.DevolucionPlazo,
		VidaMinima:      int64(c.VidaMinima / unDia),
		Tiempos:         c.tiempos(),
	}
}

// topes are the bounds of what one customer or one address may have at once.
func (c Config) topes() cupos.Topes {
	return cupos.Topes{
		Lentos:           c.MaxLentos,
		RechazosCliente:  c.MaxRechazos.Cliente,
		RechazosDesdeUna: c.MaxRechazos.Direccion,
	}
}

// Validar names every key whose value is not possible.
func (c Config) Validar() error {
	var errs []error
	exige := func(bien bool, clave string) {
		if !bien {
			errs = append(errs, errors.New("pedidos."+clave+": out of range"))
		}
	}
	exige(c.Lease >= time.Second && c.Lease <= skew.MaxLease, "lease")
	exige(c.EnVuelo >= 1 && c.EnVuelo <= 10_000, "en_vuelo")
	exige(c.Sondeo > 0, "sondeo")
	exige(c.FranjaPublicar > 0, "franja_publicar")
	exige(c.Repaso > 0, "repaso")
	exige(c.EnvioCentavos >= 0 && c.EnvioCentavos <= 1_000_000_000, "envio_centavos")
	exige(money.IVA(c.EnvioIVA).Valida(), "envio_iva")
	exige(c.MaxLentos >= 1 && c.MaxLentos <= 1000, "max_lentos")
	exige(c.MaxRechazos.Cliente >= 1 && c.MaxRechazos.Cliente <= 1000, "max_rechazos.cliente")
	exige(c.MaxRechazos.Direccion >= 1 && c.MaxRechazos.Direccion <= 10_000, "max_rechazos.direccion")
	exige(c.IntentosEntrega >= 1 && c.IntentosEntrega <= 10, "intentos_entrega")
	exige(c.DevolucionPlazo > 0 && c.DevolucionPlazo <= 365*24*time.Hour, "devolucion_plazo")
	exige(c.VidaMinima >= 0 && c.VidaMinima <= catalogo.MaxVida*unDia && c.VidaMinima%unDia == 0, "vida_minima")
	for clave, d := range map[string]time.Duration{"mirar.pago": c.Mirar.Pago, "mirar.visita": c.Mirar.Visita,
		"espera.minima": c.Espera.Minima, "espera.maxima": c.Espera.Maxima, "plazos.efectivo": c.Plazos.Efectivo,
		"plazos.transferencia": c.Plazos.Transferencia, "plazos.tarjeta": c.Plazos.Tarjeta, "plazos.pasarela": c.Plazos.Pasarela,
		"plazos.sin_camion": c.Plazos.SinCamion, "plazos.reintento": c.Plazos.Reintento, "plazos.salida": c.Plazos.Salida, "plazos.reparto": c.Plazos.Reparto} {
		exige(d > 0, clave)
	}
	return errors.Join(errs...)
}

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

// Config is the section pedidos of the settings.
type Config struct {
	// MongoDB is the URL of a MongoDB server and, as its path, the database; empty: a file.
	MongoDB config.Secret `yaml:"mongodb"`
	// Lease is the time for which a worker holds an order, unless it renews the lease.
	Lease time.Duration `yaml:"lease"`
	// EnVuelo is the number of orders that this process works on at once.
	EnVuelo int `yaml:"en_vuelo"`
	// Sondeo is the pause between two looks for due and abandoned orders.
	Sondeo time.Duration `yaml:"sondeo"`
	// FranjaPublicar is the pause between two rounds that publish events and movements of stock.
	FranjaPublicar time.Duration `yaml:"franja_publicar"`
	// EnvioCentavos is the delivery fee, IVA included, in centavos.
	EnvioCentavos int64 `yaml:"envio_centavos"`
	// EnvioIVA is the rate of IVA of the fee: 21, 10.5, 27, 0 or exento.
	EnvioIVA string `yaml:"envio_iva"`
	// MaxLentos is the number of orders of one customer that may wait for a voucher or a transfer at once.
	MaxLentos int `yaml:"max_lentos"`
	// MaxRechazos is the number of payments by card that may be refused within an hour: to one customer, and from
	// one IP address.
	MaxRechazos struct {
		Cliente   int `yaml:"cliente"`
		Direccion int `yaml:"direccion"`
	} `yaml:"max_rechazos"`
	// IntentosEntrega is the number of visits after which an order that was not delivered comes back.
	IntentosEntrega int64 `yaml:"intentos_entrega"`
	// DevolucionPlazo is the time after the delivery within which goods may be returned.
	DevolucionPlazo time.Duration `yaml:"devolucion_plazo"`
	// VidaMinima is the time beyond the delivery window for which goods have to be good, if their product has no
	// minimum of its own; whole days.
	VidaMinima time.Duration `yaml:"vida_minima"`
	// Repaso is the pause between two sweeps, which compare all orders at rest with their payments and visits, for
	// notices that were lost.
	Repaso time.Duration `yaml:"repaso"`
	// Mirar are the shortest pauses between two looks of an order at rest at its payment, and at its visit.
	Mirar struct {
		Pago   time.Duration `yaml:"pago"`
		Visita time.Duration `yaml:"visita"`
	} `yaml:"mirar"`
	// Espera bounds the pauses between two tries of a phase that fails.
	Espera struct {
		Minima time.Duration `yaml:"minima"`
		Maxima time.Duration `yaml:"maxima"`
	} `yaml:"espera"`
	// Plazos are the deadlines of the waits; fases.Tiempos explains each.
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

// PlazoDeFase is the time that a phase, with all its calls of neighbours, may take under a lease.
func PlazoDeFase(lease time.Duration) time.Duration { return worker.PlazoDeFase(lease) }

// tiempos are the timers and deadlines, as the phases read them.
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

// app is the settings of the use cases. ClaveOrigen, which is no setting, is missing.
func (c Config) app() app.Config {
	return app.Config{
		Envio:           money.Centavos(c.EnvioCentavos),
		EnvioIVA:        money.IVA(c.EnvioIVA),
		PlazoDevolucion: c.DevolucionPlazo,
		VidaMinima:      int64(c.VidaMinima / unDia),
		Tiempos:         c.tiempos(),
	}
}

// topes are the bounds of the orders and refusals that one customer, or one IP address, may have at once.
func (c Config) topes() cupos.Topes {
	return cupos.Topes{
		Lentos:           c.MaxLentos,
		RechazosCliente:  c.MaxRechazos.Cliente,
		RechazosDesdeUna: c.MaxRechazos.Direccion,
	}
}

// Validar checks every value. Errors: one for each key with a value out of its range, joined.
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
	exige(money.IVA(c.EnvioIVA).Valid(), "envio_iva")
	exige(c.MaxLentos >= 1 && c.MaxLentos <= 1000, "max_lentos")
	exige(c.MaxRechazos.Cliente >= 1 && c.MaxRechazos.Cliente <= 1000, "max_rechazos.cliente")
	exige(
		c.MaxRechazos.Direccion >= 1 && c.MaxRechazos.Direccion <= 10_000,
		"max_rechazos.direccion",
	)
	exige(c.IntentosEntrega >= 1 && c.IntentosEntrega <= 10, "intentos_entrega")
	exige(c.DevolucionPlazo > 0 && c.DevolucionPlazo <= 365*24*time.Hour, "devolucion_plazo")
	exige(
		c.VidaMinima >= 0 && c.VidaMinima <= catalogo.MaxVida*unDia && c.VidaMinima%unDia == 0,
		"vida_minima",
	)
	for clave, d := range map[string]time.Duration{
		"mirar.pago":           c.Mirar.Pago,
		"mirar.visita":         c.Mirar.Visita,
		"espera.minima":        c.Espera.Minima,
		"espera.maxima":        c.Espera.Maxima,
		"plazos.efectivo":      c.Plazos.Efectivo,
		"plazos.transferencia": c.Plazos.Transferencia,
		"plazos.tarjeta":       c.Plazos.Tarjeta,
		"plazos.pasarela":      c.Plazos.Pasarela,
		"plazos.sin_camion":    c.Plazos.SinCamion,
		"plazos.reintento":     c.Plazos.Reintento,
		"plazos.salida":        c.Plazos.Salida,
		"plazos.reparto":       c.Plazos.Reparto,
	} {
		exige(d > 0, clave)
	}
	return errors.Join(errs...)
}

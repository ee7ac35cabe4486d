package module

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"despensa/modules/clientes/internal/auditoria"
	"despensa/modules/clientes/internal/auditoria/elastico"
	"despensa/modules/clientes/internal/auditoria/embebido"
	"despensa/platform/audit"
	"despensa/platform/config"
	"despensa/platform/httpapi"
	"despensa/platform/telemetry"

	"github.com/prometheus/client_golang/prometheus"
)

// ConfigAuditoria is the section auditoria of the configuration.
type ConfigAuditoria struct {
	// Elasticsearch is the URL of the server on which the trail is searched; a secret,
	// because it may hold a password. Empty: a file in datos.
	Elasticsearch config.Secret `yaml:"elasticsearch"`
	// Prefijo begins the names of its indices.
	Prefijo string `yaml:"prefijo"`
	// Plazo is the time of one call of the server.
	Plazo time.Duration `yaml:"plazo"`
	// Intervalo is the pause between two looks for records to carry on; EsperaMax the
	// longest one while the server does not answer.
	Intervalo time.Duration `yaml:"intervalo"`
	EsperaMax time.Duration `yaml:"espera_max"`
	// Lote is how many records are carried on at once.
	Lote int `yaml:"lote"`
	// IndiceRegistros and IndiceDias say when an index is full.
	IndiceRegistros int64 `yaml:"indice_registros"`
	IndiceDias      int   `yaml:"indice_dias"`
	// Guarda is how long a record stays with the customers after it was carried on.
	Guarda time.Duration `yaml:"guarda"`
	// Retencion is the age at which whole indices are removed; 0: never.
	Retencion time.Duration `yaml:"retencion"`
}

// Validar returns an error that names every key of c with an impossible value; nil when all are possible.
func (c ConfigAuditoria) Validar() error {
	var errs []error
	donde := elastico.Opciones{URL: c.Elasticsearch.Value(), Prefijo: c.Prefijo}
	if donde.URL == "" {
		donde.URL = "http://127.0.0.1"
	}
	errs = append(errs, donde.Validar())
	for _, x := range []struct {
		bien  bool
		texto string
	}{
		{c.Plazo >= time.Second && c.Plazo <= time.Minute, "plazo: 1s to 1m"},
		{c.Intervalo >= 10*time.Millisecond && c.Intervalo <= time.Minute, "intervalo: 10ms to 1m"},
		{c.EsperaMax >= c.Intervalo && c.EsperaMax <= time.Hour, "espera_max: intervalo to 1h"},
		{c.Lote >= 1 && c.Lote <= 1000, "lote: 1 to 1000"},
		{c.IndiceRegistros >= 1 && c.IndiceRegistros <= 1_000_000_000, "indice_registros: 1 to 1000000000"},
		{c.IndiceDias >= 1 && c.IndiceDias <= 366, "indice_dias: 1 to 366"},
		{c.Guarda >= 0, "guarda: not negative"},
		{c.Retencion == 0 || c.Retencion >= 24*time.Hour, "retencion: 0, or 24h or more"},
	} {
		if !x.bien {
			errs = append(errs, errors.New("auditoria."+x.texto))
		}
	}
	return errors.Join(errs...)
}

// rastro is the audit trail of this program: the rows, the place where they are searched, the relay that carries them
// there, and the count of calls without a good token.
type rastro struct {
	*auditoria.Rastro
	buscador auditoria.Buscador
	relevo   *auditoria.Relevo
	rechazos *auditoria.Rechazos
}

// openBuscador opens the place where the trail is searched.
func openBuscador(ctx context.Context, opciones Opciones) (auditoria.Buscador, error) {
	c := opciones.Auditoria
	if c.Elasticsearch != "" {
		d, err := elastico.New(
			elastico.Opciones{URL: c.Elasticsearch.Value(), Prefijo: c.Prefijo, Plazo: c.Plazo},
		)
		if err != nil {
			return nil, err
		}
		return auditoria.Observar(d, opciones.Now), nil
	}
	d, err := embebido.Open(
		ctx,
		filepath.Join(opciones.Folder, "auditoria.db"),
		opciones.Cut,
		opciones.Observe,
	)
	if err != nil {
		return nil, err
	}
	err = errors.Join(telemetry.StoreCounters(opciones.Metrics, "auditoria", d.Cuenta),
		telemetry.StatementCounter(opciones.Metrics, "auditoria", d.Sentencias))
	if err != nil {
		return nil, errors.Join(err, d.Cerrar())
	}
	return d, nil
}

// armarRastro puts the trail on the store of the customers.
func armarRastro(
	opciones Opciones,
	a *auditoria.Rastro,
	buscador auditoria.Buscador,
	origen func(string) (string, error),
) *rastro {
	c := opciones.Auditoria
	return &rastro{
		Rastro: a, buscador: buscador, rechazos: auditoria.NewRechazos(a, origen, opciones.Log),
		relevo: &auditoria.Relevo{
			Rastro:    a,
			Buscador:  buscador,
			Limites:   auditoria.Limites{Registros: c.IndiceRegistros, Dias: c.IndiceDias},
			Lote:      c.Lote,
			Intervalo: c.Intervalo, EsperaMax: c.EsperaMax, Guarda: c.Guarda, Retencion: c.Retencion, Log: opciones.Log,
		},
	}
}

// RastroListo reports whether the searchable trail takes records. For a file it checks the disk, for a search server
// its answer to the last call. Errors: fault.ErrStoreAway when the server is away; sqldb.ErrFull.
func (m *Module) RastroListo(ctx context.Context) error {
	if d, ok := m.rastro.buscador.(interface{ Listo(context.Context) error }); ok {
		return d.Listo(ctx)
	}
	return nil
}

// Auditoria is the audit trail, for every module that shows personal data.
func (m *Module) Auditoria() audit.Port { return m.rastro.Rastro }

// NoToken implements httpapi.Trail.
func (m *Module) NoToken(direccion string) { m.rastro.rechazos.Anotar(direccion) }

// Denied implements httpapi.Trail.
func (m *Module) Denied(ctx context.Context, refusal httpapi.Refusal) {
	m.authz.Negado(ctx, refusal.Operation, refusal.Kind, refusal.ID)
}

var _ httpapi.Trail = (*Module)(nil)

// atraso shows how far the searchable trail is behind.
type atraso struct {
	rastro                     *auditoria.Rastro
	registros, edad, apartados *prometheus.Desc
}

func nuevoAtraso(rastro *auditoria.Rastro) atraso {
	return atraso{
		rastro: rastro,
		registros: prometheus.NewDesc(
			"despensa_auditoria_pendientes",
			"Records of the audit trail that have not been carried to where they are searched.",
			nil,
			nil,
		),
		edad: prometheus.NewDesc(
			"despensa_auditoria_pendiente_segundos",
			"Seconds since the oldest record of the audit trail was made that has not been carried to where it is searched.",
			nil,
			nil,
		),
		apartados: prometheus.NewDesc(
			"despensa_apartados",
			"Stored rows set aside because they cannot be read, by module and kind, until despensa retomar.",
			[]string{"que"},
			prometheus.Labels{"modulo": "clientes"},
		),
	}
}

// Describe implements prometheus.Collector.
func (a atraso) Describe(
	c chan<- *prometheus.Desc,
) {
	c <- a.registros
	c <- a.edad
	c <- a.apartados
}

// Collect implements prometheus.Collector.
func (a atraso) Collect(c chan<- prometheus.Metric) {
	ctx, soltar := context.WithTimeout(context.Background(), 2*time.Second)
	defer soltar()
	x, err := a.rastro.Atraso(ctx)
	if err != nil {
		c <- prometheus.NewInvalidMetric(a.registros, err)
		return
	}
	c <- prometheus.MustNewConstMetric(a.registros, prometheus.GaugeValue, float64(x.Registros))
	c <- prometheus.MustNewConstMetric(a.edad, prometheus.GaugeValue, x.Edad.Seconds())
	if n, err := a.rastro.Apartados(ctx); err == nil {
		c <- prometheus.MustNewConstMetric(a.apartados, prometheus.GaugeValue, float64(n), "auditoria")
	}
}

package telemetria

import (
	"context"
	"sync"
	"time"

	"despensa/platform/sqldb"
	"despensa/platform/watch"

	"gorm.io/gorm"
)

// Flota is the part of flota.Flota that telemetria calls.
type Flota interface {
	// Afuera gives the trucks on the street, each with the id of its shift.
	Afuera(ctx context.Context) (map[string]string, error)
	// Pulso is a number that changes whenever the answer of Afuera may have changed.
	Pulso(ctx context.Context) (int64, error)
	// Patentes gives the plates of trucks by their ids.
	Patentes(ctx context.Context, ids []string) (map[string]string, error)
}

// Opciones of a Telemetria. Every member is needed.
type Opciones struct {
	DB     *sqldb.DB
	Flota  Flota
	Ahora  func() time.Time
	Reglas Reglas
	Guarda time.Duration // how long positions are kept
	// Contar counts positions by their outcome: "nueva", "repetida" or "rechazada".
	Contar func(resultado string, cuantas int)
}

// Telemetria is the store of positions. Safe for concurrent use.
type Telemetria struct {
	o     Opciones
	vigia *watch.Watcher

	mu   sync.Mutex
	foto []EnVivo // every truck as of version de, by plate
	de   int64    // version of foto; 0: there is no foto yet
	hoy  int64    // version that was last read
}

// New makes a Telemetria; Cerrar ends it.
func New(opciones Opciones) *Telemetria {
	t := &Telemetria{o: opciones}
	t.vigia = watch.New(watch.Options{Versions: t.versiones})
	return t
}

// Cerrar ends the watcher. The caller has ended the streams before.
func (t *Telemetria) Cerrar() { t.vigia.Close() }

func (t *Telemetria) ahora() time.Time { return t.o.Ahora().UTC().Truncate(time.Millisecond) }

// Pagina asks for up to Limite+1 positions of a truck, newest first, that come after the one of the moment En with the
// key Clave. An empty Clave asks for the first page.
type Pagina struct {
	Camion       string
	Sensor       Sensor // empty: both
	Desde, Hasta time.Time
	Limite       int
	En           time.Time
	Clave        string
}

// Listar reads one page of positions.
func (t *Telemetria) Listar(ctx context.Context, pagina Pagina) ([]Posicion, error) {
	consulta := t.o.DB.Read(ctx).Where("camion = ?", pagina.Camion)
	if pagina.Sensor != "" {
		consulta = consulta.Where("sensor = ?", string(pagina.Sensor))
	}
	if !pagina.Desde.IsZero() {
		consulta = consulta.Where("en >= ?", pagina.Desde.UnixMilli())
	}
	if !pagina.Hasta.IsZero() {
		consulta = consulta.Where("en < ?", pagina.Hasta.UnixMilli())
	}
	if pagina.Clave != "" {
		consulta = consulta.Where("(en, clave) < (?, ?)", pagina.En.UnixMilli(), pagina.Clave)
	}
	filas, _, err := sqldb.Fill(ctx, pagina.Limite+1, func(n int) ([]filaPosicion, int, error) {
		hoja := consulta.Session(&gorm.Session{}).Order("en desc, clave desc").Limit(n)
		filas, rotas, err := sqldb.Readable[filaPosicion](hoja)
		return filas, len(rotas), err
	})
	out := make([]Posicion, 0, len(filas))
	for _, f := range filas {
		out = append(out, f.posicion())
	}
	return out, err
}

// olvidoMax is how many positions one call of Olvidar removes at most.
const olvidoMax = 5000

// Olvidar removes up to olvidoMax positions that arrived longer ago than Guarda, and gives how many.
func (t *Telemetria) Olvidar(ctx context.Context) (n int, err error) {
	viejas := t.o.DB.Read(ctx).
		Select("camion").
		Where("recibida < ?", t.ahora().Add(-t.o.Guarda).UnixMilli())
	// A read first: a transaction costs a sync of the disk even when it removes nothing.
	_, hay, err := sqldb.One[filaPosicion](viejas)
	if err != nil || !hay {
		return 0, err
	}
	err = t.o.DB.Write(ctx, "rutas.olvidar_posiciones", func(tx *gorm.DB) error {
		x := tx.Exec(
			"delete from posiciones where (camion, clave) in (select camion, clave from "+
				"posiciones where recibida < ? limit ?)",
			t.ahora().Add(-t.o.Guarda).UnixMilli(),
			olvidoMax,
		)
		n = int(x.RowsAffected)
		return x.Error
	})
	return n, err
}

package telemetria

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"despensa/platform/sqldb"
	"despensa/platform/watch"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Flota is what this room asks of the room that keeps trucks and shifts.
type Flota interface {
	// Afuera tells which trucks are on the street, and for which shift.
	Afuera(ctx context.Context) (map[string]string, error)
	// Pulso is a number that changes whenever Afuera may.
	Pulso(ctx context.Context) (int64, error)
	// Patentes gives the plates of trucks.
	Patentes(ctx context.Context, ids []string) (map[string]string, error)
}

// Opciones of a Telemetria. Every member is needed.
type Opciones struct {
	DB         *sqldb.DB
	Flota      Flota
	Ahora      func() time.Time
	Antiguedad time.Duration // older positions are refused
	Guarda     time.Duration // how long they are kept
}

// Telemetria is the store of positions. Safe for concurrent use.
type Telemetria struct {
	o     Opciones
	vigia *watch.Watcher

	mu   sync.Mutex
	foto []EnVivo
	de   int64 // the version that foto shows; 0: there is none
	hoy  int64 // the version last read
}

// Nueva makes a Telemetria; Cerrar ends it.
func Nueva(o Opciones) *Telemetria {
	t := &Telemetria{o: o}
	t.vigia = watch.New(watch.Options{Versiones: t.versiones})
	return t
}

// Cerrar lets go of who watches; the streams have ended.
func (t *Telemetria) Cerrar() { t.vigia.Cerrar() }

func (t *Telemetria) ahora() time.Time { return t.o.Ahora().UTC().Truncate(time.Millisecond) }

// Recibo tells what came of a batch.
type Recibo struct {
	Nuevas, Repetidas int
	Ultima            Posicion // of the truck, now
}

// Recibir stores positions of one truck, each once; the first of a key stays. Late ones
// are kept and do not move the truck back. Errors: ErrMomento.
func (t *Telemetria) Recibir(ctx context.Context, camion string, ps []Posicion) (r Recibo, err error) {
	ahora := t.ahora()
	if err := revisar(ps, ahora, t.o.Antiguedad); err != nil {
		return r, err
	}
	filas := make([]filaPosicion, 0, len(ps))
	for _, p := range ps {
		p.Camion, p.Recibida = camion, ahora
		filas = append(filas, filaDe(p))
	}
	filas = sinRepetir(filas)
	err = t.o.DB.Escribir(ctx, "rutas.posiciones", func(tx *gorm.DB) error {
		x := tx.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(slices.Clone(filas), 100)
		if x.Error != nil {
			return x.Error
		}
		r.Nuevas = int(x.RowsAffected)
		u, err := mover(tx, camion)
		r.Ultima = u
		return err
	})
	r.Repetidas = len(ps) - r.Nuevas
	return r, err
}

// sinRepetir keeps the first of each key.
func sinRepetir(filas []filaPosicion) []filaPosicion {
	vistas := map[string]bool{}
	return slices.DeleteFunc(filas, func(f filaPosicion) bool {
		visto := vistas[f.Clave]
		vistas[f.Clave] = true
		return visto
	})
}

// mover brings the row of the truck up to its newest position.
func mover(tx *gorm.DB, camion string) (Posicion, error) {
	var nueva filaPosicion
	if err := tx.Where("camion = ?", camion).Order("en desc, clave desc").Take(&nueva).Error; err != nil {
		return Posicion{}, err
	}
	var vieja filaUltima
	err := tx.Where("camion = ?", camion).Take(&vieja).Error
	hay := !errors.Is(err, gorm.ErrRecordNotFound)
	if err != nil && hay {
		return Posicion{}, err
	}
	if hay && (vieja.Vista.En > nueva.En || vieja.Vista.En == nueva.En && vieja.Vista.Clave >= nueva.Clave) {
		return vieja.Vista.cosa(), nil
	}
	u := filaUltima{Vista: nueva}
	if err := tx.Raw("select coalesce(max(revision), 0) + 1 from ultimas").Scan(&u.Revision).Error; err != nil {
		return Posicion{}, err
	}
	if hay {
		return nueva.cosa(), tx.Where("camion = ?", camion).Select("*").Updates(&u).Error
	}
	return nueva.cosa(), tx.Create(&u).Error
}

// Pagina asks for up to Limite+1 positions of a truck, newest first, after the one of the
// moment En with the key Clave (none when Clave is empty).
type Pagina struct {
	Camion       string
	Sensor       Sensor // empty: both
	Desde, Hasta time.Time
	Limite       int
	En           time.Time
	Clave        string
}

// Listar reads one page.
func (t *Telemetria) Listar(ctx context.Context, p Pagina) ([]Posicion, error) {
	q := t.o.DB.Leer(ctx).Where("camion = ?", p.Camion)
	if p.Sensor != "" {
		q = q.Where("sensor = ?", string(p.Sensor))
	}
	if !p.Desde.IsZero() {
		q = q.Where("en >= ?", p.Desde.UnixMilli())
	}
	if !p.Hasta.IsZero() {
		q = q.Where("en < ?", p.Hasta.UnixMilli())
	}
	if p.Clave != "" {
		q = q.Where("(en, clave) < (?, ?)", p.En.UnixMilli(), p.Clave)
	}
	filas, _, err := sqldb.Fill(ctx, p.Limite+1, func(n int) ([]filaPosicion, int, error) {
		filas, rotas, err := sqldb.Readable[filaPosicion](q.Session(&gorm.Session{}).Order("en desc, clave desc").Limit(n))
		return filas, len(rotas), err
	})
	out := make([]Posicion, 0, len(filas))
	for _, f := range filas {
		out = append(out, f.cosa())
	}
	return out, err
}

// olvidoMax bounds one round of Olvidar.
const olvidoMax = 5000

// Olvidar removes some positions that are past their time, and tells how many.
func (t *Telemetria) Olvidar(ctx context.Context) (n int, err error) {
	var vieja []filaPosicion // looking costs nothing, writing a sync
	err = t.o.DB.Leer(ctx).Select("camion").Where("recibida < ?", t.ahora().Add(-t.o.Guarda).UnixMilli()).Limit(1).Find(&vieja).Error
	if err != nil || len(vieja) == 0 {
		return 0, err
	}
	err = t.o.DB.Escribir(ctx, "rutas.olvidar_posiciones", func(tx *gorm.DB) error {
		x := tx.Exec("delete from posiciones where (camion, clave) in (select camion, clave from posiciones where recibida < ? limit ?)",
			t.ahora().Add(-t.o.Guarda).UnixMilli(), olvidoMax)
		n = int(x.RowsAffected)
		return x.Error
	})
	return n, err
}

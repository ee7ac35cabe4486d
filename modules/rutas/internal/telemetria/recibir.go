package telemetria

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"despensa/platform/sqldb"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// ResultadoDeLote is the outcome of a batch: how many positions were stored, repeated and refused.
type ResultadoDeLote struct {
	Nuevas, Repetidas int
	Rechazadas        []Rechazada
	Ultima            *Posicion // the truck's place after the batch; nil: no position can be shown
}

// Recibir stores the positions of one truck, each by itself. A position of an impossible time is left out and listed
// in Rechazadas. A position that is stored already counts as repeated, and its first content stays. A position that
// the truck cannot have driven to, or that is too coarse, is stored with its mark. A late position does not move the
// truck back.
func (t *Telemetria) Recibir(
	ctx context.Context,
	camion string,
	posiciones []Posicion,
) (r ResultadoDeLote, err error) {
	ahora := t.ahora()
	var buenas []Posicion
	buenas, r.Rechazadas = t.o.Reglas.admitir(posiciones, ahora)
	buenas = sinRepetir(buenas)
	for i := range buenas {
		p := &buenas[i]
		p.Camion, p.Recibida, p.Sospecha = camion, ahora, t.o.Reglas.propia(*p)
	}
	t.Rechazar(len(r.Rechazadas))
	if len(buenas) == 0 {
		r.Ultima, err = t.ultima(ctx, camion)
		return r, err
	}
	err = t.o.DB.Write(ctx, "rutas.posiciones", func(tx *gorm.DB) error {
		e := entrega{
			tx:     tx,
			reglas: t.o.Reglas,
			camion: camion,
			ahora:  ahora,
			guarda: t.o.Guarda,
		}
		r.Nuevas, r.Ultima, err = e.guardar(buenas)
		return err
	})
	if err != nil {
		return ResultadoDeLote{}, err
	}
	r.Repetidas = len(posiciones) - len(r.Rechazadas) - r.Nuevas
	t.o.Contar("nueva", r.Nuevas)
	t.o.Contar("repetida", r.Repetidas)
	return r, nil
}

// Rechazar counts positions that the HTTP face has refused.
func (t *Telemetria) Rechazar(cuantas int) { t.o.Contar("rechazada", cuantas) }

// ultima reads the last seen place of a truck; nil: it was never seen.
func (t *Telemetria) ultima(ctx context.Context, camion string) (*Posicion, error) {
	vieja, err := leerUltima(t.o.DB.Read(ctx), camion)
	if err != nil || vieja == nil {
		return nil, err
	}
	p := vieja.Vista.posicion()
	return &p, nil
}

// sinRepetir keeps the first position of each identity.
func sinRepetir(posiciones []Posicion) []Posicion {
	vistas := make(map[identidad]bool, len(posiciones))
	return slices.DeleteFunc(posiciones, func(p Posicion) bool {
		visto := vistas[p.identidad()]
		vistas[p.identidad()] = true
		return visto
	})
}

// entrega is the work on one batch of one truck inside its transaction.
type entrega struct {
	tx     *gorm.DB
	reglas Reglas
	camion string
	ahora  time.Time
	guarda time.Duration
}

// guardar stores the new positions of ps, updates the sensors' clocks and the marks, and moves the truck. nuevas
// counts the new positions. A batch without any changes nothing.
func (e entrega) guardar(posiciones []Posicion) (nuevas int, ultima *Posicion, err error) {
	filas := make([]filaPosicion, 0, len(posiciones))
	for _, p := range posiciones {
		filas = append(filas, filaDe(p))
	}
	insercion := e.tx.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(filas, 100)
	if insercion.Error != nil {
		return 0, nil, insercion.Error
	}
	vieja, err := leerUltima(e.tx, e.camion)
	if err != nil {
		return 0, nil, err
	}
	if insercion.RowsAffected == 0 && vieja != nil {
		p := vieja.Vista.posicion()
		return 0, &p, nil
	}
	rs, err := e.escuchar(posiciones)
	if err != nil {
		return 0, nil, err
	}
	ultima, err = e.juzgar(posiciones, rs, vieja)
	return int(insercion.RowsAffected), ultima, err
}

// escuchar updates the estimates of the sensors' clocks from the batch, stores them and returns them.
func (e entrega) escuchar(posiciones []Posicion) (relojes, error) {
	var filas []filaReloj
	if err := e.tx.Where("camion = ?", e.camion).Find(&filas).Error; err != nil {
		return nil, err
	}
	rs := relojes{}
	for _, f := range filas {
		rs[Sensor(f.Sensor)] = f.reloj()
	}
	rs.oir(posiciones, e.ahora, e.reglas.DesfaseMax)
	filas = filas[:0]
	for s, r := range rs {
		filas = append(filas, filaDeReloj(e.camion, s, r))
	}
	slices.SortFunc(
		filas,
		func(a, b filaReloj) int { return strings.Compare(a.Sensor, b.Sensor) },
	)
	clave := []clause.Column{{Name: "camion"}, {Name: "sensor"}}
	return rs, e.tx.Clauses(clause.OnConflict{Columns: clave, UpdateAll: true}).
		Create(&filas).
		Error
}

// juzgar updates the marks of the truck's recent positions and of late ones, and moves the truck to the last position
// of the chain.
func (e entrega) juzgar(
	posiciones []Posicion,
	relojes relojes,
	vieja *filaUltima,
) (*Posicion, error) {
	recientes, err := e.recientes()
	if err != nil {
		return nil, err
	}
	if vieja != nil && e.olvidada(*vieja, recientes) {
		recientes = append(recientes, vieja.Vista.posicion())
	}
	marcas, i := e.reglas.juzgar(recientes, relojes)
	cambian := distintas(recientes, marcas)
	resto, err := e.tardias(posiciones, recientes, relojes)
	if err != nil {
		return nil, err
	}
	if err := e.marcar(append(cambian, resto...)); err != nil {
		return nil, err
	}
	switch {
	case i >= 0:
		return e.mover(recientes[i], vieja)
	case vieja != nil:
		p := vieja.Vista.posicion()
		return &p, nil
	}
	return nil, nil
}

// olvidada reports whether filaUltima is older than positions are kept, so that its row in posiciones may be gone,
// and posiciones lacks it.
func (e entrega) olvidada(filaUltima filaUltima, posiciones []Posicion) bool {
	p := filaUltima.Vista.posicion()
	return p.Recibida.Before(e.ahora.Add(-e.guarda)) &&
		!slices.ContainsFunc(
			posiciones,
			func(x Posicion) bool { return x.identidad() == p.identidad() },
		)
}

// distintas are those of posiciones with a mark that changes, carrying the new mark.
func distintas(posiciones []Posicion, marcas []Sospecha) (out []Posicion) {
	for i, p := range posiciones {
		if p.Sospecha != marcas[i] {
			p.Sospecha = marcas[i]
			out = append(out, p)
		}
	}
	return out
}

// tardias are those positions of a batch that are too old to be judged among the recent ones and get another mark when
// they are judged among the positions of their own time.
func (e entrega) tardias(
	posiciones, recientes []Posicion,
	relojes relojes,
) ([]Posicion, error) {
	juzgadas := map[identidad]bool{}
	for _, p := range recientes {
		juzgadas[p.identidad()] = true
	}
	if !slices.ContainsFunc(
		posiciones,
		func(p Posicion) bool { return !juzgadas[p.identidad()] },
	) {
		return nil, nil
	}
	todas, err := e.vecinas(posiciones)
	if err != nil {
		return nil, err
	}
	marcas, _ := e.reglas.juzgar(todas, relojes)
	juzgada := func(p Posicion) bool { return juzgadas[p.identidad()] }
	return slices.DeleteFunc(distintas(todas, marcas), juzgada), nil
}

// marcar stores the marks of posiciones.
func (e entrega) marcar(posiciones []Posicion) error {
	claves := map[Sospecha][]string{}
	for _, p := range posiciones {
		claves[p.Sospecha] = append(claves[p.Sospecha], claveDe(p))
	}
	for _, m := range []Sospecha{SinSospecha, Imprecisa, Veloz, Salto} {
		if len(claves[m]) == 0 {
			continue
		}
		x := e.tx.Model(&filaPosicion{}).
			Where("camion = ? and clave in ?", e.camion, claves[m]).
			Update("marca", string(m))
		if x.Error != nil {
			return x.Error
		}
	}
	return nil
}

// leerUltima reads the row of a truck in ultimas; nil: there is none that can be read.
func leerUltima(tx *gorm.DB, camion string) (*filaUltima, error) {
	var u filaUltima
	err := tx.Where("camion = ?", camion).Take(&u).Error
	if errors.Is(err, gorm.ErrRecordNotFound) || sqldb.Unreadable(err) {
		return nil, nil
	}
	return &u, err
}

// mover stores posicion as the place of the truck, unless posicion is its place already.
func (e entrega) mover(posicion Posicion, vieja *filaUltima) (*Posicion, error) {
	if vieja != nil && vieja.Vista.posicion().identidad() == posicion.identidad() {
		posicion = vieja.Vista.posicion()
		return &posicion, nil
	}
	u := filaUltima{Vista: lugarDe(posicion)}
	if err := e.tx.Raw("select coalesce(max(revision), 0) + 1 from ultimas").Scan(&u.Revision).Error; err != nil {
		return nil, err
	}
	reemplaza := clause.OnConflict{Columns: []clause.Column{{Name: "camion"}}, UpdateAll: true}
	return &posicion, e.tx.Clauses(reemplaza).Create(&u).Error
}

const (
	// recientesMax is how many positions of each sensor are judged together: so many of the latest by time of
	// measurement, and as many of the latest by arrival.
	recientesMax = 32
	// vecinasMax is how many positions before late ones, and how many after them, are judged together with them.
	vecinasMax = 16
)

// recientes are the stored positions by which the truck's place is found. The order of their arrival does not change
// the set.
func (e entrega) recientes() ([]Posicion, error) {
	const unas = "select * from (select * from posiciones where camion = ? and sensor = ? and recibida <= ? order by "
	var partes []string
	var args []any
	for _, s := range sensores {
		for _, orden := range []string{"en desc, secuencia desc", "recibida desc, en desc, secuencia desc"} {
			partes = append(partes, unas+orden+" limit ?) x")
			args = append(
				args,
				e.camion,
				string(s),
				e.ahora.Add(e.reglas.DesfaseMax).UnixMilli(),
				recientesMax,
			)
		}
	}
	return legibles(e.tx.Raw(strings.Join(partes, " union "), args...))
}

// vecinas are posiciones together with the stored positions just before and after them.
func (e entrega) vecinas(posiciones []Posicion) ([]Posicion, error) {
	desde := slices.MinFunc(
		posiciones,
		porHora,
	).En.UnixMilli()
	hasta := slices.MaxFunc(
		posiciones,
		porHora,
	).En.UnixMilli()
	const unas = "select * from (select * from posiciones where camion = ? and en "
	antes, despues := unas+"< ? order by en desc, clave desc limit ?) a", unas+"> ? order by en, clave limit ?) b"
	vecinas, err := legibles(
		e.tx.Raw(
			antes+" union "+despues,
			e.camion,
			desde,
			vecinasMax,
			e.camion,
			hasta,
			vecinasMax,
		),
	)
	return append(vecinas, posiciones...), err
}

// legibles reads the rows of q that can be read, in the order of porHora.
func legibles(q *gorm.DB) ([]Posicion, error) {
	filas, _, err := sqldb.Readable[filaPosicion](q)
	ps := make([]Posicion, 0, len(filas))
	for _, f := range filas {
		ps = append(ps, f.posicion())
	}
	slices.SortFunc(ps, porHora)
	return ps, err
}

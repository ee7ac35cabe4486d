package telemetria

import (
	"context"
	"slices"
	"strings"

	"despensa/platform/sqldb"
	"despensa/platform/watch"
)

// todos is the one thing that is watched here.
const todos = "camiones"

// Mirar begins to watch all trucks, as they stood when Foto gave version; Soltar ends it.
func (t *Telemetria) Mirar(version int64) *watch.Watch { return t.vigia.Mirar(todos, version) }

// versiones is for the watcher: one number for all trucks.
func (t *Telemetria) versiones(ctx context.Context, _ []string) (map[string]int64, error) {
	v, err := t.version(ctx)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.hoy = v
	return map[string]int64{todos: v}, nil
}

func (t *Telemetria) version(ctx context.Context) (int64, error) {
	var revision int64
	if err := t.o.DB.Leer(ctx).Raw("select coalesce(max(revision), 0) from ultimas").Scan(&revision).Error; err != nil {
		return 0, err
	}
	pulso, err := t.o.Flota.Pulso(ctx)
	return 1 + revision*1_000_003 + pulso, err
}

// Foto shows every truck that has been seen or is on the street, by plate, as it is now,
// and of which version that is.
func (t *Telemetria) Foto(ctx context.Context) ([]EnVivo, int64, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.revelar(ctx)
}

// Cambiada is Foto for those whom Mirar has told of a change: however many watch, each
// version is read once.
func (t *Telemetria) Cambiada(ctx context.Context) ([]EnVivo, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.de != 0 && t.de == t.hoy {
		return t.foto, nil
	}
	foto, _, err := t.revelar(ctx)
	return foto, err
}

// revelar takes the picture anew unless it is of this version; t is locked.
func (t *Telemetria) revelar(ctx context.Context) ([]EnVivo, int64, error) {
	v, err := t.version(ctx) // before the rows: what changes meanwhile is another version
	if err != nil || v == t.de {
		return t.foto, v, err
	}
	foto, err := t.retratar(ctx)
	if err != nil {
		return nil, 0, err
	}
	t.foto, t.de, t.hoy = foto, v, v
	return foto, v, nil
}

func (t *Telemetria) retratar(ctx context.Context) ([]EnVivo, error) {
	filas, _, err := sqldb.Readable[filaUltima](t.o.DB.Leer(ctx)) // a row that cannot be read costs no other truck
	if err != nil {
		return nil, err
	}
	afuera, err := t.o.Flota.Afuera(ctx)
	if err != nil {
		return nil, err
	}
	vistos := map[string]EnVivo{}
	for camion, turno := range afuera {
		vistos[camion] = EnVivo{Camion: camion, Turno: turno}
	}
	for _, f := range filas {
		camion := f.Vista.Camion
		vistos[camion] = EnVivo{Camion: camion, Turno: afuera[camion], Ultima: f.ultima()}
	}
	return t.conPatentes(ctx, vistos)
}

func (t *Telemetria) conPatentes(ctx context.Context, vistos map[string]EnVivo) ([]EnVivo, error) {
	ids := make([]string, 0, len(vistos))
	for id := range vistos {
		ids = append(ids, id)
	}
	patentes, err := t.o.Flota.Patentes(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]EnVivo, 0, len(vistos))
	for _, v := range vistos {
		v.Patente = patentes[v.Camion]
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b EnVivo) int { return strings.Compare(a.Patente, b.Patente) })
	return out, nil
}

package telemetria

import (
	"context"
	"slices"
	"strings"

	"despensa/platform/sqldb"
	"despensa/platform/watch"
)

// todos is the only key in the watcher: the live view of all trucks has one version.
const todos = "camiones"

// Mirar begins to watch for a version of the live view other than version, which Foto gave. The caller ends it by
// Stop.
func (t *Telemetria) Mirar(version int64) *watch.Watch { return t.vigia.Watch(todos, version) }

// versiones gives the watcher the present version.
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

// version is a number that changes whenever the live view changes. It is never 0.
func (t *Telemetria) version(ctx context.Context) (int64, error) {
	var revision int64
	if err := t.o.DB.Read(ctx).Raw("select coalesce(max(revision), 0) from ultimas").Scan(&revision).Error; err != nil {
		return 0, err
	}
	pulso, err := t.o.Flota.Pulso(ctx)
	return 1 + revision*1_000_003 + pulso, err
}

// Foto gives the live view: every truck that has been seen or is on the street, by plate, and the version of the view.
func (t *Telemetria) Foto(ctx context.Context) ([]EnVivo, int64, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.revelar(ctx)
}

// Cambiada gives the live view to a stream that Mirar has woken. However many streams are woken, each version is read
// from the store once.
func (t *Telemetria) Cambiada(ctx context.Context) ([]EnVivo, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.de != 0 && t.de == t.hoy {
		return t.foto, nil
	}
	foto, _, err := t.revelar(ctx)
	return foto, err
}

// revelar reads the live view anew, unless foto is of the present version. The caller holds mu.
func (t *Telemetria) revelar(ctx context.Context) ([]EnVivo, int64, error) {
	v, err := t.version(ctx) // before the rows: a change in between makes another version
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

// retratar reads the live view from the store.
func (t *Telemetria) retratar(ctx context.Context) ([]EnVivo, error) {
	// A row that cannot be read costs no other truck.
	filas, _, err := sqldb.Readable[filaUltima](
		t.o.DB.Read(ctx),
	)
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

// conPatentes adds the plates and sorts by them.
func (t *Telemetria) conPatentes(
	ctx context.Context,
	vistos map[string]EnVivo,
) ([]EnVivo, error) {
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

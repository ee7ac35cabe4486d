package flota

import (
	"time"

	"despensa/modules/rutas"

	"gorm.io/gorm"
)

// dia is the calendar day of t in the company's zone, YYYY-MM-DD.
func (f *Flota) dia(t time.Time) string { return t.In(f.o.Zona).Format(time.DateOnly) }

// jornadaDe is the span of the calendar day of t.
func (f *Flota) jornadaDe(t time.Time) rutas.Ventana {
	a, m, d := t.In(f.o.Zona).Date()
	return rutas.Ventana{
		Desde: time.Date(a, m, d, 0, 0, 0, 0, f.o.Zona),
		Hasta: time.Date(a, m, d+1, 0, 0, 0, 0, f.o.Zona),
	}
}

// vigente reports whether a shift of that span is not over, and touches today's calendar day or is about to begin.
func (f *Flota) vigente(turno rutas.Ventana) bool {
	ahora := f.ahora()
	hoy := f.jornadaDe(ahora)
	return turno.Hasta.After(ahora) &&
		(turno.Desde.Before(hoy.Hasta) || f.empieza(turno.Desde, ahora))
}

// empieza reports whether a shift that begins at inicio has begun, or begins within Reglas.SalidaAntes.
func (f *Flota) empieza(inicio, ahora time.Time) bool {
	return !inicio.After(ahora.Add(f.o.Reglas.SalidaAntes))
}

// enDia narrows a query that has the table turnos to the shifts that touch a calendar day, and to their visits.
// columna holds the day on which a shift begins, and has an index: a shift is at most 24 h long, so it begins on that
// day or the day before. An empty dia does not narrow. Errors: ErrValor.
func (f *Flota) enDia(db *gorm.DB, columna, dia string) (*gorm.DB, error) {
	if dia == "" {
		return db, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, dia, f.o.Zona)
	if err != nil {
		return nil, ErrValor.WithField("query.dia", "is no calendar day")
	}
	j := f.jornadaDe(t)
	return db.Where(columna+" in ?", []string{f.dia(j.Desde.Add(-time.Hour)), dia}).
			Where("turnos.inicio < ? and turnos.fin > ?", j.Hasta.UnixMilli(), j.Desde.UnixMilli()),
		nil
}

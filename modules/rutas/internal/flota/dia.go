package flota

import (
	"time"

	"despensa/modules/rutas"

	"gorm.io/gorm"
)

// dia is the calendar day of t.
func (f *Flota) dia(t time.Time) string { return t.In(f.o.Zona).Format(time.DateOnly) }

// jornadaDe is the span of the calendar day of t.
func (f *Flota) jornadaDe(t time.Time) rutas.Ventana {
	a, m, d := t.In(f.o.Zona).Date()
	return rutas.Ventana{
		Desde: time.Date(a, m, d, 0, 0, 0, 0, f.o.Zona),
		Hasta: time.Date(a, m, d+1, 0, 0, 0, 0, f.o.Zona),
	}
}

// vigente reports whether a shift of that span touches today, or is about to begin, and is not over.
func (f *Flota) vigente(turno rutas.Ventana) bool {
	ahora := f.ahora()
	hoy := f.jornadaDe(ahora)
	return turno.Hasta.After(ahora) && (turno.Desde.Before(hoy.Hasta) || f.empieza(turno.Desde, ahora))
}

// empieza reports whether a shift that begins at inicio runs or is about to begin.
func (f *Flota) empieza(inicio, ahora time.Time) bool {
	return !inicio.After(ahora.Add(f.o.Reglas.SalidaAntes))
}

// enDia narrows a query with the table turnos to the shifts that touch a calendar day, and what is booked on them.
// columna is the day on which those shifts begin, which has an index: at most 24 h long, they begin on that day or the
// day before. An empty day does not narrow. Errors: ErrValor.
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
		Where("turnos.inicio < ? and turnos.fin > ?", j.Hasta.UnixMilli(), j.Desde.UnixMilli()), nil
}

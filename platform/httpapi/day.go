package httpapi

import (
	"fmt"
	"sync"
	"time"

	"despensa/platform/fault"
)

// ErrDay answers a text that is no calendar day, and a range that ends before it begins.
var ErrDay = fault.New(fault.Invalid, "dia-invalido", "A day is written YYYY-MM-DD.")

// Zone is the time zone of the company's calendar days. The program must embed time/tzdata or find the zone on its
// machine. Errors: the zone is in neither.
var Zone = sync.OnceValues(func() (*time.Location, error) {
	z, err := time.LoadLocation("America/Argentina/Buenos_Aires")
	if err != nil {
		return nil, fmt.Errorf("httpapi: time zone of the company: %w", err)
	}
	return z, nil
})

// Day gives the calendar day s (YYYY-MM-DD) of Buenos Aires as the UTC range [desde, hasta). Errors: ErrDay, those of
// Zone.
func Day(s string) (desde, hasta time.Time, err error) {
	z, err := Zone()
	if err != nil {
		return desde, hasta, err
	}
	d, err := time.ParseInLocation(time.DateOnly, s, z)
	if err != nil {
		return desde, hasta, ErrDay
	}
	return d.UTC(), d.AddDate(0, 0, 1).UTC(), nil
}

// Days is embedded in the input of lists that can be narrowed to a range of calendar days.
type Days struct {
	Desde string `query:"desde" format:"date" example:"2026-03-01" doc:"First calendar day of America/Argentina/Buenos_Aires."`
	Hasta string `query:"hasta" format:"date" example:"2026-03-31" doc:"Last such day, included."`
}

// Range gives the days as the UTC range [desde, hasta); a zero time is an open end.
// Errors: ErrDay, also when hasta is before desde.
func (d Days) Range() (desde, hasta time.Time, err error) {
	if d.Desde != "" {
		if desde, _, err = Day(d.Desde); err != nil {
			return desde, hasta, inField(err, "query.desde", "not a day")
		}
	}
	if d.Hasta != "" {
		if _, hasta, err = Day(d.Hasta); err != nil {
			return desde, hasta, inField(err, "query.hasta", "not a day")
		}
	}
	if !desde.IsZero() && !hasta.IsZero() && !desde.Before(hasta) {
		return desde, hasta, ErrDay.WithField("query.hasta", "before desde")
	}
	return desde, hasta, nil
}

// inField adds the field campo, with texto as its message, to a declared error. Any other error stays as it is.
func inField(err error, campo, texto string) error {
	if e, ok := fault.As(err); ok {
		return e.WithField(campo, texto)
	}
	return err
}

package mercadopago

import (
	"regexp"
	"strconv"
	"time"
)

var enDuracion = regexp.MustCompile(
	`^P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$`,
)

// duracion reads an ISO 8601 duration of weeks, days, hours, minutes and seconds.
func duracion(s string) (time.Duration, bool) {
	m := enDuracion.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	var d time.Duration
	for i, unidad := range []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second} {
		if m[i+1] == "" {
			continue
		}
		n, err := strconv.Atoi(m[i+1])
		if err != nil {
			return 0, false
		}
		d += time.Duration(n) * unidad
	}
	return d, true
}

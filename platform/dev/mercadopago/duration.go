package mercadopago

import (
	"regexp"
	"strconv"
	"time"
)

var durationForm = regexp.MustCompile(
	`^P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$`,
)

// parseDuration reads an ISO 8601 duration of weeks, days, hours, minutes and seconds.
func parseDuration(texto string) (time.Duration, bool) {
	partes := durationForm.FindStringSubmatch(texto)
	if partes == nil {
		return 0, false
	}
	var suma time.Duration
	for i, unidad := range []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second} {
		if partes[i+1] == "" {
			continue
		}
		n, err := strconv.Atoi(partes[i+1])
		if err != nil {
			return 0, false
		}
		suma += time.Duration(n) * unidad
	}
	return suma, true
}

package module

import (
	"strings"
	"testing"
	"time"
)

// TestTheMinimumIsWholeDays: vida_minima is a whole number of days, from none to a year.
func TestTheMinimumIsWholeDays(t *testing.T) {
	for vida, bien := range map[time.Duration]bool{
		0: true, unDia: true, 365 * unDia: true, -unDia: false, 366 * unDia: false, 36 * time.Hour: false,
	} {
		err := Config{VidaMinima: vida}.Validar()
		if err == nil || strings.Contains(err.Error(), "pedidos.vida_minima:") == bien {
			t.Errorf("%s: %v", vida, err)
		}
	}
	if dias := (Config{VidaMinima: 3 * unDia}).app().VidaMinima; dias != 3 {
		t.Errorf("%d days", dias)
	}
}

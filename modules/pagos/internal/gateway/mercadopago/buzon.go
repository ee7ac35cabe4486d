package mercadopago

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"despensa/modules/pagos/internal/gateway"

	"github.com/mercadopago/sdk-go/pkg/webhook"
)

// Verificar implements gateway.Buzon. The sources disagree on two points, and Verificar accepts both readings: the
// id is signed as it is or in lower case, and ts is in seconds or in milliseconds.
func (a *Adaptador) Verificar(noticia gateway.Noticia, ahora time.Time) error {
	if a.o.Secreto == "" {
		return fmt.Errorf("%w: no secret", gateway.ErrFirma)
	}
	err := webhook.ValidateSignature(
		noticia.Firma,
		noticia.Solicitud,
		noticia.Dato,
		a.o.Secreto,
	)
	if err != nil {
		err = webhook.ValidateSignature(
			noticia.Firma,
			noticia.Solicitud,
			strings.ToLower(noticia.Dato),
			a.o.Secreto,
		)
	}
	if err != nil {
		return fmt.Errorf("%w: does not match", gateway.ErrFirma)
	}
	t, err := firmado(noticia.Firma)
	if err != nil || ahora.Sub(t).Abs() > a.o.Tolerancia {
		return fmt.Errorf("%w: too old", gateway.ErrFirma)
	}
	return nil
}

// enMilisegundos is above every ts in seconds and below every ts in milliseconds.
const enMilisegundos = 100_000_000_000

// firmado reads the ts of a verified header; the last one, as the SDK does.
func firmado(firma string) (t time.Time, err error) {
	err = strconv.ErrSyntax
	for parte := range strings.SplitSeq(firma, ",") {
		k, v, _ := strings.Cut(parte, "=")
		if !strings.EqualFold(strings.TrimSpace(k), "ts") {
			continue
		}
		var n int64
		if n, err = strconv.ParseInt(strings.TrimSpace(v), 10, 64); err != nil {
			return t, err
		}
		if t = time.Unix(n, 0); n > enMilisegundos {
			t = time.UnixMilli(n)
		}
	}
	return t, err
}

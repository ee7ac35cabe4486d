package ajustes_test

import (
	"errors"
	"strings"
	"testing"

	"despensa/internal/ajustes"
	"despensa/platform/config"
)

// An address that is printed holds no password, in development either, and the refusal shows none.
func TestPrintedAddressesHoldNoPassword(t *testing.T) {
	t.Setenv("DESPENSA_CONFIG", "")
	for _, clave := range []string{"http.url", "oidc.emisor", "mercadopago.url", "mercadopago.avisos"} {
		for _, valor := range []string{
			"https://u:s3creto@h.com.ar", "https://s3creto@h.com.ar", "https://h.com.ar?token=s3creto",
			"https://h.com.ar#s3creto", "https://u:s3creto@h.com.ar:puerto", "s3creto", "ftp://s3creto", "https://:8080",
		} {
			_, err := ajustes.Leer([]string{config.Variable(clave) + "=" + valor})
			if !errors.Is(err, config.ErrConfig) || !strings.Contains(err.Error(), clave+":") ||
				strings.Contains(err.Error(), "s3c") {
				t.Errorf("%s=%s: %v", clave, valor, err)
			}
		}
	}
}

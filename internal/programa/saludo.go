package programa

import (
	devoidc "despensa/platform/dev/oidc"
	"fmt"
	"io"
)

// Saludar tells a newcomer where to look and who can log in.
func (p *Programa) Saludar(w io.Writer) {
	fmt.Fprintf(w, "\nDespensa %s\n  start here     %s/\n  API            %s/api/v1\n  documentation  %s/docs/\n", Version, p.Ajustes.HTTP.URL, p.Ajustes.HTTP.URL, p.Ajustes.HTTP.URL)
	if p.Ajustes.EnDatos() {
		fmt.Fprintf(w, "  data folder    %s\n", p.Ajustes.Datos)
	}
	if p.mp != nil {
		fmt.Fprintf(w, "  gateway        embedded simulator, %s\n", p.Ajustes.MercadoPago.URL)
	}
	if p.idp == nil {
		return
	}
	fmt.Fprintf(w, "  identity       embedded provider, %s\n  demo logins    (password %q)\n", p.Ajustes.OIDC.Emisor, "despensa")
	for _, i := range devoidc.Ingresos() {
		fmt.Fprintf(w, "    %-12s %v\n", i.Login, i.Roles)
	}
	fmt.Fprintf(w, "  a token        go run . token cliente1\n\n")
}

// SaludarDev tells how other programs find the stand-ins.
func (p *Programa) SaludarDev(w io.Writer) {
	fmt.Fprintf(w, "\nStand-ins of Despensa %s. The program finds them by\n  DESPENSA_OIDC_EMISOR=%s\n  DESPENSA_MERCADOPAGO_URL=%s\n"+
		"and they send their webhooks to %s (mercadopago.avisos)\n\n", Version, p.Ajustes.OIDC.Emisor, p.Ajustes.MercadoPago.URL, p.avisos())
}

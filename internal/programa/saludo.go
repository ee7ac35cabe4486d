package programa

import (
	devoidc "despensa/platform/dev/oidc"
	"fmt"
	"io"
)

// enJSON reports whether each line on standard error is JSON.
func (p *Programa) enJSON() bool { return p.Ajustes.Registro.Formato == "json" }

// Saludar prints the addresses of the program and the demo logins; with a log of JSON, one line of the log instead.
func (p *Programa) Saludar(out io.Writer) {
	if p.enJSON() {
		p.log.Info("serving", "version", Version, "url", p.Ajustes.HTTP.URL)
		return
	}
	fmt.Fprintf(
		out,
		"\nDespensa %s\n  start here     %s/\n  API            %s/api/v1\n  documentation  %s/docs/\n",
		Version,
		p.Ajustes.HTTP.URL,
		p.Ajustes.HTTP.URL,
		p.Ajustes.HTTP.URL,
	)
	if p.Ajustes.EnDatos() {
		fmt.Fprintf(out, "  data folder    %s\n", p.Ajustes.Datos)
	}
	if p.mp != nil {
		fmt.Fprintf(out, "  gateway        embedded simulator, %s\n", p.Ajustes.MercadoPago.URL)
	}
	if p.idp == nil {
		return
	}
	fmt.Fprintf(out, "  identity       embedded provider, %s\n  demo logins    (password %q)\n",
		p.Ajustes.OIDC.Emisor, "despensa")
	for _, i := range devoidc.Logins() {
		fmt.Fprintf(out, "    %-12s %v\n", i.Login, i.Roles)
	}
	fmt.Fprintf(out, "  a token        go run . token cliente1\n\n")
}

// SaludarDev prints the settings by which another program finds the stand-ins.
func (p *Programa) SaludarDev(out io.Writer) {
	if p.enJSON() {
		p.log.Info(
			"serving stand-ins",
			"version", Version, "oidc.emisor", p.Ajustes.OIDC.Emisor,
			"mercadopago.url", p.Ajustes.MercadoPago.URL,
			"mercadopago.avisos", p.avisos(),
		)
		return
	}
	fmt.Fprintf(out, "\nStand-ins of Despensa %s. The program finds them by\n"+
		"  DESPENSA_OIDC_EMISOR=%s\n"+
		"  DESPENSA_MERCADOPAGO_URL=%s\n"+
		"and they send their webhooks to %s (mercadopago.avisos)\n\n",
		Version, p.Ajustes.OIDC.Emisor, p.Ajustes.MercadoPago.URL, p.avisos())
}

package programa

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"despensa/internal/ajustes"
	"despensa/platform/config"
	"despensa/platform/dev/inicio"
	devmp "despensa/platform/dev/mercadopago"
	devoidc "despensa/platform/dev/oidc"
	"despensa/platform/httpapi"
	"despensa/platform/loopback"
	"despensa/platform/oidc"
	"despensa/platform/oidc/sesion"
)

// abrirSuplentes opens the stand-ins of the identity provider and of the gateway where the configuration names none.
func (p *Programa) abrirSuplentes(ctx context.Context, pruebas Pruebas) error {
	if p.conDemo && p.Ajustes.OIDC.Secreto == "" && p.Ajustes.OIDC.Cliente == devoidc.AppWeb {
		p.Ajustes.OIDC.Secreto = devoidc.SecretWeb
	}
	if p.Ajustes.OIDC.Emisor == "" {
		if err := p.abrirIdentidad(false); err != nil {
			return err
		}
	}
	if p.Ajustes.MercadoPago.URL == "" || p.simulada() {
		p.credenciales()
	}
	if p.Ajustes.MercadoPago.URL != "" {
		return nil
	}
	return p.abrirPasarela(ctx, pruebas)
}

// claveDeDesarrollo gives a session key when the configuration has none. It follows from the master key
// clientes.claves where that is set, so that replicas with the same master key share their sessions.
func claveDeDesarrollo(configuracion ajustes.Configuracion) (config.Secret, error) {
	if configuracion.Clientes.Claves == "" {
		return claveDeSesion(filepath.Join(carpetaDev(configuracion), "sesion.clave"))
	}
	h := hmac.New(sha256.New, []byte(configuracion.Clientes.Claves.Value()))
	_, _ = h.Write([]byte("sesion.clave")) // never fails
	return config.Secret(hex.EncodeToString(h.Sum(nil))), nil
}

// claveDeSesion gives the session key that development makes for itself, once for each data folder.
func claveDeSesion(archivo string) (config.Secret, error) {
	b, err := os.ReadFile(archivo)
	if errors.Is(err, fs.ErrNotExist) ||
		err == nil && len(b) < sesion.KeyMin { // missing, or cut off by a crash
		b = []byte(rand.Text() + rand.Text())
		err = os.WriteFile(archivo, b, 0o600)
	}
	if err != nil {
		return "", fmt.Errorf("sesion.clave: %w", err)
	}
	return config.Secret(b), nil
}

// credenciales fills in the simulator's credentials where the configuration has none.
func (p *Programa) credenciales() {
	if p.Ajustes.MercadoPago.Token == "" {
		p.Ajustes.MercadoPago.Token = ajustes.TokenDePrueba
	}
	if p.Ajustes.MercadoPago.Secreto == "" {
		p.Ajustes.MercadoPago.Secreto = ajustes.SecretoDePrueba
	}
}

// abrirIdentidad opens the embedded provider. locales lets it redirect to programs at any port of this machine.
func (p *Programa) abrirIdentidad(locales bool) (err error) {
	p.Ajustes.OIDC.Emisor = p.Ajustes.HTTP.URL + ajustes.RutaOIDC
	p.idp, err = devoidc.New(devoidc.Options{
		Issuer:    p.Ajustes.OIDC.Emisor,
		Audience:  p.Ajustes.OIDC.Audiencia,
		RoleClaim: p.Ajustes.OIDC.RolClaim,
		Folder:    carpetaDev(p.Ajustes),
		Redirects: []string{p.Ajustes.HTTP.URL + "/sesion/vuelta"},
		Local:     locales,
		Grace:     10 * time.Second,
	})
	return err
}

// abrirPasarela opens the simulator of the gateway.
func (p *Programa) abrirPasarela(ctx context.Context, pruebas Pruebas) (err error) {
	p.Ajustes.MercadoPago.URL = p.Ajustes.HTTP.URL + devmp.Prefix
	avisos := p.avisos()
	p.mp, err = devmp.New(ctx, devmp.Options{
		Folder:    carpetaDev(p.Ajustes),
		Token:     p.Ajustes.MercadoPago.Token.Value(),
		Secret:    p.Ajustes.MercadoPago.Secreto.Value(),
		Receiver:  func() string { return avisos },
		Transport: p.haciaNosotros(),
		Now:       pruebas.Ahora,
		Interval:  pruebas.Ronda,
		Log:       p.log,
	})
	if err == nil {
		p.alCerrar(p.mp.Close)
	}
	return err
}

// haciaLaPasarela is the transport of pagos to the simulator in this process, without a socket; nil: the gateway is
// elsewhere.
func (p *Programa) haciaLaPasarela() http.RoundTripper {
	if p.mp == nil {
		return nil
	}
	return loopback.Transport{Handler: p.mp.Handler()}
}

// haciaNosotros is the transport of the simulator's webhooks to the server of this process, which is opened later,
// without a socket; nil: the webhooks go to another program.
func (p *Programa) haciaNosotros() http.RoundTripper {
	if p.Ajustes.MercadoPago.Avisos != "" {
		return nil
	}
	return loopback.Transport{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			p.Handler().ServeHTTP(w, r)
		}),
	}
}

// carpetaDev is the folder in which the stand-ins keep their keys and their ledger.
func carpetaDev(configuracion ajustes.Configuracion) string {
	return filepath.Join(configuracion.Datos, "dev")
}

// avisos is the address to which the simulator sends its webhooks.
func (p *Programa) avisos() string {
	if p.Ajustes.MercadoPago.Avisos == "" {
		return p.Ajustes.HTTP.URL
	}
	return p.Ajustes.MercadoPago.Avisos
}

// OpenDev opens both stand-ins, even if the configuration names other addresses, and no module.
func OpenDev(
	ctx context.Context,
	configuracion ajustes.Configuracion,
	log *slog.Logger,
) (*Programa, error) {
	configuracion.OIDC.Emisor, configuracion.MercadoPago.URL = "", ""
	p := &Programa{Ajustes: configuracion, log: log, metricas: nuevasMetricas()}
	p.credenciales()
	identidad := func(context.Context, Pruebas) error { return p.abrirIdentidad(true) }
	return p, p.enOrden(ctx, Pruebas{},
		p.abrirDatos, p.abrirOyente, identidad, p.abrirPasarela, p.montarDev, p.abrirServidor)
}

// montarDev builds a server that has no module: the stand-ins, health and metrics.
func (p *Programa) montarDev(context.Context, Pruebas) error {
	v, err := p.nuevoVerificador()
	if err != nil {
		return err
	}
	p.servidor, err = httpapi.New(httpapi.Options{
		Config:          p.Ajustes.HTTP,
		Verifier:        v,
		Version:         Version,
		Log:             p.log,
		Requests:        p.solicitudes(),
		Metrics:         p.metricas,
		Gatherer:        p.metricas,
		MetricsListener: p.oyenteMetricas,
	})
	return err
}

// inicio is the content of the start page of development.
func (p *Programa) inicio() inicio.Options {
	pagina := inicio.Options{
		Version: Version,
		Clave:   devoidc.Password,
		Entrar:  p.Sesiones != nil,
		Abierta: p.abierta(),
		Quien:   p.quien,
	}
	if u, err := url.Parse(p.Ajustes.OIDC.Emisor); err == nil {
		pagina.Salida = u.Scheme + "://" + u.Host
	}
	datos := func(archivo string) string { return filepath.Join(p.Ajustes.Datos, archivo) }
	identidad, pasarela := p.Ajustes.OIDC.Emisor, p.Ajustes.MercadoPago.URL+"/"
	pagina.Partes = []inicio.Part{
		parte("Proveedor de identidad", p.idp != nil, p.conDemo, "OpenID Connect de verdad",
			p.Ajustes.OIDC.Emisor, identidad),
		parte("Pasarela de pagos", p.mp != nil, p.simulada(), "un simulador de MercadoPago",
			p.Ajustes.MercadoPago.URL, pasarela),
	}
	for _, base := range []struct {
		nombre, archivo string
		servidor        bool
	}{
		{nombre: "Pedidos y stock", archivo: "pedidos.db", servidor: p.Ajustes.Pedidos.MongoDB != ""},
		{nombre: "Clientes", archivo: "clientes.db", servidor: p.Ajustes.Clientes.Postgres != ""},
		{nombre: "Auditoría", archivo: "auditoria.db", servidor: p.Ajustes.Auditoria.Elasticsearch != ""},
		{nombre: "Pagos", archivo: "pagos.db", servidor: p.Ajustes.Pagos.Postgres != ""},
		{nombre: "Camiones y rutas", archivo: "rutas.db", servidor: p.Ajustes.Rutas.Postgres != ""},
	} {
		if p.Pedidos != nil {
			pagina.Partes = append(
				pagina.Partes,
				parte(
					base.nombre,
					!base.servidor,
					false,
					"un archivo SQLite",
					datos(base.archivo),
					"",
				),
			)
		}
	}
	if p.idp == nil && !p.conDemo {
		return pagina // a real provider has no demo logins to show
	}
	for _, i := range devoidc.Logins() {
		pagina.Ingresos = append(
			pagina.Ingresos,
			inicio.Login{Login: i.Login, Nombre: i.Nombre, Roles: i.Roles},
		)
	}
	return pagina
}

// abierta reports whether strangers can log in: the demo logins are known, and the program listens beyond this machine
// or has the public address of another one, such as a proxy.
func (p *Programa) abierta() bool {
	if p.idp == nil && !p.conDemo {
		return false
	}
	escucha, _, err := net.SplitHostPort(p.Ajustes.HTTP.Direccion)
	u, errURL := url.Parse(p.Ajustes.HTTP.URL)
	return err == nil && !esLazo(escucha) ||
		errURL == nil && !ajustes.DeEstaMaquina(u.Hostname())
}

// esLazo reports whether a listener at host is reached from this machine alone. 0.0.0.0 and [::] are every address.
func esLazo(host string) bool {
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return ajustes.DeEstaMaquina(host)
	}
	return ip.Unmap().IsLoopback()
}

// parte describes one server on the start page: stood in for in this process, in `despensa dev`, or real.
func parte(nombre string, aca, enDev bool, que, donde, enlace string) inicio.Part {
	switch {
	case aca:
		return inicio.Part{
			Nombre: nombre,
			Que:    "embebido: " + que,
			Donde:  donde,
			Enlace: enlace,
		}
	case enDev:
		return inicio.Part{
			Nombre: nombre,
			Que:    "en otro proceso: " + que,
			Donde:  donde,
			Enlace: enlace,
		}
	}
	return inicio.Part{Nombre: nombre, Que: "un servidor configurado"}
}

// simulada reports whether payments go to the simulator, in this process or in `despensa dev`.
func (p *Programa) simulada() bool {
	return !p.Ajustes.Produccion() && strings.HasSuffix(p.Ajustes.MercadoPago.URL, devmp.Prefix)
}

// sesionDe is the login of the session that the browser's cookie names. It may renew the cookie.
func (p *Programa) sesionDe(w http.ResponseWriter, r *http.Request) (oidc.Principal, bool) {
	if p.Sesiones == nil || !p.Sesiones.Carries(r) {
		return oidc.Principal{}, false
	}
	crudo, err := p.Sesiones.Token(w, r)
	if err != nil {
		return oidc.Principal{}, false
	}
	quien, err := p.Verificador.Verify(r.Context(), crudo)
	return quien, err == nil
}

// mirar gives a function that reads a fingerprint of the orders on the start page of the browser's login.
func (p *Programa) mirar(
	w http.ResponseWriter,
	r *http.Request,
) (func(context.Context) (string, error), bool) {
	quien, ok := p.sesionDe(w, r)
	todos := quien.HasRole("operador", "admin") // as GET /pedidos decides
	return func(ctx context.Context) (string, error) {
		return p.Pedidos.Huella(ctx, quien.ID, todos, inicio.OrdersMax)
	}, ok
}

// quien is the demo login of a browser.
func (p *Programa) quien(w http.ResponseWriter, r *http.Request) (inicio.Person, bool) {
	quien, ok := p.sesionDe(w, r)
	if !ok {
		return inicio.Person{}, false
	}
	for _, i := range devoidc.Logins() {
		if devoidc.Subject(i.Login) == quien.Sub {
			return inicio.Person{Nombre: i.Nombre, Roles: i.Roles}, true
		}
	}
	return inicio.Person{Nombre: quien.Sub, Roles: quien.Roles}, true
}

package main

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"despensa/platform/cli"
	"despensa/platform/config"
	"despensa/platform/dev/inicio"
	devmp "despensa/platform/dev/mercadopago"
	devoidc "despensa/platform/dev/oidc"
	"despensa/platform/httpapi"
	"despensa/platform/oidc/sesion"
	"despensa/platform/telemetry"
)

// rutaOIDC is where the embedded identity provider is mounted.
const rutaOIDC = "/dev/oidc/"

// What the gateway's simulator is asked with unless the configuration says otherwise.
const (
	tokenDePrueba   = "TEST-despensa"
	secretoDePrueba = "secreto-de-prueba"
)

// abrirSuplentes stands in for the identity provider and the gateway where the
// configuration names none.
func (p *programa) abrirSuplentes(ctx context.Context, pr Pruebas) error {
	if p.conDemo && p.c.OIDC.Secreto == "" && p.c.OIDC.Cliente == devoidc.AppWeb {
		p.c.OIDC.Secreto = devoidc.SecretoWeb
	}
	if p.c.OIDC.Emisor == "" {
		if err := p.abrirIdentidad(false); err != nil {
			return err
		}
	}
	if p.c.MercadoPago.URL == "" || p.simulada() {
		p.credenciales()
	}
	if p.c.MercadoPago.URL != "" {
		return nil
	}
	return p.abrirPasarela(ctx, pr)
}

// claveDeDesarrollo gives the session key that nobody has set: one that follows from the
// master key where that is set, so that replicas that share the one share the other.
func claveDeDesarrollo(c Configuracion) (config.Secreto, error) {
	if c.Clientes.Claves == "" {
		return claveDeSesion(filepath.Join(carpetaDev(c), "sesion.clave"))
	}
	h := hmac.New(sha256.New, []byte(c.Clientes.Claves.Valor()))
	_, _ = h.Write([]byte("sesion.clave")) // never fails
	return config.Secreto(hex.EncodeToString(h.Sum(nil))), nil
}

// claveDeSesion gives the key that development makes for itself, once per folder.
func claveDeSesion(archivo string) (config.Secreto, error) {
	b, err := os.ReadFile(archivo)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(b) < sesion.ClaveMin { // or cut off by a crash
		b = []byte(rand.Text() + rand.Text())
		err = os.WriteFile(archivo, b, 0o600)
	}
	if err != nil {
		return "", fmt.Errorf("sesion.clave: %w", err)
	}
	return config.Secreto(b), nil
}

// credenciales fills in what the simulator knows us by.
func (p *programa) credenciales() {
	if p.c.MercadoPago.Token == "" {
		p.c.MercadoPago.Token = tokenDePrueba
	}
	if p.c.MercadoPago.Secreto == "" {
		p.c.MercadoPago.Secreto = secretoDePrueba
	}
}

// abrirIdentidad opens the embedded provider; locales: for programs at any port of this
// machine.
func (p *programa) abrirIdentidad(locales bool) (err error) {
	p.c.OIDC.Emisor = p.c.HTTP.URL + rutaOIDC
	p.idp, err = devoidc.Nuevo(devoidc.Opciones{Emisor: p.c.OIDC.Emisor, Audiencia: p.c.OIDC.Audiencia, RolClaim: p.c.OIDC.RolClaim,
		Carpeta: carpetaDev(p.c), Redirecciones: []string{p.c.HTTP.URL + "/sesion/vuelta"}, Locales: locales, Gracia: 10 * time.Second})
	return err
}

// abrirPasarela opens the simulator of the gateway.
func (p *programa) abrirPasarela(ctx context.Context, pr Pruebas) (err error) {
	p.c.MercadoPago.URL = p.c.HTTP.URL + devmp.Prefijo
	avisos := p.avisos()
	p.mp, err = devmp.Nuevo(ctx, devmp.Opciones{Carpeta: carpetaDev(p.c), Token: p.c.MercadoPago.Token.Valor(),
		Secreto: p.c.MercadoPago.Secreto.Valor(), Avisos: func() string { return avisos }, Ahora: pr.Ahora, Log: p.log})
	if err == nil {
		p.alCerrar(p.mp.Cerrar)
	}
	return err
}

// carpetaDev is where the stand-ins keep their keys and their ledger.
func carpetaDev(c Configuracion) string { return filepath.Join(c.Datos, "dev") }

// suplir is `despensa dev`: the stand-ins alone, for several replicas or another program.
func suplir(ctx context.Context, args []string, salida, errores io.Writer) error {
	if err := cli.SinArgumentos(args); err != nil {
		return err
	}
	c, err := leerConfiguracion(os.Environ())
	if err != nil {
		return err
	}
	if c.Produccion() {
		return fmt.Errorf("%w: env: dev is not for produccion", config.ErrConfig)
	}
	log, err := telemetry.NuevoLog(errores, c.Registro)
	if err != nil {
		return fmt.Errorf("%w: %w", config.ErrConfig, err)
	}
	p, err := abrirDev(ctx, c, log)
	if err != nil {
		return err
	}
	p.saludarDev(errores)
	return atender(ctx, p, salida)
}

// avisos is who gets the webhooks of the simulator.
func (p *programa) avisos() string {
	if p.c.MercadoPago.Avisos == "" {
		return p.c.HTTP.URL
	}
	return p.c.MercadoPago.Avisos
}

// abrirDev opens both stand-ins, whatever addresses the configuration names, and no module.
func abrirDev(ctx context.Context, c Configuracion, log *slog.Logger) (*programa, error) {
	c.OIDC.Emisor, c.MercadoPago.URL = "", ""
	p := &programa{c: c, log: log, metricas: telemetry.NuevasMetricas()}
	p.credenciales()
	identidad := func(context.Context, Pruebas) error { return p.abrirIdentidad(true) }
	return p, p.enOrden(ctx, Pruebas{}, p.abrirDatos, p.abrirOyente, identidad, p.abrirPasarela, p.montarDev, p.abrirServidor)
}

// saludarDev tells how other programs find the stand-ins.
func (p *programa) saludarDev(w io.Writer) {
	fmt.Fprintf(w, "\nStand-ins of Despensa %s. The program finds them by\n  DESPENSA_OIDC_EMISOR=%s\n  DESPENSA_MERCADOPAGO_URL=%s\n"+
		"and they send their webhooks to %s (mercadopago.avisos)\n\n", version, p.c.OIDC.Emisor, p.c.MercadoPago.URL, p.avisos())
}

// montarDev builds a server that has no module: the stand-ins, health and metrics.
func (p *programa) montarDev(context.Context, Pruebas) error {
	v, err := p.verificador()
	if err != nil {
		return err
	}
	p.servidor, err = httpapi.Nuevo(httpapi.Opciones{Config: p.c.HTTP, Verificador: v, Version: version, Log: p.log,
		Metricas: p.metricas, Recolector: p.metricas})
	return err
}

// inicio is what the page of development shows.
func (p *programa) inicio() inicio.Opciones {
	o := inicio.Opciones{Version: version, Clave: devoidc.Clave, Entrar: p.sesiones != nil, Quien: p.quien}
	if u, err := url.Parse(p.c.OIDC.Emisor); err == nil {
		o.Salida = u.Scheme + "://" + u.Host
	}
	datos := func(archivo string) string { return filepath.Join(p.c.Datos, archivo) }
	identidad, pasarela := p.c.OIDC.Emisor+".well-known/openid-configuration", p.c.MercadoPago.URL+"/"
	o.Partes = []inicio.Parte{
		parte("Proveedor de identidad", p.idp != nil, p.conDemo, "OpenID Connect de verdad", p.c.OIDC.Emisor, identidad),
		parte("Pasarela de pagos", p.mp != nil, p.simulada(), "un simulador de MercadoPago", p.c.MercadoPago.URL, pasarela),
	}
	for _, x := range []struct {
		nombre, archivo string
		servidor        bool
	}{
		{"Pedidos y stock", "pedidos.db", p.c.Pedidos.MongoDB != ""}, {"Clientes", "clientes.db", p.c.Clientes.Postgres != ""},
		{"Auditoría", "auditoria.db", p.c.Auditoria.Elasticsearch != ""},
		{"Pagos", "pagos.db", p.c.Pagos.Postgres != ""}, {"Camiones y rutas", "rutas.db", p.c.Rutas.Postgres != ""},
	} {
		if p.pedidos != nil {
			o.Partes = append(o.Partes, parte(x.nombre, !x.servidor, false, "un archivo SQLite", datos(x.archivo), ""))
		}
	}
	if p.idp == nil && !p.conDemo {
		return o // the demo logins are not known there
	}
	for _, i := range devoidc.Ingresos() {
		o.Ingresos = append(o.Ingresos, inicio.Ingreso{Login: i.Login, Nombre: i.Nombre, Roles: i.Roles})
	}
	return o
}

// parte says what stands in for a server: in this process, in `despensa dev`, or nothing.
func parte(nombre string, aca, enDev bool, que, donde, enlace string) inicio.Parte {
	switch {
	case aca:
		return inicio.Parte{Nombre: nombre, Que: "embebido: " + que, Donde: donde, Enlace: enlace}
	case enDev:
		return inicio.Parte{Nombre: nombre, Que: "en otro proceso: " + que, Donde: donde, Enlace: enlace}
	}
	return inicio.Parte{Nombre: nombre, Que: "un servidor configurado"}
}

// simulada reports whether payments go to the simulator, here or in `despensa dev`.
func (p *programa) simulada() bool {
	return !p.c.Produccion() && strings.HasSuffix(p.c.MercadoPago.URL, devmp.Prefijo)
}

// quien is the demo login of a browser.
func (p *programa) quien(w http.ResponseWriter, r *http.Request) (inicio.Persona, bool) {
	if p.sesiones == nil || !p.sesiones.Lleva(r) {
		return inicio.Persona{}, false
	}
	crudo, err := p.sesiones.Token(w, r)
	if err != nil {
		return inicio.Persona{}, false
	}
	quien, err := p.verifica.Verificar(r.Context(), crudo)
	if err != nil {
		return inicio.Persona{}, false
	}
	for _, i := range devoidc.Ingresos() {
		if devoidc.Sujeto(i.Login) == quien.Sub {
			return inicio.Persona{Nombre: i.Nombre, Roles: i.Roles}, true
		}
	}
	return inicio.Persona{Nombre: quien.Sub, Roles: quien.Roles}, true
}

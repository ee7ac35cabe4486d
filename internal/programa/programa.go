// Package programa is the composition root: it opens stand-ins, the four modules and the server from the settings,
// connects them, serves, and closes them.
package programa

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"despensa/internal/ajustes"
	clientesmod "despensa/modules/clientes/module"
	"despensa/modules/pagos"
	pagosmod "despensa/modules/pagos/module"
	pedidosmod "despensa/modules/pedidos/module"
	"despensa/modules/rutas"
	rutasmod "despensa/modules/rutas/module"
	"despensa/platform/dev/inicio"
	devmp "despensa/platform/dev/mercadopago"
	devoidc "despensa/platform/dev/oidc"
	"despensa/platform/fault"
	"despensa/platform/httpapi"
	"despensa/platform/joblease"
	"despensa/platform/loopback"
	"despensa/platform/oidc"
	"despensa/platform/oidc/sesion"
	"despensa/platform/sqldb"
	"despensa/platform/wiring"

	"github.com/prometheus/client_golang/prometheus"
)

// Version is the version in the API document and of `despensa version`.
const Version = "0.6.0"

// Pruebas is the part of the program that a test may replace; the zero value is the real program.
type Pruebas struct {
	Cut        sqldb.Cut
	Observar   func(sqldb.Execution) // called with each statement of the modules' stores; nil: no call
	Ahora      func() time.Time
	SinRelevos bool
	Quien      string // name of this process as an owner of leases; empty: a random one
	// Oyente is the listener of the server, instead of one at http.direccion; nil: a TCP listener.
	Oyente net.Listener
	// Ronda is how often the outboxes and the gateway's simulator look for due work even if no write wakes them; 0: once
	// a second.
	Ronda time.Duration
}

// Programa is the whole program, opened: stand-ins, modules, server. In `despensa dev` it has neither modules nor
// sessions: those fields are nil.
type Programa struct {
	Ajustes     ajustes.Configuracion // with the addresses and keys that opening has filled in
	Clientes    *clientesmod.Module
	Pagos       *pagosmod.Module
	Rutas       *rutasmod.Module
	Pedidos     *pedidosmod.Module
	Sesiones    *sesion.Sessions
	Verificador *oidc.Verifier

	log    *slog.Logger
	oyente net.Listener
	// oyenteMetricas is the listener at http.metricas; nil without that setting.
	oyenteMetricas net.Listener
	servidor       *httpapi.Server
	idp            *devoidc.Provider // nil: another provider is configured
	mp             *devmp.Simulator  // nil: another gateway is configured
	metricas       *prometheus.Registry
	duenio         string // name of this process as an owner of leases
	conDemo        bool   // the identity provider has the demo logins

	cerrar []func() error // one function for each opened part, in the order of opening
}

// Open opens every part; nothing is served yet. On an error the opened parts are closed again. Errors:
// sqldb.ErrInUse when another process uses the data folder; those of the parts.
func Open(
	ctx context.Context,
	configuracion ajustes.Configuracion,
	log *slog.Logger,
	pruebas Pruebas,
) (*Programa, error) {
	p := &Programa{
		Ajustes:  configuracion,
		log:      log,
		metricas: nuevasMetricas(),
		conDemo:  configuracion.DeDev(),
		duenio:   cmp.Or(pruebas.Quien, rand.Text()),
	}
	return p, p.enOrden(
		ctx,
		pruebas,
		p.abrirDatos,
		p.abrirOyente,
		p.abrirSuplentes,
		p.abrirModulos,
		p.abrirServidor,
		p.sembrar,
	)
}

// enOrden runs the steps of the opening one after the other. When a step fails, it closes the parts that are open.
func (p *Programa) enOrden(
	ctx context.Context,
	pruebas Pruebas,
	pasos ...func(context.Context, Pruebas) error,
) error {
	for _, paso := range pasos {
		if err := paso(ctx, pruebas); err != nil {
			return errors.Join(err, p.Cerrar())
		}
	}
	return nil
}

// alCerrar adds f to the functions that Cerrar calls.
func (p *Programa) alCerrar(f func() error) { p.cerrar = append(p.cerrar, f) }

// HayDatos reports whether a program has used the data folder before.
func HayDatos(carpeta string) bool {
	_, err := os.Stat(filepath.Join(carpeta, sqldb.LockName))
	return err == nil
}

// abrirDatos makes and locks the data folder, if the settings need one.
func (p *Programa) abrirDatos(context.Context, Pruebas) error {
	if !p.Ajustes.EnDatos() {
		return nil
	}
	cerrojo, err := sqldb.LockFolder(p.Ajustes.Datos)
	if err != nil {
		return err
	}
	p.alCerrar(cerrojo.Close)
	if err := os.MkdirAll(carpetaDev(p.Ajustes), 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	return sqldb.MakePrivateAll(carpetaDev(p.Ajustes))
}

// abrirOyente binds the addresses of the API and of the metrics. So http.url is known to the later steps, and both
// addresses can be reached once the program says that it is ready.
func (p *Programa) abrirOyente(ctx context.Context, pruebas Pruebas) (err error) {
	if p.oyente = pruebas.Oyente; p.oyente == nil {
		if p.oyente, err = httpapi.Listen(ctx, p.Ajustes.HTTP.Direccion); err != nil {
			return fmt.Errorf("http.direccion: %w", err)
		}
	}
	p.alCerrar(func() error { return soltarOyente(p.oyente) })
	if p.Ajustes.HTTP.Metricas != "" {
		if p.oyenteMetricas, err = httpapi.Listen(ctx, p.Ajustes.HTTP.Metricas); err != nil {
			return fmt.Errorf("http.metricas: %w", err)
		}
		p.alCerrar(func() error { return soltarOyente(p.oyenteMetricas) })
	}
	if p.Ajustes.HTTP.URL == "" {
		p.Ajustes.HTTP.URL = httpapi.URLOf(p.oyente, p.Ajustes.HTTP.Direccion)
	}
	p.Ajustes.HTTP.Direccion = p.oyente.Addr().String()
	return nil
}

// soltarOyente closes listener, which the server may have closed before.
func soltarOyente(listener net.Listener) error {
	if err := listener.Close(); !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// abrirModulos opens the four modules in the order of their needs: clientes and pagos first, then rutas, then pedidos,
// which calls all of them.
func (p *Programa) abrirModulos(ctx context.Context, pruebas Pruebas) (err error) {
	verificador, err := p.nuevoVerificador()
	if err != nil {
		return err
	}
	common := wiring.Options{
		Folder:  p.Ajustes.Datos,
		Now:     pruebas.Ahora,
		Log:     p.log,
		Metrics: p.metricas,
		Cut:     pruebas.Cut,
		Observe: pruebas.Observar,
		Jobs:    p.turnos(pruebas),
	}
	if p.Clientes, err = clientesmod.New(ctx, clientesmod.Opciones{
		Options:    common,
		Config:     p.Ajustes.Clientes,
		Auditoria:  p.Ajustes.Auditoria,
		Produccion: p.Ajustes.Produccion(),
		Perfil:     verificador.Profile,
	}); err != nil {
		return err
	}
	p.alCerrar(p.Clientes.Cerrar)
	if p.Pagos, err = pagosmod.New(ctx, pagosmod.Opciones{
		Options:     common,
		Config:      p.Ajustes.Pagos,
		MercadoPago: p.Ajustes.MercadoPago,
		Transporte:  p.haciaLaPasarela(),
		SinRelevos:  pruebas.SinRelevos,
		Ronda:       pruebas.Ronda,
		Avisar:      func(ctx context.Context, a pagos.Aviso) error { return p.Pedidos.Mirar(ctx, a.Pedido, a.Intento) },
	}); err != nil {
		return err
	}
	p.alCerrar(p.Pagos.Cerrar)
	if p.Rutas, err = rutasmod.New(ctx, rutasmod.Opciones{
		Options:      common,
		Config:       p.Ajustes.Rutas,
		SinRelevos:   pruebas.SinRelevos,
		Ronda:        pruebas.Ronda,
		Avisar:       func(ctx context.Context, a rutas.Aviso) error { return p.Pedidos.Mirar(ctx, a.Pedido, a.Intento) },
		AntesDeSalir: func(ctx context.Context, pedidos []string) { p.Pedidos.AntesDeSalir(ctx, pedidos) },
		Palabras:     p.Clientes,
	}); err != nil {
		return err
	}
	p.alCerrar(p.Rutas.Cerrar)
	zona, err := httpapi.Zone()
	if err != nil {
		return err
	}
	if p.Pedidos, err = pedidosmod.New(ctx, pedidosmod.Opciones{
		Options:        common,
		Config:         p.Ajustes.Pedidos,
		SinRelevos:     pruebas.SinRelevos,
		Clientes:       p.Clientes,
		Pagos:          p.Pagos,
		Rutas:          p.Rutas,
		Visitas:        p.Rutas,
		Cobros:         p.Pagos,
		Depositos:      p.Rutas.Depositos,
		PrimeraVentana: p.Rutas.PrimeraVentana,
		Auditoria:      p.Clientes.Auditoria(),
		Palabras:       p.Clientes,
		Zona:           zona,
		ClaveOrigen:    p.claveOrigen(),
	}); err != nil {
		return err
	}
	p.alCerrar(p.Pedidos.Cerrar)
	return p.montar(verificador)
}

// claveOrigen is the key under which pedidos counts refused cards by client address. It follows from the first key of
// sesion.clave, which all replicas share.
func (p *Programa) claveOrigen() []byte {
	primera, _, _ := strings.Cut(p.Ajustes.Sesion.Clave.Value(), ",")
	h := hmac.New(sha256.New, []byte(strings.TrimSpace(primera)))
	_, _ = h.Write([]byte("pedidos.origen")) // never fails
	return h.Sum(nil)
}

// turnos identifies this process as an owner of leases on background jobs.
func (p *Programa) turnos(pruebas Pruebas) joblease.Options {
	return joblease.Options{
		Holder: p.duenio,
		Lease:  p.Ajustes.Trabajos.Lease,
		Now:    pruebas.Ahora,
		Log:    p.log,
	}
}

// nuevoVerificador opens the verifier of access tokens, for the embedded provider or the configured one.
func (p *Programa) nuevoVerificador() (*oidc.Verifier, error) {
	o := oidc.Options{Config: p.Ajustes.OIDC, Log: p.log}
	if p.idp != nil {
		o.JWKS, o.Userinfo = p.idp.JWKSURL(), p.Ajustes.OIDC.Emisor+"userinfo"
		o.Transport = loopback.Transport{Handler: p.idp.Handler()}
	}
	v, err := oidc.NewVerifier(o)
	if err != nil {
		return nil, err
	}
	p.alCerrar(func() error { v.Close(); return nil })
	p.Verificador = v
	return v, nil
}

// montar builds the server and adds the operations of every module to it.
func (p *Programa) montar(verifier *oidc.Verifier) (err error) {
	if err := p.abrirSesiones(verifier); err != nil {
		return err
	}
	p.servidor, err = httpapi.New(httpapi.Options{
		Config:      p.Ajustes.HTTP,
		Verifier:    verifier,
		Sessions:    p.Sesiones,
		Trail:       p.Clientes,
		Version:     Version,
		Production:  p.Ajustes.Produccion(),
		Description: apertura,
		Identity: httpapi.Identity{
			Issuer:   p.Ajustes.OIDC.Emisor,
			Audience: p.Ajustes.OIDC.Audiencia,
			Text:     identidad,
			Scopes:   alcances,
		},
		DevicePermission: permisoDispositivo,
		Requests:         p.solicitudes(),
		Log:              p.log,
		Metrics:          p.metricas,
		Gatherer:         p.metricas,
		MetricsListener:  p.oyenteMetricas,
		Ready: map[string]func(context.Context) error{
			"pedidos":   p.Pedidos.Listo,
			"clientes":  p.Clientes.Listo,
			"auditoria": p.Clientes.RastroListo,
			"pagos":     p.Pagos.Listo,
			"rutas":     p.Rutas.Listo,
		},
		Codes: slices.Concat(
			pedidosmod.Codigos(),
			clientesmod.Codigos(),
			pagosmod.Codigos(),
			rutasmod.Codigos(),
		),
		SessionCodes: []*fault.Error{sesion.ErrSession},
		Helps:        ayudas(),
	})
	if err != nil {
		return err
	}
	api := p.servidor.API()
	p.Pedidos.Register(api)
	p.Clientes.Register(api)
	p.Pagos.Register(api)
	p.Rutas.Register(api)
	p.servidor.Mount(sesion.Prefix, p.Sesiones.Handler())
	return nil
}

// permisoDispositivo is the only scope of the machines that send trucks' positions.
const permisoDispositivo = "crear:posiciones"

// solicitudes gives the settings of the log of requests.
func (p *Programa) solicitudes() httpapi.Requests {
	return httpapi.Requests{
		PerSecond: p.Ajustes.Registro.Solicitudes,
		Slow:      p.Ajustes.Registro.Lenta,
	}
}

// abrirSesiones prepares the logins of browsers.
func (p *Programa) abrirSesiones(verificador *oidc.Verifier) (err error) {
	if p.Ajustes.Sesion.Clave == "" {
		if p.Ajustes.Sesion.Clave, err = claveDeDesarrollo(p.Ajustes); err != nil {
			return err
		}
	}
	p.Sesiones, err = sesion.New(sesion.Options{
		Config:   p.Ajustes.Sesion,
		ClientID: p.Ajustes.OIDC.Cliente,
		Secret:   p.Ajustes.OIDC.Secreto.Value(),
		Audience: p.Ajustes.OIDC.Audiencia,
		URL:      func() string { return p.Ajustes.HTTP.URL },
		Verifier: verificador,
		Ends:     p.Clientes,
		Log:      p.log,
	})
	if err == nil {
		p.alCerrar(func() error { p.Sesiones.Close(); return nil })
	}
	return err
}

// abrirServidor mounts the stand-ins beside the API.
func (p *Programa) abrirServidor(context.Context, Pruebas) error {
	suplentes := map[string]http.Handler{}
	if p.idp != nil {
		suplentes["/dev/oidc/"] = p.idp.Handler()
	}
	if p.mp != nil {
		suplentes[devmp.Prefix+"/"] = p.mp.Handler()
	}
	if p.conDemo || len(suplentes) > 0 {
		suplentes[inicio.Prefix] = inicio.Handler(p.inicio())
		p.servidor.Redirect("/", inicio.Prefix)
		p.servidor.MountStream(inicio.LivePath, inicio.Live(p.mirar, inicio.Interval))
	}
	for prefijo, h := range suplentes {
		p.servidor.Mount(prefijo, h)
		p.servidor.Redirect(strings.TrimSuffix(prefijo, "/"), prefijo)
	}
	if p.abierta() {
		p.log.Warn(
			"development listens beyond this machine: each client that reaches it can log in as any demo user",
			"direccion", p.Ajustes.HTTP.Direccion,
		)
	}
	return nil
}

// Correr serves and works until ctx ends: first the server stops, then the background jobs.
// Errors: those of the server and of the jobs, joined.
func (p *Programa) Correr(ctx context.Context) error {
	trabajos := p.trabajos()
	fondo, parar := context.WithCancel(context.WithoutCancel(ctx))
	defer parar()
	var wg sync.WaitGroup
	errs := make([]error, len(trabajos))
	for i, t := range trabajos {
		wg.Go(func() { errs[i] = t(fondo) })
	}
	err := p.servidor.Serve(ctx, p.oyente)
	parar()
	wg.Wait()
	return errors.Join(append(errs, err)...)
}

// trabajos are the background jobs of the parts that are open.
func (p *Programa) trabajos() (out []func(context.Context) error) {
	if p.Pedidos != nil {
		out = append(out, p.Pedidos.Correr, p.Clientes.Correr, p.Pagos.Correr, p.Rutas.Correr)
	}
	if p.mp != nil {
		out = append(out, p.mp.Run)
	}
	return out
}

// Otra builds one more HTTP server over the parts of p, with another module pedidos: a second replica inside this
// process. The caller serves its Handler and closes it before p.
func (p *Programa) Otra(pedidos *pedidosmod.Module) (*Programa, error) {
	otra := *p
	otra.cerrar, otra.metricas, otra.Pedidos = nil, nuevasMetricas(), pedidos
	v, err := otra.nuevoVerificador()
	if err == nil {
		err = otra.montar(v)
	}
	return &otra, err
}

// Handler answers the requests of p's server.
func (p *Programa) Handler() http.Handler { return p.servidor.Handler() }

// Cerrar closes the opened parts, the last one first. Errors: those of the parts, joined.
func (p *Programa) Cerrar() error {
	var errs []error
	for i := len(p.cerrar) - 1; i >= 0; i-- {
		errs = append(errs, p.cerrar[i]())
	}
	p.cerrar = nil
	return errors.Join(errs...)
}

package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	clientesmod "despensa/modules/clientes/module"
	pagos "despensa/modules/pagos"
	pagosmod "despensa/modules/pagos/module"
	pedidosmod "despensa/modules/pedidos/module"
	rutas "despensa/modules/rutas"
	rutasmod "despensa/modules/rutas/module"
	"despensa/platform/dev/inicio"
	devmp "despensa/platform/dev/mercadopago"
	devoidc "despensa/platform/dev/oidc"
	"despensa/platform/httpapi"
	"despensa/platform/joblease"
	"despensa/platform/oidc"
	"despensa/platform/oidc/sesion"
	"despensa/platform/sqldb"
	"despensa/platform/telemetry"

	"github.com/prometheus/client_golang/prometheus"
)

// Pruebas is what a test may change in a program that is otherwise the real one.
type Pruebas struct {
	Corte      sqldb.Corte
	Ahora      func() time.Time
	SinRelevos bool
	Quien      string // this process, as an owner of turns; empty: made up
}

// programa is the whole program, opened: stand-ins, modules, server. In `despensa dev` it
// has neither modules nor sessions: those fields are nil.
type programa struct {
	c        Configuracion // with the addresses and keys that opening has filled in
	clientes *clientesmod.Module
	pagos    *pagosmod.Module
	rutas    *rutasmod.Module
	pedidos  *pedidosmod.Module
	sesiones *sesion.Sesiones
	verifica *oidc.Verificador

	log      *slog.Logger
	oyente   net.Listener
	servidor *httpapi.Servidor
	idp      *devoidc.Proveedor // nil: another provider is configured
	mp       *devmp.Simulador   // nil: another gateway is configured
	metricas *prometheus.Registry
	duenio   string // this process, as an owner of background jobs
	conDemo  bool   // the demo logins can come

	cerrar []func() error // in the order of opening
}

// abrir opens everything; nothing serves yet. What was opened is closed on an error.
// Errors: sqldb.ErrOcupada when another process uses the data folder; those of the parts.
func abrir(ctx context.Context, c Configuracion, log *slog.Logger, pr Pruebas) (*programa, error) {
	p := &programa{c: c, log: log, metricas: telemetry.NuevasMetricas(), conDemo: c.deDev(), duenio: cmp.Or(pr.Quien, rand.Text())}
	return p, p.enOrden(ctx, pr, p.abrirDatos, p.abrirOyente, p.abrirSuplentes, p.abrirModulos, p.abrirServidor, p.sembrar)
}

// enOrden takes one step of the opening after the other, and all back on an error.
func (p *programa) enOrden(ctx context.Context, pr Pruebas, pasos ...func(context.Context, Pruebas) error) error {
	for _, paso := range pasos {
		if err := paso(ctx, pr); err != nil {
			return errors.Join(err, p.Cerrar())
		}
	}
	return nil
}

// alCerrar notes what Cerrar is to undo.
func (p *programa) alCerrar(f func() error) { p.cerrar = append(p.cerrar, f) }

// abrirDatos makes and locks the data folder, if anything is to be kept there.
func (p *programa) abrirDatos(context.Context, Pruebas) error {
	if !p.c.enDatos() {
		return nil
	}
	cerrojo, err := sqldb.Cerrojo(p.c.Datos)
	if err != nil {
		return err
	}
	p.alCerrar(cerrojo.Close)
	if err := os.MkdirAll(filepath.Join(p.c.Datos, "dev"), 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	return nil
}

// abrirOyente binds the address, so that http.url is known to all that follow.
func (p *programa) abrirOyente(ctx context.Context, _ Pruebas) (err error) {
	if p.oyente, err = (&net.ListenConfig{}).Listen(ctx, "tcp", p.c.HTTP.Direccion); err != nil {
		return fmt.Errorf("http.direccion: %w", err)
	}
	p.alCerrar(func() error {
		if err := p.oyente.Close(); !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil
	})
	p.c.HTTP.Direccion = p.oyente.Addr().String()
	if p.c.HTTP.URL == "" {
		p.c.HTTP.URL = "http://" + p.c.HTTP.Direccion
	}
	return nil
}

// abrirModulos opens the four modules, those first that nobody else needs to be there.
func (p *programa) abrirModulos(ctx context.Context, pr Pruebas) (err error) {
	verificador, err := p.verificador()
	if err != nil {
		return err
	}
	if p.clientes, err = clientesmod.New(ctx, clientesmod.Opciones{Config: p.c.Clientes, Auditoria: p.c.Auditoria, Datos: p.c.Datos, Produccion: p.c.Produccion(),
		Ahora: pr.Ahora, Log: p.log, Metricas: p.metricas, Corte: pr.Corte, Perfil: perfil(verificador), Turnos: p.turnos(pr)}); err != nil {
		return err
	}
	p.alCerrar(p.clientes.Cerrar)
	if p.pagos, err = pagosmod.New(ctx, pagosmod.Opciones{Config: p.c.Pagos, MercadoPago: p.c.MercadoPago, Datos: p.c.Datos, Ahora: pr.Ahora,
		Log: p.log, Metricas: p.metricas, Corte: pr.Corte, SinRelevos: pr.SinRelevos, Turnos: p.turnos(pr),
		Avisar: func(ctx context.Context, a pagos.Aviso) error { return p.pedidos.Mirar(ctx, a.Pedido, a.Intento) }}); err != nil {
		return err
	}
	p.alCerrar(p.pagos.Cerrar)
	if p.rutas, err = rutasmod.New(ctx, rutasmod.Opciones{Config: p.c.Rutas, Datos: p.c.Datos, Ahora: pr.Ahora, Log: p.log,
		Metricas: p.metricas, Corte: pr.Corte, SinRelevos: pr.SinRelevos, Turnos: p.turnos(pr),
		Avisar: func(ctx context.Context, a rutas.Aviso) error { return p.pedidos.Mirar(ctx, a.Pedido, a.Intento) }}); err != nil {
		return err
	}
	p.alCerrar(p.rutas.Cerrar)
	zona, err := httpapi.Zona()
	if err != nil {
		return err
	}
	if p.pedidos, err = pedidosmod.New(ctx, pedidosmod.Opciones{Config: p.c.Pedidos, Datos: p.c.Datos, Ahora: pr.Ahora, Log: p.log,
		Metricas: p.metricas, Corte: pr.Corte, SinRelevos: pr.SinRelevos, Turnos: p.turnos(pr),
		Clientes: p.clientes, Pagos: p.pagos, Rutas: p.rutas, Depositos: p.rutas.Depositos,
		Auditoria: p.clientes.Auditoria(), Zona: zona}); err != nil {
		return err
	}
	p.alCerrar(p.pedidos.Cerrar)
	return p.montar(verificador)
}

// turnos is this process as the owner of background jobs.
func (p *programa) turnos(pr Pruebas) joblease.Options {
	return joblease.Options{Quien: p.duenio, Lease: p.c.Turno.Lease, Ahora: pr.Ahora, Log: p.log}
}

// verificador checks tokens, of the embedded provider or of the configured one.
func (p *programa) verificador() (*oidc.Verificador, error) {
	o := oidc.Opciones{Config: p.c.OIDC, Log: p.log}
	if p.idp != nil {
		o.JWKS, o.Userinfo = p.idp.JWKSURL(), p.c.OIDC.Emisor+"userinfo"
	}
	v, err := oidc.Nuevo(o)
	if err != nil {
		return nil, err
	}
	p.alCerrar(func() error { v.Cerrar(); return nil })
	p.verifica = v
	return v, nil
}

// perfil asks the issuer who the caller is.
func perfil(v *oidc.Verificador) func(context.Context) (string, string, error) {
	return func(ctx context.Context) (string, string, error) {
		x, err := v.Perfil(ctx)
		return x.Nombre, x.Correo, err
	}
}

// montar builds the server and gives every module its place on it.
func (p *programa) montar(v *oidc.Verificador) (err error) {
	if err := p.abrirSesiones(v); err != nil {
		return err
	}
	p.servidor, err = httpapi.Nuevo(httpapi.Opciones{Config: p.c.HTTP, Verificador: v, Sesion: p.sesiones, Rastro: p.clientes, Version: version, Produccion: p.c.Produccion(),
		Log: p.log, Metricas: p.metricas, Recolector: p.metricas, Listo: map[string]func(context.Context) error{"pedidos": p.pedidos.Listo,
			"clientes": p.clientes.Listo, "pagos": p.pagos.Listo, "rutas": p.rutas.Listo},
		Codigos: append(slices.Concat(pedidosmod.Codigos(), clientesmod.Codigos(), pagosmod.Codigos(), rutasmod.Codigos()), sesion.ErrSesion)})
	if err != nil {
		return err
	}
	api := p.servidor.API()
	p.pedidos.Rutas(api)
	p.clientes.Rutas(api)
	p.pagos.Rutas(api)
	p.rutas.Rutas(api)
	p.servidor.Montar(sesion.Prefijo, p.sesiones.Handler())
	return nil
}

// abrirSesiones prepares the logins of browsers.
func (p *programa) abrirSesiones(v *oidc.Verificador) (err error) {
	if p.c.Sesion.Clave == "" {
		if p.c.Sesion.Clave, err = claveDeDesarrollo(p.c); err != nil {
			return err
		}
	}
	p.sesiones, err = sesion.Nueva(sesion.Opciones{Config: p.c.Sesion, Cliente: p.c.OIDC.Cliente, Secreto: p.c.OIDC.Secreto.Valor(),
		Audiencia: p.c.OIDC.Audiencia, URL: func() string { return p.c.HTTP.URL }, Verificador: v, Cortes: p.clientes, Log: p.log})
	if err == nil {
		p.alCerrar(func() error { p.sesiones.Cerrar(); return nil })
	}
	return err
}

// abrirServidor mounts the stand-ins beside the API.
func (p *programa) abrirServidor(context.Context, Pruebas) error {
	suplentes := map[string]http.Handler{}
	if p.idp != nil {
		suplentes["/dev/oidc/"] = p.idp.Handler()
	}
	if p.mp != nil {
		suplentes[devmp.Prefijo+"/"] = p.mp.Handler()
	}
	for prefijo, h := range suplentes {
		p.servidor.Montar(prefijo, h)
	}
	if p.conDemo || len(suplentes) > 0 {
		p.servidor.Montar(inicio.Prefijo, inicio.Handler(p.inicio()))
		p.servidor.Redirigir("/", inicio.Prefijo)
	}
	return nil
}

// Correr serves and works until ctx ends: first the server stops, then the background jobs.
// Errors: those of the server and of the jobs, joined.
func (p *programa) Correr(ctx context.Context) error {
	trabajos := p.trabajos()
	fondo, parar := context.WithCancel(context.WithoutCancel(ctx))
	defer parar()
	var wg sync.WaitGroup
	errs := make([]error, len(trabajos))
	for i, t := range trabajos {
		wg.Go(func() { errs[i] = t(fondo) })
	}
	err := p.servidor.Servir(ctx, p.oyente)
	parar()
	wg.Wait()
	return errors.Join(append(errs, err)...)
}

// trabajos are the background jobs of the parts that p has.
func (p *programa) trabajos() (out []func(context.Context) error) {
	if p.pedidos != nil {
		out = append(out, p.pedidos.Correr, p.clientes.Correr, p.pagos.Correr, p.rutas.Correr)
	}
	if p.mp != nil {
		out = append(out, p.mp.Correr)
	}
	return out
}

// Otra builds one more HTTP server over the parts of p, with a module of orders of its
// own: another replica inside this process. The caller serves its Handler and closes it
// before p.
func (p *programa) Otra(pedidos *pedidosmod.Module) (*programa, error) {
	otra := *p
	otra.cerrar, otra.metricas, otra.pedidos = nil, telemetry.NuevasMetricas(), pedidos
	v, err := otra.verificador()
	if err == nil {
		err = otra.montar(v)
	}
	return &otra, err
}

// Handler answers the requests of p's server.
func (p *programa) Handler() http.Handler { return p.servidor.Handler() }

// Cerrar closes what was opened, the last first. Errors: those of the parts, joined.
func (p *programa) Cerrar() error {
	var errs []error
	for i := len(p.cerrar) - 1; i >= 0; i-- {
		errs = append(errs, p.cerrar[i]())
	}
	p.cerrar = nil
	return errors.Join(errs...)
}

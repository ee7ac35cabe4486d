package app_test

import (
	"cmp"
	"context"
	"strings"
	"time"

	"despensa/modules/clientes"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
	"despensa/platform/audit"
)

// clientela is clientes: it has ana alone, with one address. Its seal is the purpose followed by the plain
// text.
type clientela struct {
	correo  string
	sellar  error
	abrir   error
	abierto int
}

func (f *clientela) Destinatario(
	_ context.Context,
	solicitudDeDestinatario clientes.SolicitudDeDestinatario,
) (clientes.Destinatario, error) {
	if solicitudDeDestinatario.Cliente != ana {
		return clientes.Destinatario{}, clientes.ErrNoExiste
	}
	if solicitudDeDestinatario.Direccion != casa {
		return clientes.Destinatario{}, clientes.ErrDireccion
	}
	x := clientes.Destinatario{
		Contacto: clientes.Contacto{
			ID:       ana,
			Nombre:   "Ana",
			Correo:   f.correo,
			Telefono: "4321-0000",
		},
		Direccion: clientes.Direccion{
			ID:    casa,
			Calle: "Yatay 1",
			Notas: "timbre 2",
			Lat:   -34.6,
			Lon:   -58.4,
		},
	}
	if solicitudDeDestinatario.Bloque == nil {
		return x, nil
	}
	claro, err := solicitudDeDestinatario.Bloque(x.Contacto, x.Direccion)
	if err != nil {
		return clientes.Destinatario{}, err
	}
	x.Sellado = []byte(solicitudDeDestinatario.Proposito + "|" + string(claro))
	return x, f.sellar
}

func (f *clientela) Abrir(
	_ context.Context,
	_, proposito string,
	sellado []byte,
) ([]byte, error) {
	f.abierto++
	claro, ok := strings.CutPrefix(string(sellado), proposito+"|")
	if !ok {
		return nil, clientes.ErrSinClave
	}
	return []byte(claro), f.abrir
}

// camiones is rutas: its offers, its answer to Liberar, and its one visit.
type camiones struct {
	rutas.Servicio // for the methods that the app does not call
	ofrecer        error
	admite         error
	admitidos      []admitido // the calls of Admite
	liberar        error
	visita         rutas.Visita
	verVisita      error
	pedida         rutas.Clave // the visit that was read or freed last
	sinDepositos   bool
	deLejos        []rutas.Ventana // windows of the depot lejos
	deCerca        []rutas.Ventana // windows of the depot cerca
	primera        time.Time       // end of the earliest window
	sinPrimera     error
	preguntas      int // calls for the earliest window
}

func (f *camiones) primeraVentana(context.Context) (time.Time, error) {
	f.preguntas++
	return f.primera, f.sinPrimera
}

func (f *camiones) depositos(context.Context) ([]rutas.Deposito, error) {
	if f.sinDepositos {
		return nil, nil
	}
	return []rutas.Deposito{{ID: lejos, Codigo: "DEP-2"}, {ID: cerca, Codigo: "DEP-1"}}, nil
}

func (f *camiones) Ofrecer(context.Context, rutas.Consulta) ([]rutas.DepositoCercano, error) {
	return []rutas.DepositoCercano{
		{ID: lejos, Ventanas: f.deLejos},
		{ID: cerca, Ventanas: f.deCerca},
	}, f.ofrecer
}

// admitido is the address and the window of one call of Admite.
type admitido struct {
	punto   rutas.Punto
	ventana *rutas.Ventana
}

func (f *camiones) Admite(_ context.Context, punto rutas.Punto, ventana *rutas.Ventana) error {
	f.admitidos = append(f.admitidos, admitido{punto, ventana})
	return f.admite
}

func (f *camiones) Liberar(_ context.Context, clave rutas.Clave) error {
	f.pedida = clave
	return f.liberar
}

func (f *camiones) Visita(_ context.Context, clave rutas.Clave) (rutas.Visita, error) {
	f.pedida = clave
	return f.visita, f.verVisita
}

// rastro is the audit trail in memory. It fails when the context has ended.
type rastro struct {
	hay   []audit.Record
	falla error
}

func (f *rastro) Record(ctx context.Context, record audit.Record) error {
	if err := cmp.Or(f.falla, ctx.Err()); err != nil {
		return err
	}
	f.hay = append(f.hay, record)
	return nil
}

// obrero is the worker: the number of leases it may still give, and the orders that it was handed.
type obrero struct {
	lugares   int
	sueltos   int
	llevados  []string
	dejados   int
	empujados []string
	falla     error
}

func (f *obrero) Arrendar(*pedido.Pedido) bool { f.lugares--; return f.lugares >= 0 }
func (f *obrero) Soltar()                      { f.sueltos++ }
func (f *obrero) Dejar()                       { f.dejados++ }
func (f *obrero) Llevar(ped *pedido.Pedido)    { f.llevados = append(f.llevados, ped.ID) }

func (f *obrero) Empujar(_ context.Context, id string) error {
	f.empujados = append(f.empujados, id)
	return f.falla
}

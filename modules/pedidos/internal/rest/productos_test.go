package rest_test

import (
	"errors"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/fault"
)

// errOculto is an error that no contract has. The API answers 500 and hides its text.
var errOculto = errors.New("the falla-secreta of a store")

func yerba() app.Producto {
	return app.Producto{Disponible: 12, Vida: 3, Producto: &catalogo.Producto{
		ID:        productoID,
		Nombre:    "Yerba",
		Categoria: "almacén",
		Precio:    10_000,
		IVA:       "21",
		Peso:      500,
		Volumen:   700,
		Activo:    true,
		Version:   3,
		Creado:    ahora,
		Huella:    "huella-secreta",
	}}
}

const miel = `{"nombre":"Miel","categoria":"dulces","precio_centavos":900,"iva":"21",` +
	`"peso_gramos":1000,"volumen_ml":800}`

const (
	losProductos = "/productos"
	laYerba      = losProductos + "/" + productoID
)

// deProductos are the calls about the catalogue.
func deProductos() map[string]escenario {
	editar := func(e escenario) escenario {
		e.metodo, e.ruta = "PATCH", laYerba
		if e.cuerpo == "" {
			e.cuerpo = `{"precio_centavos":12000}`
		}
		return e
	}
	crear := func(e escenario) escenario {
		e.metodo, e.ruta, e.quien = "POST", losProductos, admin
		if e.cuerpo == "" {
			e.cuerpo = miel
		}
		return e
	}
	version := []string{`If-Match: "3"`}
	return map[string]escenario{
		"are listed to anybody": {
			metodo: "GET", ruta: losProductos + "?q=yerba&categoria=almac%C3%A9n&limite=1",
			app: falso{productos: []app.Producto{yerba(), yerba()}},
			pide: lista{
				filtro: app.FiltroProductos{Q: "yerba", Categoria: "almacén"},
				limite: 2,
			},
			estado: 200, tiene: []string{`"disponible":12`, `"precio_centavos":10000`, `"moneda":"ARS"`, `"vida_minima_dias":3`,
				`"siguiente":"`},
		},
		"are none": {
			metodo: "GET", ruta: losProductos, estado: 200, tiene: []string{`"datos":[]`}, sin: []string{"siguiente"},
		},
		"with a cursor of others": {
			metodo: "GET", ruta: losProductos + "?cursor=x", estado: 422, tiene: []string{"cursor-invalido"},
		},
		"by an unknown member": {
			metodo: "GET", ruta: losProductos + "?precio=1", estado: 422, tiene: []string{"datos-invalidos"},
		},
		"beyond the limit": {
			metodo: "GET", ruta: losProductos + "?limite=201", estado: 422, tiene: []string{"query.limite"},
		},
		"a store that fails": {
			metodo: "GET", ruta: losProductos, app: falso{err: errOculto}, estado: 500,
			tiene: []string{"error-interno"},
		},
		"a store that is away": {
			metodo: "GET", ruta: losProductos, app: falso{err: fault.ErrStoreAway}, estado: 503,
			van: []string{"Retry-After: 5"},
		},
		"one": {
			metodo: "GET", ruta: laYerba, pide: productoID, estado: 200, tiene: []string{`"nombre":"Yerba"`},
			van: []string{`ETag: "3"`},
		},
		"one that there is not": {
			metodo: "GET", ruta: laYerba, app: falso{err: app.ErrSinProducto}, estado: 404,
			tiene: []string{"producto-no-existe"},
		},
		"one under no id": {
			metodo: "GET",
			ruta:   losProductos + "/x",
			estado: 422,
			tiene:  []string{"path.id"},
		},

		"created": crear(escenario{
			pide: catalogo.Producto{
				Nombre: "Miel", Categoria: "dulces", Precio: 900, IVA: "21", Peso: 1_000, Volumen: 800, Activo: true,
			},
			estado: 201, tiene: []string{`"activo":true`}, van: []string{`ETag: "1"`, "Idempotent-Replayed: "},
		}),
		"created inactive": crear(escenario{
			cuerpo: miel[:len(miel)-1] + `,"activo":false,"frio":true}`,
			estado: 201, tiene: []string{`"activo":false`, `"frio":true`},
		}),
		"created with a minimum": crear(escenario{
			cuerpo: miel[:len(miel)-1] + `,"vida_minima_dias":0}`, estado: 201,
			pide: catalogo.Producto{
				Nombre:     "Miel",
				Categoria:  "dulces",
				Precio:     900,
				IVA:        "21",
				Peso:       1_000,
				Volumen:    800,
				Activo:     true,
				VidaMinima: new(int64),
			},
		}),
		"created for ever": crear(escenario{
			cuerpo: miel[:len(miel)-1] + `,"vida_minima_dias":366}`, estado: 422, tiene: []string{"body.vida_minima_dias"},
		}),
		"created again": crear(escenario{
			app: falso{repetida: true}, estado: 201, van: []string{"Idempotent-Replayed: true"},
		}),
		"the key reused": crear(escenario{
			app: falso{
				err: pedido.ErrHuella,
			},
			estado: 422,
			tiene:  []string{"clave-reutilizada"},
		}),
		"without a name": crear(escenario{
			cuerpo: `{"nombre":""}`, estado: 422, tiene: []string{"body.nombre", "property precio_centavos"},
		}),
		"no product": crear(escenario{
			app: falso{err: catalogo.ErrProducto.WithField("body.nombre", "no")}, estado: 422,
			tiene: []string{"producto-invalido", "body.nombre"},
		}),
		"under an empty key": crear(escenario{
			cabeceras: []string{
				"Idempotency-Key: ",
			},
			estado: 422,
			tiene:  []string{"Idempotency-Key"},
		}),

		"edited": editar(escenario{
			quien: admin, cabeceras: version, pide: []int64{3},
			estado: 200, tiene: []string{`"precio_centavos":12000`, `"nombre":"Yerba"`}, van: []string{`ETag: "4"`},
		}),
		"all of it edited": editar(escenario{
			quien: admin, cabeceras: []string{"If-Match: *"}, pide: []int64(nil),
			cuerpo: `{"nombre":"Té","categoria":"tés","precio_centavos":1,"iva":"27",` +
				`"peso_gramos":2,"volumen_ml":3,"frio":true,"activo":false}`,
			estado: 200,
			tiene: []string{
				`"nombre":"Té"`,
				`"categoria":"tés"`,
				`"iva":"27"`,
				`"peso_gramos":2`,
				`"volumen_ml":3`,
				`"frio":true`,
				`"activo":false`,
			},
		}),
		"edited blindly": editar(
			escenario{quien: admin, estado: 428, tiene: []string{"falta-if-match"}},
		),
		"by a tag of others": editar(escenario{
			quien: admin, cabeceras: []string{`If-Match: W/"3"`}, estado: 412, tiene: []string{"version-vieja"},
		}),
		"edited meanwhile": editar(escenario{
			quien: admin, cabeceras: version, app: falso{err: app.ErrVersion}, estado: 412,
			tiene: []string{"version-vieja"},
		}),
		"edited to nothing": editar(escenario{
			quien: admin, cabeceras: version, cuerpo: `{"precio_centavos":0}`, estado: 422,
			tiene: []string{"body.precio_centavos"},
		}),
		"edited by a customer": editar(escenario{
			quien: ana, cabeceras: version, estado: 403, tiene: []string{"sin-permiso"},
		}),
	}
}

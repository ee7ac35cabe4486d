package module

import (
	"context"

	"despensa/modules/clientes/internal/datos"
	"despensa/platform/idempotency"
	"despensa/platform/oidc"
)

// Semilla is a demo customer with one address.
type Semilla struct {
	Sub, Nombre, Correo string
	// CorreoConfirmado says that the identity provider has confirmed Correo.
	CorreoConfirmado bool
	Direccion        DireccionSemilla
}

// DireccionSemilla is where a demo customer lives; WGS 84 degrees.
type DireccionSemilla struct {
	Nombre, Calle, Notas string
	Lat, Lon             float64
}

// Sembrar stores the demo customers once: into a store without customers, all of them
// or none. Their addresses' ids follow from their subjects.
func (m *Module) Sembrar(ctx context.Context, semillas []Semilla) error {
	filas := make([]datos.Semilla, len(semillas))
	for i, s := range semillas {
		d := s.Direccion
		filas[i] = datos.Semilla{
			Alta: datos.Alta{
				ID:               oidc.IDOf(s.Sub),
				Sub:              s.Sub,
				Nombre:           s.Nombre,
				Correo:           s.Correo,
				CorreoConfirmado: s.CorreoConfirmado,
			},
			Direccion: datos.Direccion{
				ID:     idempotency.Derive("semilla", "direccion", s.Sub),
				Nombre: d.Nombre, Calle: d.Calle, Notas: d.Notas, Lat: d.Lat, Lon: d.Lon,
			},
		}
	}
	return m.datos.Sembrar(ctx, filas)
}

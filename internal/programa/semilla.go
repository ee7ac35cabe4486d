package programa

import (
	"context"

	clientesmod "despensa/modules/clientes/module"
	rutasmod "despensa/modules/rutas/module"
	devoidc "despensa/platform/dev/oidc"
	"despensa/platform/oidc"
)

// Calles are the addresses of the demo customers.
var Calles = []string{
	"Av. Cabildo 1840", "Gurruchaga 512", "Av. Rivadavia 4990", "Humberto Primo 820", "Juramento 2301",
}

// sembrar puts the demo data into empty stores, when a stand-in of the identity provider has the demo logins. After a
// crash in the middle, the next start goes on.
func (p *Programa) sembrar(ctx context.Context, _ Pruebas) error {
	if !p.conDemo {
		return nil
	}
	var repartidores []rutasmod.Repartidor
	var clientes []clientesmod.Semilla
	puntos := rutasmod.PuntosDemo()
	for _, i := range devoidc.Logins() {
		sub := devoidc.Subject(i.Login)
		switch {
		case tiene(i.Roles, "repartidor"):
			repartidores = append(
				repartidores,
				rutasmod.Repartidor{ID: oidc.IDOf(sub), Nombre: i.Nombre},
			)
		case tiene(i.Roles, "cliente") && len(clientes) < len(Calles):
			n := len(clientes)
			clientes = append(clientes, clientesmod.Semilla{
				Sub:              sub,
				Nombre:           i.Nombre,
				Correo:           i.Login + "@testuser.com",
				CorreoConfirmado: true,
				Direccion: clientesmod.DireccionSemilla{
					Nombre: "Casa", Calle: Calles[n], Lat: puntos[n].Lat, Lon: puntos[n].Lon,
				},
			})
		}
	}
	semilla := rutasmod.Semilla{Repartidores: repartidores, Dispositivos: dispositivos()}
	if err := p.Rutas.Sembrar(ctx, semilla); err != nil {
		return err
	}
	if err := p.Clientes.Sembrar(ctx, clientes); err != nil {
		return err
	}
	return p.Pedidos.Sembrar(ctx)
}

func tiene(roles []string, rol string) bool {
	for _, r := range roles {
		if r == rol {
			return true
		}
	}
	return false
}

// dispositivos are the house ids of the machines that send the demo trucks' positions.
func dispositivos() (ids []string) {
	for _, sub := range devoidc.Devices() {
		ids = append(ids, oidc.IDOf(sub))
	}
	return ids
}

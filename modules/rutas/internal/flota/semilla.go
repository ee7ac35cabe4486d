package flota

import (
	"context"

	"despensa/modules/rutas"
	"despensa/platform/idempotency"

	"gorm.io/gorm"
)

// depositosDemo and camionesDemo are the demo data of an empty store.
var (
	depositosDemo = []Deposito{
		{Codigo: "DEP-1", Nombre: "Centro", Punto: rutas.Punto{Lat: -34.6040, Lon: -58.4210}},
		{Codigo: "DEP-2", Nombre: "Norte", Punto: rutas.Punto{Lat: -34.5510, Lon: -58.4680}},
		{Codigo: "DEP-3", Nombre: "Sur", Punto: rutas.Punto{Lat: -34.6520, Lon: -58.4050}},
	}
	camionesDemo = []struct {
		patente  string
		deposito int
		frio     bool
	}{
		{patente: "AB101CD", deposito: 0, frio: true},
		{patente: "AB102CD", deposito: 0},
		{patente: "AB103CD", deposito: 1, frio: true},
		{patente: "AB104CD", deposito: 1},
		{patente: "AB105CD", deposito: 2, frio: true},
	}
	// horarioDemo is 07:00 to 21:00 on every day of the week.
	horarioDemo = Horario{Desde: 7 * 60, Hasta: 21 * 60, Dias: 0x7f}
)

// The capacity of a demo truck.
const (
	pesoDemo    = 3_500_000  // g
	volumenDemo = 20_000_000 // ml
)

// DepositoDemo is the id of a demo depot, by its code.
func DepositoDemo(codigo string) string { return idempotency.Derive("rutas.deposito", codigo) }

// CamionDemo is the id of a demo truck, by its plate.
func CamionDemo(patente string) string { return idempotency.Derive("rutas.camion", patente) }

// Sembrar puts the demo depots, trucks and shifts, and the given drivers, into a store that has no depot. The n-th
// driver gets the trucks of the n-th depot; the n-th device gets the n-th truck.
func (f *Flota) Sembrar(
	ctx context.Context,
	repartidores []Repartidor,
	dispositivos []string,
) error {
	_, err := escribir(ctx, f, "rutas.sembrar", func(tx *gorm.DB) (struct{}, error) {
		var n int64
		if err := tx.Model(&filaDeposito{}).Count(&n).Error; err != nil || n > 0 {
			return struct{}{}, err
		}
		return struct{}{}, f.sembrar(tx, repartidores, dispositivos)
	})
	return err
}

// sembrar adds the demo data to an empty store, in tx.
func (f *Flota) sembrar(tx *gorm.DB, repartidores []Repartidor, dispositivos []string) error {
	for _, r := range repartidores {
		r.Activo, r.Version, r.Creado = true, 1, f.ahora()
		fila := filaDeRepartidor(r)
		if err := insertar(tx, &fila); err != nil {
			return err
		}
	}
	anotarDepositos(tx)
	for _, d := range depositosDemo {
		d.ID, d.Activo, d.Version, d.Creado = DepositoDemo(d.Codigo), true, 1, f.ahora()
		fila := filaDeDeposito(d)
		if err := insertar(tx, &fila); err != nil {
			return err
		}
	}
	for i, m := range camionesDemo {
		camion := Camion{
			ID:            CamionDemo(m.patente),
			Patente:       m.patente,
			Deposito:      DepositoDemo(depositosDemo[m.deposito].Codigo),
			PesoMaxGramos: pesoDemo, VolumenMaxML: volumenDemo, Frio: m.frio, Activo: true, Horario: horarioDemo,
			Version: 1, Creado: f.ahora(),
		}
		if m.deposito < len(repartidores) {
			camion.Repartidor = repartidores[m.deposito].ID
		}
		if i < len(dispositivos) {
			camion.Dispositivo = dispositivos[i]
		}
		fila := filaDeCamion(camion)
		if err := primerError(insertar(tx, &fila), f.programar(tx, camion)); err != nil {
			return err
		}
	}
	return nil
}

package flota

import (
	"context"

	"despensa/modules/rutas"
	"despensa/platform/idempotency"

	"gorm.io/gorm"
)

// depositosDemo and camionesDemo are what an empty store is given to be tried with.
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
		{"AB101CD", 0, true}, {"AB102CD", 0, false}, {"AB103CD", 1, true}, {"AB104CD", 1, false}, {"AB105CD", 2, true},
	}
	// horarioDemo is every day from 07:00 to 21:00.
	horarioDemo = Horario{Desde: 7 * 60, Hasta: 21 * 60, Dias: 0x7f}
)

// What a demo truck carries.
const (
	pesoDemo    = 3_500_000  // g
	volumenDemo = 20_000_000 // ml
)

// DepositoDemo is the id of a demo depot, by its code.
func DepositoDemo(codigo string) string { return idempotency.Derive("rutas.deposito", codigo) }

// CamionDemo is the id of a demo truck, by its plate.
func CamionDemo(patente string) string { return idempotency.Derive("rutas.camion", patente) }

// Sembrar puts the demo depots, trucks and shifts into a store that has no depot.
// The drivers share the trucks by depot; each truck has a device as long as there are some.
func (f *Flota) Sembrar(ctx context.Context, repartidores []Repartidor, dispositivos []string) error {
	_, err := escribir(ctx, f, "rutas.sembrar", func(tx *gorm.DB) (struct{}, error) {
		var n int64
		if err := tx.Model(&filaDeposito{}).Count(&n).Error; err != nil || n > 0 {
			return struct{}{}, err
		}
		return struct{}{}, f.sembrar(tx, repartidores, dispositivos)
	})
	return err
}

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
		c := Camion{
			ID: CamionDemo(m.patente), Patente: m.patente, Deposito: DepositoDemo(depositosDemo[m.deposito].Codigo),
			PesoMaxGramos: pesoDemo, VolumenMaxML: volumenDemo, Frio: m.frio, Activo: true, Horario: horarioDemo,
			Version: 1, Creado: f.ahora(),
		}
		if m.deposito < len(repartidores) {
			c.Repartidor = repartidores[m.deposito].ID
		}
		if i < len(dispositivos) {
			c.Dispositivo = dispositivos[i]
		}
		fila := filaDeCamion(c)
		if err := primerError(insertar(tx, &fila), f.programar(tx, c)); err != nil {
			return err
		}
	}
	return nil
}

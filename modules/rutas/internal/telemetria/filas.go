package telemetria

import (
	"time"

	"despensa/modules/rutas"
)

type filaPosicion struct {
	Camion, Clave, Sensor   string
	Secuencia               int64
	Lat, Lon                float64
	Velocidad, Rumbo, Radio *float64
	En, Recibida            int64
}

func (filaPosicion) TableName() string { return "posiciones" }

func (f filaPosicion) cosa() Posicion {
	return Posicion{f.Camion, Sensor(f.Sensor), f.Secuencia, rutas.Punto{Lat: f.Lat, Lon: f.Lon}, f.Velocidad, f.Rumbo, f.Radio,
		time.UnixMilli(f.En).UTC(), time.UnixMilli(f.Recibida).UTC()}
}

func filaDe(p Posicion) filaPosicion {
	return filaPosicion{p.Camion, p.Clave(), string(p.Sensor), p.Secuencia, p.Punto.Lat, p.Punto.Lon, p.Velocidad, p.Rumbo, p.Radio,
		p.En.UnixMilli(), p.Recibida.UnixMilli()}
}

type filaUltima struct {
	Vista    filaPosicion `gorm:"embedded"` // exported: gorm passes over what is not
	Revision int64
}

func (filaUltima) TableName() string { return "ultimas" }

func (f filaUltima) ultima() *Ultima { return &Ultima{f.Vista.cosa(), f.Revision} }

package telemetria

import (
	"fmt"
	"time"

	"despensa/modules/rutas"
)

// filaLugar has the columns that the tables posiciones and ultimas share.
type filaLugar struct {
	Camion, Clave, Sensor   string
	Secuencia               int64
	Lat, Lon                float64
	Velocidad, Rumbo, Radio *float64
	En, Recibida            int64
}

type filaPosicion struct {
	Lugar filaLugar `gorm:"embedded"` // exported, because gorm passes over a field that is not
	Marca string    // '' in rows of release 0.3.0, which had no marks
}

func (filaPosicion) TableName() string { return "posiciones" }

func (f filaLugar) posicion() Posicion {
	return Posicion{
		Camion: f.Camion, Sensor: Sensor(f.Sensor), Secuencia: f.Secuencia, Punto: rutas.Punto{Lat: f.Lat, Lon: f.Lon},
		Velocidad: f.Velocidad, Rumbo: f.Rumbo, Radio: f.Radio,
		En: time.UnixMilli(f.En).
			UTC(),
		Recibida: time.UnixMilli(f.Recibida).UTC(), fila: f.Clave,
	}
}

func (f filaPosicion) posicion() Posicion {
	p := f.Lugar.posicion()
	p.Sospecha = Sospecha(f.Marca)
	return p
}

// claveDe is the key of the row of posicion. A row of release 0.3.0 has Posicion.Clave alone as its key, without
// the time; the unique index posiciones_identidad covers both forms.
func claveDe(posicion Posicion) string {
	if posicion.fila != "" {
		return posicion.fila
	}
	return fmt.Sprintf("%s:%d", posicion.Clave(), posicion.En.UnixMilli())
}

func lugarDe(posicion Posicion) filaLugar {
	return filaLugar{
		Camion: posicion.Camion, Clave: claveDe(posicion), Sensor: string(posicion.Sensor),
		Secuencia: posicion.Secuencia, Lat: posicion.Punto.Lat, Lon: posicion.Punto.Lon,
		Velocidad: posicion.Velocidad,
		Rumbo:     posicion.Rumbo,
		Radio:     posicion.Radio,
		En:        posicion.En.UnixMilli(),
		Recibida:  posicion.Recibida.UnixMilli(),
	}
}

func filaDe(posicion Posicion) filaPosicion {
	return filaPosicion{Lugar: lugarDe(posicion), Marca: string(posicion.Sospecha)}
}

type filaUltima struct {
	Vista    filaLugar `gorm:"embedded"` // exported, because gorm passes over a field that is not
	Revision int64
}

func (filaUltima) TableName() string { return "ultimas" }

func (f filaUltima) ultima() *Ultima {
	return &Ultima{Posicion: f.Vista.posicion(), revision: f.Revision}
}

// filaReloj is the clock of one sensor; durations are in ms.
type filaReloj struct {
	Camion, Sensor       string
	Desfase, Desde       int64
	Llegadas             int64
	DemoraMin, DemoraMax int64
}

func (filaReloj) TableName() string { return "relojes" }

func (f filaReloj) reloj() reloj {
	return reloj{
		Desfase: ms(f.Desfase), Desde: time.UnixMilli(f.Desde).UTC(), Llegadas: f.Llegadas,
		Minima: ms(f.DemoraMin), Maxima: ms(f.DemoraMax),
	}
}

func filaDeReloj(camion string, sensor Sensor, reloj reloj) filaReloj {
	return filaReloj{
		Camion: camion, Sensor: string(sensor), Desfase: reloj.Desfase.Milliseconds(),
		Desde: reloj.Desde.UnixMilli(), Llegadas: reloj.Llegadas,
		DemoraMin: reloj.Minima.Milliseconds(), DemoraMax: reloj.Maxima.Milliseconds(),
	}
}

func ms(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

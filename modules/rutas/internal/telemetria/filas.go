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
		En: time.UnixMilli(f.En).UTC(), Recibida: time.UnixMilli(f.Recibida).UTC(), fila: f.Clave,
	}
}

func (f filaPosicion) posicion() Posicion {
	p := f.Lugar.posicion()
	p.Sospecha = Sospecha(f.Marca)
	return p
}

// claveDe is the key of the row of p. A row of release 0.3.0 has Posicion.Clave alone as its key, without the time;
// the unique index posiciones_identidad covers both forms.
func claveDe(p Posicion) string {
	if p.fila != "" {
		return p.fila
	}
	return fmt.Sprintf("%s:%d", p.Clave(), p.En.UnixMilli())
}

func lugarDe(p Posicion) filaLugar {
	return filaLugar{
		Camion: p.Camion, Clave: claveDe(p), Sensor: string(p.Sensor),
		Secuencia: p.Secuencia, Lat: p.Punto.Lat, Lon: p.Punto.Lon,
		Velocidad: p.Velocidad, Rumbo: p.Rumbo, Radio: p.Radio, En: p.En.UnixMilli(), Recibida: p.Recibida.UnixMilli(),
	}
}

func filaDe(p Posicion) filaPosicion {
	return filaPosicion{Lugar: lugarDe(p), Marca: string(p.Sospecha)}
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

func filaDeReloj(camion string, s Sensor, r reloj) filaReloj {
	return filaReloj{
		Camion: camion, Sensor: string(s), Desfase: r.Desfase.Milliseconds(),
		Desde: r.Desde.UnixMilli(), Llegadas: r.Llegadas,
		DemoraMin: r.Minima.Milliseconds(), DemoraMax: r.Maxima.Milliseconds(),
	}
}

func ms(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

package flota

import (
	"fmt"
	"sync/atomic"
	"testing"

	"despensa/modules/rutas"

	"gorm.io/gorm"
)

// oficio counts the statements that a fleet sends to its store.
type oficio struct{ n atomic.Int64 }

// contar begins to count the statements of mundo. Beginnings and ends of transactions are not counted.
func contar(mundo *mundo) *oficio {
	mundo.t.Helper()
	o := &oficio{}
	ver := func(*gorm.DB) { o.n.Add(1) }
	registrar := func(db *gorm.DB) error {
		c := db.Callback()
		return primerError(
			c.Query().After("gorm:query").Register("medida:query", ver),
			c.Row().After("gorm:row").Register("medida:row", ver),
			c.Raw().After("gorm:raw").Register("medida:raw", ver),
			c.Create().After("gorm:create").Register("medida:create", ver),
			c.Update().After("gorm:update").Register("medida:update", ver),
			c.Delete().After("gorm:delete").Register("medida:delete", ver),
		)
	}
	mundo.bien(registrar(mundo.db.Read(mundo.ctx)))
	mundo.bien(mundo.db.Write(mundo.ctx, "prueba", registrar))
	o.n.Store(0)
	return o
}

// de is how many statements hacer takes.
func (o *oficio) de(hacer func()) int64 {
	antes := o.n.Load()
	hacer()
	return o.n.Load() - antes
}

// poblar makes three depots with full shifts, on which abiertas visits or a few more are booked, and two trucks each
// that have room for two weeks.
func poblar(mundo *mundo, abiertas int) []Deposito {
	mundo.t.Helper()
	ds := []Deposito{mundo.deposito(), mundo.deposito(), mundo.deposito()}
	for _, d := range ds {
		mundo.llenar(d, abiertas/len(ds))
		for range 2 {
			mundo.camion(
				d,
				func(c *Camion) { c.Horario = Horario{Desde: 7 * 60, Hasta: 21 * 60, Dias: 0x7f} },
			)
		}
	}
	return ds
}

func consulta(mundo *mundo, limite int) rutas.Consulta {
	return rutas.Consulta{
		Punto: rutas.Punto{
			Lat: casa,
			Lon: planta,
		},
		Carga: rutas.Carga{PesoGramos: 5000,
			VolumenML: 10_000},
		NoAntes: mundo.reloj.ahora(), Limite: limite,
	}
}

func BenchmarkOfrecer(b *testing.B) {
	for _, abiertas := range []int{1000, 10_000, 100_000} {
		b.Run(fmt.Sprint(abiertas), func(b *testing.B) {
			m := nuevoMundo(b, nil)
			poblar(m, abiertas)
			b.ReportAllocs()
			for b.Loop() {
				if o, err := m.Ofrecer(m.ctx, consulta(m, 60)); err != nil || len(o) != 3 ||
					len(o[0].Ventanas) == 0 {
					b.Fatal(o, err)
				}
			}
		})
	}
}

func BenchmarkReservar(b *testing.B) {
	for _, abiertas := range []int{1000, 10_000, 100_000} {
		b.Run(fmt.Sprint(abiertas), func(b *testing.B) {
			m := nuevoMundo(b, nil)
			ds := poblar(m, abiertas)
			n := 0
			b.ReportAllocs()
			for b.Loop() {
				n++
				e := m.encargo(ds[n%3], fmt.Sprint(n))
				if _, err := m.Reservar(m.ctx, e); err != nil {
					b.Fatal(err)
				}
				if n%500 == 0 { // so that the trucks keep room
					b.StopTimer()
					vaciar(m, n)
					b.StartTimer()
				}
			}
		})
	}
}

// vaciar gives the last 500 bookings up to hasta back.
func vaciar(mundo *mundo, hasta int) {
	for n := hasta - 499; n <= hasta; n++ {
		mundo.bien(mundo.Liberar(mundo.ctx, clave(fmt.Sprint(n))))
	}
}

// TestStatements counts the statements of each call for one order. A call that takes more than before fails.
func TestStatements(t *testing.T) {
	m := nuevoMundo(t, nil)
	m.parar()
	ds := poblar(m, 1000)
	o := contar(m)
	v := rutas.Ventana{}
	k := clave("p")
	reserva := int64(2)
	if m.db.Shared() { // PostgreSQL takes room and stores the visit in one statement
		reserva = 1
	}
	tests := []struct {
		nombre string
		hacer  func() error
		want   int64
	}{
		{nombre: "the first quote reads depots and shifts", hacer: func() error {
			cs, err := m.Ofrecer(m.ctx, consulta(m, 60))
			v = cs[0].Ventanas[0]
			return err
		},
			want: 2},
		{
			nombre: "a quote",
			hacer:  func() error { _, err := m.Ofrecer(m.ctx, consulta(m, 60)); return err },
			want:   0,
		},
		{
			nombre: "a window is asked for",
			hacer:  func() error { return m.Admite(m.ctx, consulta(m, 1).Punto, &v) },
			want:   0,
		},
		{nombre: "a booking: shift, visit",
			hacer: func() error { _, err := m.Reservar(m.ctx, m.encargo(ds[0], "p")); return err }, want: reserva},
		{nombre: "a quote after it",
			hacer: func() error { _, err := m.Ofrecer(m.ctx, consulta(m, 60)); return err }, want: 0},
		{nombre: "repeated: in vain, then the visit is read",
			hacer: func() error { _, err := m.Reservar(m.ctx, m.encargo(ds[0], "p")); return err }, want: reserva + 1},
		{nombre: "a quote after it reads shifts",
			hacer: func() error { _, err := m.Ofrecer(m.ctx, consulta(m, 60)); return err }, want: 1},
		{
			nombre: "made firm",
			hacer:  func() error { _, err := m.Asegurar(m.ctx, k); return err },
			want:   1,
		},
		{
			nombre: "looked at",
			hacer:  func() error { _, err := m.Visita(m.ctx, k); return err },
			want:   1,
		},
		{nombre: "given back: visit and shift read and stored, tombstone",
			hacer: func() error { return m.Liberar(m.ctx, k) }, want: 5},
		{nombre: "a quote after that",
			hacer: func() error { _, err := m.Ofrecer(m.ctx, consulta(m, 60)); return err }, want: 0},
	}
	for _, tt := range tests {
		if n := o.de(func() { m.bien(tt.hacer()) }); n != tt.want {
			t.Errorf("%s: %d statements, want %d", tt.nombre, n, tt.want)
		}
	}
}

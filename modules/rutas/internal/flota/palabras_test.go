package flota

import (
	"testing"
	"time"

	"despensa/platform/seal"
	"despensa/platform/seal/sealtest"

	"gorm.io/gorm"
)

// dichas are words that no stored visit may hold.
const dichas = "abrió Raúl y no quiso"

// guardado is the motivo of a visit as it is stored.
func (m *mundo) guardado(id string) string {
	m.t.Helper()
	f, err := uno[filaMotivo](
		m.db.Read(m.ctx).Select("id, cliente, motivo").Where("id = ?", id),
		nil,
	)
	m.bien(err)
	return f.Motivo
}

// fallida is a visit that failed with the driver's words.
func (m *mundo) fallida(port *sealtest.Port) (id string, marca ParteDeVisita) {
	m.t.Helper()
	d := m.deposito()
	k := m.camion(d, nil)
	m.turno(k, 0, 12, 0)
	v := m.firme(d, "a")
	m.reloj.mover(time.Hour)
	_, err := m.salir(k)
	m.bien(err)
	marca = ParteDeVisita{
		Visita: v.ID,
		Clase:  Fallo,
		Motivo: dichas,
		Quien:  todos,
		Llave:  m.llave(),
	}
	visto, _, err := m.DarParte(m.ctx, marca)
	m.bien(err)
	port.Away(false)
	if visto.Motivo != dichas && visto.Motivo != seal.Away {
		m.t.Errorf("answered %q", visto.Motivo)
	}
	return v.ID, marca
}

// A driver's words are stored sealed and shown in the clear, whether or not the customers' keys can be read; once the
// customer is erased they are gone.
func TestADriversWordsAreSealed(t *testing.T) {
	for nombre, lejos := range map[string]bool{"with the keys": false, "the keys are away": true} {
		t.Run(nombre, func(t *testing.T) {
			m := nuevoMundo(t, nil)
			p := m.o.Palabras.(*sealtest.Port)
			p.Away(lejos)
			id, marca := m.fallida(p)
			if s := m.guardado(id); !seal.Sealed(s) || seal.Pending(s) != lejos {
				t.Errorf("stored as %q", s)
			}
			mostrado := func(quiero string) {
				t.Helper()
				v, err := m.Ver(m.ctx, id, todos)
				m.bien(err)
				vs, err := m.ListarVisitas(m.ctx, Filtro{}, todos, Pagina{Limite: 9})
				m.bien(err)
				otra, repetida, err := m.DarParte(m.ctx, marca)
				m.bien(err)
				if v.Motivo != quiero || len(vs) != 1 || vs[0].Motivo != quiero ||
					otra.Motivo != quiero ||
					!repetida {
					t.Errorf(
						"shown as %q, listed as %+v, answered again as %q; want %q",
						v.Motivo,
						vs,
						otra.Motivo,
						quiero,
					)
				}
			}
			mostrado(dichas)
			_, err := m.SellarPendientes(m.ctx)
			m.bien(err)
			if s := m.guardado(id); !seal.Sealed(s) || seal.Pending(s) {
				t.Errorf("stored then as %q", s)
			}
			mostrado(dichas)
			v, err := m.Ver(m.ctx, id, todos)
			m.bien(err)
			p.Erase(v.Cliente)
			mostrado(seal.Erased)
		})
	}
}

// A reason that an earlier release has stored in the clear is shown as it is, and sealed by the next round; a code is
// not sealed.
func TestOldWordsOfDriversAreSealed(t *testing.T) {
	m := nuevoMundo(t, nil)
	id, _ := m.fallida(m.o.Palabras.(*sealtest.Port))
	poner := func(motivo string) {
		t.Helper()
		m.bien(m.db.Write(m.ctx, "prueba", func(tx *gorm.DB) error {
			return tx.Exec("update visitas set motivo = ? where id = ?", motivo, id).Error
		}))
	}
	for motivo, quiero := range map[string]int{"": 0, MotivoRegreso: 0, dichas: 1} {
		poner(motivo)
		antes, err := m.Ver(m.ctx, id, todos)
		m.bien(err)
		n, err := m.SellarPendientes(m.ctx)
		m.bien(err)
		despues, err := m.Ver(m.ctx, id, todos)
		m.bien(err)
		if n != quiero || seal.Sealed(m.guardado(id)) != (quiero == 1) {
			t.Errorf("%q: sealed %d, stored as %q", motivo, n, m.guardado(id))
		}
		if antes.Motivo != motivo || despues.Motivo != motivo ||
			despues.Version != antes.Version {
			t.Errorf("%q is shown as %q, then as %q", motivo, antes.Motivo, despues.Motivo)
		}
	}
}

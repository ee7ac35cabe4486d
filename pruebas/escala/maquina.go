package escala

import (
	"fmt"
	"math/rand/v2"
)

// Names of the stations.
const (
	deCPU      = "processors of the program"
	deServidor = "processors of the database servers"
	deFilas    = "a row that every order changes"
	deSocios   = "gateway"
	deRed      = "network"
)

// maquina is a house with its stations.
type maquina struct {
	c          Costos
	k          Setup
	estaciones []*estacion
	cpu, base  []*estacion // by replica; by shard of the orders' database
	archivos   []*estacion // the writer of each module's file
	discos     []*estacion // the disk of each module's file
	socios     *estacion
	red        *estacion
	filas      *estacion
}

// montar builds the stations of a house.
func montar(costos Costos, setup Setup) *maquina {
	m := &maquina{c: costos, k: setup}
	for range setup.Replicas {
		m.cpu = append(m.cpu, m.nueva(estacion{nombre: deCPU, servidas: setup.Nucleos}))
	}
	m.socios = m.nueva(estacion{nombre: deSocios})
	m.red = m.nueva(estacion{nombre: deRed})
	if setup.Calientes > 0 {
		m.filas = m.nueva(estacion{nombre: deFilas, servidas: setup.Calientes})
	}
	if setup.Servidores {
		for range max(1, setup.Fragmentos) {
			m.base = append(
				m.base,
				m.nueva(estacion{nombre: deServidor, servidas: setup.NucleosBase}),
			)
		}
		return m
	}
	for _, mod := range Modulos {
		m.archivos = append(
			m.archivos,
			m.nueva(estacion{nombre: "writer of " + mod, servidas: 1}),
		)
		m.discos = append(
			m.discos,
			m.nueva(estacion{nombre: "commits of " + mod, servidas: 1, agrupa: true}),
		)
	}
	return m
}

func (m *maquina) nueva(estacion estacion) *estacion {
	m.estaciones = append(m.estaciones, &estacion)
	return &estacion
}

// ruta is the way of order i: its CPU in slices between its writes and round trips, and two calls of the gateway.
func (m *maquina) ruta(i int, azar *rand.Rand) (ps []paso) {
	cpu := m.cpu[i%len(m.cpu)]
	esperas := m.esperas(i)
	porRato := m.c.CPU / float64(len(esperas)+1)
	for n, e := range esperas {
		ps = append(ps, paso{donde: cpu, dura: porRato * azar.ExpFloat64()})
		ps = append(ps, e...)
		if n == len(esperas)/3 || n == 2*len(esperas)/3 {
			ps = append(ps, paso{donde: m.socios, dura: m.c.Pasarela})
		}
	}
	return append(ps, paso{donde: cpu, dura: porRato})
}

// esperas are the steps of order i besides those on processors (disks, network, servers), in the order of the
// modules.
func (m *maquina) esperas(i int) (out [][]paso) {
	for mod := range Modulos {
		if !m.k.Servidores {
			for range m.c.Escrituras[mod] {
				out = append(
					out,
					[]paso{
						{donde: m.archivos[mod], dura: m.c.CPUEscritor},
						{donde: m.discos[mod], dura: m.c.Sync},
					},
				)
			}
			continue
		}
		for range m.c.Idas[mod] {
			out = append(
				out,
				[]paso{
					{donde: m.red, dura: m.c.Ida},
					{donde: m.base[i%len(m.base)], dura: m.c.CPUServidor},
				},
			)
		}
	}
	if m.filas != nil { // taken and saved: two round trips, or a write, during which no other order may change the row
		dura := m.c.Sync
		if m.k.Servidores {
			dura = 2*m.c.Ida + m.c.CPUServidor
		}
		out = append(out, []paso{{donde: m.filas, dura: dura}})
	}
	return out
}

// String is the name of a house in a table.
func (k Setup) String() string {
	if !k.Servidores {
		return fmt.Sprintf("one process, %d cores, files", k.Nucleos)
	}
	return fmt.Sprintf("%d processes of %d cores, %d database servers of %d",
		k.Replicas, k.Nucleos, max(1, k.Fragmentos), k.NucleosBase)
}

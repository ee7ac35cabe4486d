package main

import (
	"fmt"
	"slices"

	"despensa/internal/comandos/bench"
)

const cabezaTiempos = "| form | clients | lines | program | orders/s to confirmado | times the first " +
	"| POST p50, p99 (ms) | creado to confirmado p50, p99 (ms) | quote p50 (ms) | loop p50, p99 (ms) " +
	"| CPU per order: program, client (ms) | memory (MB) | others used |\n" +
	"| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"

const cabezaCuentas = "\n| per order (8 clients, 1 line) | statements | round trips | writes | commits | syncs " +
	"| log (kB) | pages (kB) | disk (kB) | allocated (kB) | objects |\n" +
	"| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"

const cabezaMemoria = `
Memory of %s over orders that are placed without a restart:

| orders | resident (MB) | orders/s | CPU per order (ms) | quote p50 (ms) |
| --- | --- | --- | --- | --- |
`

// resumen takes each figure's median over the rounds.
func resumen(rondas []ronda) ronda {
	var m ronda
	m.AConfirmado = mediana(rondas, func(r ronda) float64 { return r.AConfirmado })
	m.Post50 = mediana(rondas, func(r ronda) float64 { return r.Post50 })
	m.Post99 = mediana(rondas, func(r ronda) float64 { return r.Post99 })
	m.Camino50 = mediana(rondas, func(r ronda) float64 { return r.Camino50 })
	m.Camino99 = mediana(rondas, func(r ronda) float64 { return r.Camino99 })
	m.Cotizar50 = mediana(rondas, func(r ronda) float64 { return r.Cotizar50 })
	m.Entera50 = mediana(rondas, func(r ronda) float64 { return r.Entera50 })
	m.Entera99 = mediana(rondas, func(r ronda) float64 { return r.Entera99 })
	m.programa = mediana(rondas, func(r ronda) float64 { return r.programa })
	m.cliente = mediana(rondas, func(r ronda) float64 { return r.cliente })
	m.Memoria = mediana(rondas, func(r ronda) float64 { return r.Memoria })
	m.ajeno = mediana(rondas, func(r ronda) float64 { return r.ajeno })
	return m
}

// mediana of a figure; of an even number of rounds the mean of the middle two.
func mediana(rondas []ronda, cual func(ronda) float64) float64 {
	var ns []float64
	for _, r := range rondas {
		ns = append(ns, cual(r))
	}
	if len(ns) == 0 {
		return 0
	}
	slices.Sort(ns)
	return (ns[(len(ns)-1)/2] + ns[len(ns)/2]) / 2
}

// fila is a row of the first table; contra is the first binary's.
func fila(caso caso, binario binario, ronda, contra ronda) string {
	veces, cotizar, vuelta := "", "", ""
	if contra.AConfirmado > 0 {
		veces = fmt.Sprintf("%.2f", ronda.AConfirmado/contra.AConfirmado)
	}
	if caso.forma == "cerrado" {
		cotizar = fmt.Sprintf("%.1f", ronda.Cotizar50)
		vuelta = fmt.Sprintf("%.0f, %.0f", ronda.Entera50, ronda.Entera99)
	}
	return fmt.Sprintf(
		"| %s | %d | %d | %s | %.0f | %s | %.1f, %.1f | %.0f, %.0f "+
			"| %s | %s | %.1f, %.1f | %.0f | %.0f %% |\n",
		caso.forma,
		caso.clientes,
		caso.lineas,
		binario.nombre,
		ronda.AConfirmado,
		veces,
		ronda.Post50,
		ronda.Post99,
		ronda.Camino50,
		ronda.Camino99,
		cotizar,
		vuelta,
		ronda.programa,
		ronda.cliente,
		ronda.Memoria/(1<<20),
		ronda.ajeno*100,
	)
}

// cuenta is the number of statements, syncs and bytes per order.
type cuenta struct {
	bench.Cifras
	disco    disco
	hayDisco bool
	ocupados float64 // bytes that the stores grow by
}

// fila is a row of the second table; a figure that a binary or a machine does not count is a dash.
func (c cuenta) fila(binario binario) string {
	sentencias, syncs, log, paginas := "–", "–", "–", "–"
	if c.Sentencias > 0 {
		sentencias = fmt.Sprintf("%.1f", c.Sentencias)
	}
	if c.hayDisco {
		syncs = fmt.Sprintf("%.1f", float64(c.disco.syncs)/contados)
		log = kB(float64(c.disco.bytes) / contados)
		paginas = kB(float64(c.disco.paginas) / contados)
	}
	return fmt.Sprintf("| %s | %s | %.1f | %.1f | %.1f | %s | %s | %s | %s | %s | %.0f |\n",
		binario.nombre, sentencias, c.Idas, c.Escrituras, c.Confirmaciones, syncs,
		log, paginas, kB(c.ocupados), kB(c.Bytes), c.Objetos)
}

func kB(bytes float64) string { return fmt.Sprintf("%.1f", bytes/1000) }

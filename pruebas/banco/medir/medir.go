package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"despensa/internal/comandos/bench"
)

// calentar is the number of orders that warm a new process up.
const calentar = 200

// ronda has the figures of one round of orders against one process.
type ronda struct {
	bench.Cifras
	programa, cliente float64 // ms of CPU per order, of the process and of the client
	ajeno             float64 // part of the processors that other processes used meanwhile, 0 to 1
}

// medir measures the forms, clients and lines of o for each binary. Errors: errOcupada, errUso, and the errors of a
// process or a command.
func medir(ctx context.Context, opciones opciones) (err error) {
	if !opciones.ocupada {
		if err := tranquila(mirada); err != nil {
			return err
		}
	}
	carpeta, err := os.MkdirTemp(opciones.carpeta, "despensa-banco-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(carpeta)) }()
	bs, err := binarios(ctx, opciones, carpeta)
	if err != nil {
		return err
	}
	m := medicion{o: opciones, carpeta: carpeta, binarios: bs, cliente: bs[len(bs)-1]}
	if opciones.memoria > 0 {
		return m.memoria(ctx)
	}
	if err := m.tiempos(ctx); err != nil || !opciones.cuentas {
		return err
	}
	return m.cuentas(ctx)
}

// medicion is a measurement under way.
type medicion struct {
	o        opciones
	carpeta  string
	binarios []binario
	cliente  binario // the client of this folder, for the program of any revision
}

// caso is one combination of form, clients and lines to measure in rounds.
type caso struct {
	forma            string
	clientes, lineas int
}

// casos are all of them, the quick ones first.
func (o opciones) casos() (out []caso) {
	for _, l := range o.lineas {
		for _, f := range o.formas {
			for _, c := range o.clientes {
				if f == "ritmo" && (l != o.lineas[0] || c != o.clientes[len(o.clientes)-1]) {
					continue // the form ritmo runs once, with as many clients as its rate needs
				}
				out = append(out, caso{forma: f, clientes: c, lineas: l})
			}
		}
	}
	return out
}

// banderas are the flags of `despensa bench` for pedidos orders of caso.
func (o opciones) banderas(caso caso, pedidos int) []string {
	b := []string{
		"--clientes",
		texto(caso.clientes),
		"--lineas",
		texto(caso.lineas),
		"--pedidos",
		texto(pedidos),
	}
	switch caso.forma {
	case "cerrado":
		b = append(b, "--cerrado")
	case "ritmo":
		b = append(b, "--ritmo", fmt.Sprint(o.ritmo), "--poisson")
	}
	return b
}

// tiempos measures each case in rounds, the binaries in turn, and prints the table.
func (m medicion) tiempos(ctx context.Context) error {
	fmt.Fprint(m.o.salida, cabezaTiempos)
	for _, c := range m.o.casos() {
		rondas := make([][]ronda, len(m.binarios))
		for n := range m.o.rondas {
			for i, b := range m.binarios {
				fmt.Fprintf(m.o.progreso, "%s, %d clients, %d lines: round %d of %s\n",
					c.forma, c.clientes, c.lineas, n+1, b.nombre)
				r, err := m.unaRonda(ctx, b, c)
				if err != nil {
					return err
				}
				rondas[i] = append(rondas[i], r)
			}
		}
		for i, b := range m.binarios {
			fmt.Fprint(m.o.salida, fila(c, b, resumen(rondas[i]), resumen(rondas[0])))
		}
	}
	return nil
}

// unaRonda starts binario over a new folder, warms it up, and measures the orders of c.
func (m medicion) unaRonda(ctx context.Context, binario binario, c caso) (r ronda, err error) {
	entorno, soltar, err := bases(m.o)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, soltar()) }()
	datos := filepath.Join(m.carpeta, "datos")
	defer func() { err = errors.Join(err, os.RemoveAll(datos)) }()
	s, err := arrancar(ctx, binario, datos, entorno, nil)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, s.parar()) }()
	caliente := caso{forma: "seguido", clientes: 8, lineas: c.lineas}
	if _, _, err := pedir(ctx, m.cliente, s.url, m.o.banderas(caliente, calentar+m.o.previos)...); err != nil {
		return r, err
	}
	return m.ordenar(ctx, s, m.o.banderas(c, m.o.pedidos))
}

// ordenar runs the client against servidor and reads the use of the processors meanwhile.
func (m medicion) ordenar(
	ctx context.Context,
	servidor *servidor,
	banderas []string,
) (r ronda, err error) {
	antes, _ := procesadores() // without a reading, ajeno stays 0
	propio := cpuDe(servidor.orden.Process.Pid)
	c, cliente, err := pedir(ctx, m.cliente, servidor.url, banderas...)
	if err != nil {
		return r, err
	}
	propio = cpuDe(servidor.orden.Process.Pid) - propio
	despues, _ := procesadores()
	n := float64(m.o.pedidos)
	r = ronda{Cifras: c, programa: propio * 1000 / n, cliente: cliente * 1000 / n}
	if total := despues.total - antes.total; total > 0 {
		r.ajeno = max(0, parte(antes, despues)-(propio+cliente)*100/total)
	}
	return r, nil
}

// cuentas counts, by a run of its own for each binary, the statements, syncs and bytes of an order.
func (m medicion) cuentas(ctx context.Context) error {
	fmt.Fprint(m.o.salida, cabezaCuentas)
	for _, b := range m.binarios {
		fmt.Fprintf(m.o.progreso, "counting what an order takes of %s\n", b.nombre)
		c, err := m.contar(ctx, b)
		if err != nil {
			return err
		}
		fmt.Fprint(m.o.salida, c.fila(b))
	}
	return nil
}

// contados are the orders of a count.
const contados = 400

// contar runs binario under strace, where there is one.
func (m medicion) contar(ctx context.Context, binario binario) (c cuenta, err error) {
	entorno, soltar, err := bases(m.o)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, soltar()) }()
	datos := filepath.Join(m.carpeta, "datos")
	defer func() { err = errors.Join(err, os.RemoveAll(datos)) }()
	caso := caso{forma: "seguido", clientes: 8, lineas: 1}
	// Makes the folder, so that no migration is counted.
	s, err := arrancar(ctx, binario, datos, entorno, nil)
	if err != nil {
		return c, err
	}
	_, _, err = pedir(ctx, m.cliente, s.url, m.o.banderas(caso, calentar)...)
	if err := errors.Join(err, s.parar()); err != nil {
		return c, err
	}
	antes, err := ocupa(datos)
	if err != nil {
		return c, err
	}
	if err := c.trazar(ctx, m, binario, datos, entorno); err != nil {
		return c, err
	}
	despues, err := ocupa(datos)
	c.ocupados = float64(despues-antes) / contados
	return c, err
}

// trazar orders from binario under strace and adds up the traced calls between the start and the stop.
func (c *cuenta) trazar(
	ctx context.Context,
	medicion medicion,
	binario binario,
	datos string,
	entorno []string,
) error {
	archivo := filepath.Join(medicion.carpeta, "traza")
	var envoltura []string
	if strace, err := exec.LookPath("strace"); err == nil {
		envoltura = []string{
			strace,
			"-D",
			"-f",
			"-y",
			"--seccomp-bpf",
			"-s",
			"0",
			"-e",
			"signal=none",
			"-e",
			"trace=pwrite64,fdatasync,fsync",
			"-o",
			archivo,
		}
	}
	s, err := arrancar(ctx, binario, datos, entorno, envoltura)
	if err != nil {
		return err
	}
	desde, err := trazaHasta(archivo)
	if err == nil {
		c.Cifras, _, err = pedir(
			ctx,
			medicion.cliente,
			s.url,
			medicion.o.banderas(caso{clientes: 8, lineas: 1}, contados)...)
	}
	hasta, e := trazaHasta(archivo)
	c.disco, c.hayDisco = hasta.menos(desde), envoltura != nil
	return errors.Join(err, e, s.parar())
}

// trazaHasta reads the trace in archivo up to its present end; without a file the trace is empty.
func trazaHasta(archivo string) (disco, error) {
	f, err := os.Open(archivo)
	if errors.Is(err, os.ErrNotExist) {
		return disco{}, nil
	}
	if err != nil {
		return disco{}, err
	}
	defer func() { _ = f.Close() }()
	return leerTraza(f)
}

// trozo is the number of orders between two readings of the memory.
const trozo = 5000

// memoria prints how the resident memory of a process grows with its orders.
func (m medicion) memoria(ctx context.Context) error {
	for _, b := range m.binarios {
		if err := m.memoriaDe(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// memoriaDe prints the resident memory of one process of binario after every trozo orders.
func (m medicion) memoriaDe(ctx context.Context, binario binario) (err error) {
	datos := filepath.Join(m.carpeta, "datos")
	defer func() { err = errors.Join(err, os.RemoveAll(datos)) }()
	s, err := arrancar(ctx, binario, datos, nil, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.parar()) }()
	fmt.Fprintf(m.o.salida, cabezaMemoria, binario.nombre)
	for van := 0; van < m.o.memoria; {
		n := min(trozo, m.o.memoria-van)
		c, _, err := pedir(
			ctx,
			m.cliente,
			s.url,
			m.o.banderas(caso{forma: "cerrado", clientes: 32, lineas: 1}, n)...)
		if err != nil {
			return err
		}
		van += n
		fmt.Fprintf(
			m.o.salida,
			"| %d | %.0f | %.0f | %.1f | %.1f |\n",
			van,
			residente(s.orden.Process.Pid)/(1<<20),
			c.AConfirmado,
			c.CPU,
			c.Cotizar50,
		)
	}
	return nil
}

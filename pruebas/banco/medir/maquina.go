package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// ajenoMax is the part of the processors that other processes may use before the machine counts as busy; mirada is
// how long they are watched.
const (
	ajenoMax = 0.10
	mirada   = 3 * time.Second
)

// tictac is the time of all processors since the machine started, in ticks: at work, and in total.
type tictac struct{ trabajo, total float64 }

// leerProcesadores reads the first line of /proc/stat: user nice system idle iowait irq softirq steal. Time that a
// neighbour of the virtual machine takes away (steal) counts as work.
func leerProcesadores(texto string) (t tictac, err error) {
	linea, _, _ := strings.Cut(texto, "\n")
	campos := strings.Fields(linea)
	if len(campos) < 9 || campos[0] != "cpu" {
		return t, fmt.Errorf("/proc/stat begins with %q", linea)
	}
	for i, c := range campos[1:9] {
		n, err := strconv.ParseFloat(c, 64)
		if err != nil {
			return t, fmt.Errorf("/proc/stat: %w", err)
		}
		t.total += n
		if i != 3 && i != 4 { // idle, iowait
			t.trabajo += n
		}
	}
	return t, nil
}

// parte is the part of the processors at work between two readings, 0 to 1.
func parte(antes, despues tictac) float64 {
	if despues.total <= antes.total {
		return 0
	}
	return (despues.trabajo - antes.trabajo) / (despues.total - antes.total)
}

func procesadores() (tictac, error) {
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return tictac{}, err
	}
	return leerProcesadores(string(b))
}

// tranquila watches the processors for espera. Errors: errOcupada, with the part that other processes use.
func tranquila(espera time.Duration) error {
	antes, err := procesadores()
	if err != nil {
		return fmt.Errorf("%w, as far as is known: %w", errOcupada, err)
	}
	time.Sleep(espera)
	despues, err := procesadores()
	if err != nil {
		return err
	}
	return juzgar(parte(antes, despues))
}

// juzgar refuses a machine on which other processes use the part trabajo of the processors, 0 to 1. Errors:
// errOcupada.
func juzgar(trabajo float64) error {
	if trabajo > ajenoMax {
		return fmt.Errorf("%w: others use %.0f %% of its %d processors, %.0f %% are allowed",
			errOcupada, trabajo*100, runtime.NumCPU(), ajenoMax*100)
	}
	return nil
}

// residente is the resident memory of a process, in bytes; 0 where it is not known.
func residente(pid int) float64 {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	if err != nil {
		return 0
	}
	campos := strings.Fields(string(b))
	if len(campos) < 2 {
		return 0
	}
	paginas, err := strconv.ParseFloat(campos[1], 64)
	if err != nil {
		return 0
	}
	return paginas * float64(os.Getpagesize())
}

// cpuDe is the CPU time of a process, in seconds, out of /proc/PID/stat; 0 where it is not known. A tick is a
// hundredth of a second.
func cpuDe(pid int) float64 {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0
	}
	return leerCPU(string(b))
}

// leerCPU reads utime and stime, the 14th and 15th members; the second, a name between brackets, may have blanks.
func leerCPU(texto string) float64 {
	campos := strings.Fields(texto[strings.LastIndexByte(texto, ')')+1:])
	if len(campos) < 13 {
		return 0
	}
	u, errU := strconv.ParseFloat(campos[11], 64)
	s, errS := strconv.ParseFloat(campos[12], 64)
	if errU != nil || errS != nil {
		return 0
	}
	return (u + s) / 100
}

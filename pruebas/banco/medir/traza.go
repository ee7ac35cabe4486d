package main

import (
	"bufio"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// disco counts the syncs and the written bytes of a process in the files of its stores.
type disco struct {
	syncs   int
	bytes   int64 // written into write-ahead logs
	paginas int64 // bytes written into the files themselves, by checkpoints
}

var (
	entera    = regexp.MustCompile(`^(\d+) +(\w+)\(\d+<([^>]*)>.*\) += (-?\d+)`)
	comienzo  = regexp.MustCompile(`^(\d+) +(\w+)\(\d+<([^>]*)>.*<unfinished`)
	reanudada = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>.*\) += (-?\d+)`)
)

// leerTraza adds up the calls in a trace of strace (-f -y, pwrite64, fsync and fdatasync). It leaves out the
// gateway's ledger, below the folder dev.
func leerTraza(src io.Reader) (d disco, err error) {
	abiertas := map[string]string{} // thread and call -> file
	lineas := bufio.NewScanner(src)
	lineas.Buffer(nil, 1<<20)
	for lineas.Scan() {
		l := lineas.Text()
		if m := entera.FindStringSubmatch(l); m != nil {
			d.anotar(m[2], m[3], m[4])
		} else if m := comienzo.FindStringSubmatch(l); m != nil {
			abiertas[m[1]+m[2]] = m[3]
		} else if m := reanudada.FindStringSubmatch(l); m != nil {
			d.anotar(m[2], abiertas[m[1]+m[2]], m[3])
		}
	}
	return d, lineas.Err()
}

// anotar takes in a call that has ended.
func (d *disco) anotar(llamada, archivo, resultado string) {
	n, err := strconv.ParseInt(resultado, 10, 64)
	if err != nil || n < 0 || path.Base(path.Dir(archivo)) == "dev" {
		return
	}
	switch {
	case llamada != "pwrite64" && strings.Contains(path.Base(archivo), ".db"):
		d.syncs++
	case llamada == "pwrite64" && strings.HasSuffix(archivo, ".db-wal"):
		d.bytes += n
	case llamada == "pwrite64" && strings.HasSuffix(archivo, ".db"):
		d.paginas += n
	}
}

// menos returns the counts since antes.
func (d disco) menos(antes disco) disco {
	return disco{
		syncs:   d.syncs - antes.syncs,
		bytes:   d.bytes - antes.bytes,
		paginas: d.paginas - antes.paginas,
	}
}

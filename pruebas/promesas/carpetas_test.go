package promesas_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"despensa/internal/ajustes"
	"despensa/internal/programa"
	"despensa/pruebas/kit"
)

var writeFolder = flag.Bool("carpeta", false,
	"write the prepared folder of this version into pruebas/promesas/testdata/carpetas")

// preparedFolders holds one prepared folder per release: the release's data folder as text, with orders in every
// estado, left there by a program that was cut. Every later release opens each of them and goes on with the orders.
const preparedFolders = "pruebas/promesas/testdata/carpetas"

// howToWriteFolder is the command that writes the folder of a release, in the release's own tree, before its version
// is raised.
const howToWriteFolder = "go test ./pruebas/promesas -run TestPreparedFolderIsWritten -carpeta"

// preparedManifest describes a prepared folder.
type preparedManifest struct {
	Version  string          `json:"version"`
	Instante time.Time       `json:"instante"` // the program's clock at the cut
	Libres   kit.Stock       `json:"libres"`   // free units per product id before the first order
	Pedidos  []preparedOrder `json:"pedidos"`
}

// preparedOrder is one order at the cut.
type preparedOrder struct {
	Caso     string `json:"caso"` // the name of its preparedCase
	ID       string `json:"id"`
	Estado   string `json:"estado"`
	Historia string `json:"historia"` // its events' kinds, oldest first
}

// openOverFolder opens the program over a folder, with its clock at an instant. It keeps all data in files, also
// where tests have servers.
func openOverFolder(t *testing.T, dir string, at time.Time, dam *dam) *kit.Program {
	t.Helper()
	kit.Slow(t, "starts the whole program")
	c := &kit.Program{
		Client: kit.NewClient(t),
		Dir:    dir,
		Clock:  kit.NewClock(at),
		// one customer has every refused card
		Adjust: func(a *ajustes.Configuracion) { a.Pedidos.MaxRechazos.Cliente = 100 },
	}
	if dam != nil {
		c.Pruebas.Cut = dam.passes
	}
	c.Open()
	t.Cleanup(c.Close)
	return c
}

// TestPreparedFolderIsWritten makes this version's folder when the flag -carpeta asks for it.
func TestPreparedFolderIsWritten(t *testing.T) {
	if !*writeFolder {
		t.Skip("writes testdata; asked for by -carpeta")
	}
	d := newDam()
	c := openOverFolder(t, t.TempDir(), kit.Morning, d)
	t.Cleanup(d.cutAll) // before the program stops: held effects must end
	m := preparedManifest{Version: programa.Version, Libres: c.Stock()}
	ids := map[string]string{}
	cases := slices.DeleteFunc(preparedCases(), func(x preparedCase) bool { return x.former })
	for _, x := range cases {
		ids[x.name] = startCase(c, d, x)
	}
	for _, x := range cases {
		m.Pedidos = append(m.Pedidos, orderAtCut(c, x, ids[x.name]))
	}
	d.cutAll()
	m.Instante = c.Clock.Now()
	c.Close()
	writePreparedFolder(t, c, m)
}

// startCase makes the order of a case and waits until its work is held.
func startCase(program *kit.Program, dam *dam, preparedCase preparedCase) string {
	program.T.Helper()
	if preparedCase.held.Name == "" {
		return preparedCase.start(program)
	}
	dam.holdAt(preparedCase.held)
	id := preparedCase.start(program)
	dam.waitFor(program, preparedCase.held)
	return id
}

// orderAtCut reads an order while the program stands still, and fails unless the order stands where its case says.
func orderAtCut(program *kit.Program, preparedCase preparedCase, id string) preparedOrder {
	program.T.Helper()
	p := program.See("cliente1", id)
	if p.Estado != preparedCase.estado {
		program.T.Errorf("%s: the order is %s", preparedCase.name, p.Estado)
	}
	return preparedOrder{
		Caso:     preparedCase.name,
		ID:       id,
		Estado:   p.Estado,
		Historia: kit.Steps(program.History("cliente1", id)),
	}
}

// TestPreparedFolders opens every release's folder, with a batch under two dates as 0.3.0 took them in, goes on with
// each of its orders, sells and delivers one more to each customer, and reconciles.
func TestPreparedFolders(t *testing.T) {
	t.Parallel()
	dirs, err := filepath.Glob(preparedFolders + "/*")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no prepared folders (%v): %s", err, howToWriteFolder)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			m := readPreparedFolder(t, dir, data)
			batch := writeTwoDates(t, data, m.Instante)
			c := openOverFolder(t, data, m.Instante, nil)
			batch.goOn(c)
			goOnWithFolder(c, m)
			for _, login := range kit.Buyers {
				c.Deliver(login, c.Order(login, c.NewPurchase(login)).ID)
			}
			c.Reconcile(m.Libres)
			kit.Published(c)
			checkPayments(c)
			checkTrail(c)
		})
	}
}

// goOnWithFolder finds every order where the manifest says, or further on, and lets its case go on. The held orders
// come first: they move by themselves, and a truck that leaves would take them along.
func goOnWithFolder(program *kit.Program, preparedManifest preparedManifest) {
	program.T.Helper()
	cases := map[string]preparedCase{}
	for _, x := range preparedCases() {
		cases[x.name] = x
	}
	for _, held := range []bool{true, false} {
		for _, o := range preparedManifest.Pedidos {
			x, known := cases[o.Caso]
			if !known {
				program.T.Errorf("there is no case %q any more", o.Caso)
			} else if (x.held.Name != "") == held {
				checkHistory(program, o, !held)
				x.goOn(program, o.ID)
			}
		}
	}
}

// TestEveryReleaseHasItsFolder: from 0.3.0 on, each release with a kept API document has a prepared folder.
func TestEveryReleaseHasItsFolder(t *testing.T) {
	t.Parallel()
	for _, document := range documentosGuardados(t) {
		v := versionDe(document)
		if masVieja(v, "0.3.0") {
			continue
		}
		manifest := filepath.Join(preparedFolders, v, preparedManifestFile)
		var m preparedManifest
		if text, err := os.ReadFile(manifest); err != nil {
			t.Errorf(
				"release %s keeps no folder (%v): at its commit, %s",
				v,
				err,
				howToWriteFolder,
			)
		} else if err := json.Unmarshal(text, &m); err != nil || m.Version != v {
			t.Errorf("%s is of release %q (%v)", manifest, m.Version, err)
		}
	}
}

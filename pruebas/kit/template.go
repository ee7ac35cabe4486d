package kit

import (
	"os"
	"sync"
	"testing"
	"time"

	"despensa/internal/ajustes"
)

// template is a folder with the demo data, all of it published, made once.
func template(t testing.TB) string {
	t.Helper()
	templates.once.Do(func() {
		if templates.dir, templates.err = os.MkdirTemp("", "despensa-preparada-"); templates.err == nil {
			templates.err = seed(t, templates.dir)
		}
	})
	if templates.err != nil {
		t.Fatal(templates.err)
	}
	return templates.dir
}

// templates is the template of this test binary.
var templates struct {
	once    sync.Once
	dir     string
	servers Servers
	drop    func() error
	err     error
}

// seed lets a program seed dir and publish the events of the seeds.
func seed(t testing.TB, dir string) error {
	var err error
	if templates.servers, templates.drop, err = createServers(Servers{}); err != nil {
		return err
	}
	c := &Program{
		Client:  NewClient(t),
		Dir:     dir,
		Servers: templates.servers,
		Clock:   NewClock(Morning),
		Adjust: func(k *ajustes.Configuracion) {
			// each copy carries the trail on to a place of its own
			k.Auditoria.Intervalo, k.Auditoria.EsperaMax = time.Minute, time.Minute
		},
	}
	c.Open()
	defer c.Close()
	return c.As("admin").
		Do(t.Context(), "GET", "/productos/"+c.DryProducts()[0].ID+"/movimientos", nil, nil)
}

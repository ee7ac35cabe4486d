package datos

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"despensa/migrations"
	"despensa/modules/clientes"
	"despensa/platform/idempotency"
	"despensa/platform/sqldb"
	"despensa/platform/sqldb/sqldbtest"

	"gorm.io/gorm"
)

var lunes = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// banco is a store in a folder of its own, with a clock that goes on by a second at
// each look.
type banco struct {
	*Store
	carpeta  string
	postgres string
}

func nuevoBanco(t *testing.T) *banco {
	t.Helper()
	b := &banco{carpeta: t.TempDir(), postgres: sqldbtest.Database(t)}
	b.abrir(t, nuevaMaestra(t))
	return b
}

func (b *banco) abrir(t *testing.T, maestra *Maestra) {
	t.Helper()
	db, err := sqldb.Open(t.Context(), sqldb.Options{
		Name: "clientes", File: filepath.Join(b.carpeta, "clientes.db"), Postgres: b.postgres,
		Migrations: migrations.De("clientes"),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	var segundos atomic.Int64
	ahora := func() time.Time { return lunes.Add(time.Duration(segundos.Add(1)) * time.Second) }
	b.Store, err = New(
		t.Context(),
		Opciones{
			DB:              db,
			Maestra:         maestra,
			Ahora:           ahora,
			LlavesEnMemoria: 100,
			MaxDirecciones:  3,
		},
	)
	if err != nil {
		t.Fatal(err)
	}
}

func (b *banco) crear(t *testing.T, alta Alta) {
	t.Helper()
	if err := b.Crear(t.Context(), alta); err != nil {
		t.Fatal(err)
	}
}

// bytes are those of the database file and its log, or all that the server would tell.
func (b *banco) bytes(t *testing.T) []byte {
	t.Helper()
	if b.postgres != "" {
		return b.filas(t)
	}
	archivos, err := filepath.Glob(filepath.Join(b.carpeta, "*"))
	if err != nil || len(archivos) == 0 {
		t.Fatal(archivos, err)
	}
	var todo []byte
	for _, a := range archivos {
		b, err := os.ReadFile(a)
		if err != nil {
			t.Fatal(err)
		}
		todo = append(todo, b...)
	}
	return todo
}

// filas are all rows of all tables as the server writes them, with readable bytes readable.
func (b *banco) filas(t *testing.T) (todo []byte) {
	t.Helper()
	err := b.DB.Write(t.Context(), "prueba", func(tx *gorm.DB) error {
		if err := tx.Exec("set local bytea_output = 'escape'").Error; err != nil {
			return err
		}
		for _, tabla := range []string{"clientes", "llaves", "direcciones"} {
			var filas []string
			if err := tx.Raw("select t::text from " + tabla + " t").Scan(&filas).Error; err != nil {
				return err
			}
			todo = append(todo, tabla+strings.Join(filas, "\n")...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return todo
}

// sql runs a statement behind the store's back.
func (b *banco) sql(t *testing.T, sentencia string, args ...any) error {
	t.Helper()
	return b.DB.Write(
		t.Context(),
		"prueba",
		func(tx *gorm.DB) error { return tx.Exec(sentencia, args...).Error },
	)
}

func de(clave, huella string) idempotency.Key {
	return idempotency.Key{ID: clave, Fingerprint: huella, Given: true}
}

var (
	ana = Alta{
		ID:     "ana",
		Sub:    "auth|ana-sujeto",
		Nombre: "Ana Nomenclada",
		Correo: "Ana@Correo.example",
	}
	casa = AltaDireccion{
		Llave: de("casa", "huella-de-la-casa"), Cliente: "ana",
		Nombre: "Casa amarilla", Calle: "Calle Falsa 123", Notas: "Timbre roto", Lat: -34.5, Lon: -58.25,
	}
)

func TestNothingPersonalInTheFile(t *testing.T) {
	b := nuevoBanco(t)
	b.crear(t, ana)
	tel, doc := "+54 11 5555-0000", "20-30405060-7"
	if _, err := b.CambiarPerfil(t.Context(), "ana", CambioPerfil{Telefono: &tel, Documento: &doc}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.CrearDireccion(t.Context(), casa); err != nil {
		t.Fatal(err)
	}
	sellado, err := b.sellar(t, "ana", "pedido.1", []byte("bloque sellado"))
	if err != nil || bytes.Contains(sellado, []byte("bloque")) {
		t.Fatalf("%q %v", sellado, err)
	}
	todo := bytes.ToLower(b.bytes(t))
	if !bytes.Contains(todo, []byte("direcciones")) {
		t.Fatal("this is not the database")
	}
	punto := sinSellar(-34.5, -58.25)
	for _, claro := range []string{
		ana.Sub, ana.Nombre, "nomenclada", ana.Correo, tel, doc,
		casa.Nombre, casa.Calle, "falsa", casa.Notas, "34.5", "58.25", punto, casa.Llave.Fingerprint,
	} {
		if bytes.Contains(todo, bytes.ToLower([]byte(claro))) {
			t.Errorf("%q stands in the file", claro)
		}
	}
	p, err := b.Perfil(t.Context(), "ana")
	if err != nil || p.Nombre != ana.Nombre || p.Correo != ana.Correo || p.Telefono != tel ||
		p.Documento != doc ||
		p.Version != 2 {
		t.Errorf("%+v %v", p, err)
	}
	d, err := b.Direccion(t.Context(), "ana", "casa")
	if err != nil || d.Calle != casa.Calle || d.Notas != casa.Notas ||
		d.Nombre != casa.Nombre ||
		d.Lat != casa.Lat ||
		d.Lon != casa.Lon {
		t.Errorf("%+v %v", d, err)
	}
}

// sinSellar is a place as it would stand in the file if it were not sealed.
func sinSellar(lat, lon float64) string {
	s := &sello{llave: espejo{}}
	return string(s.cerrarPunto("punto", lat, lon))
}

// espejo seals nothing.
type espejo struct{}

func (espejo) Encrypt(claro, _ []byte) ([]byte, error) { return claro, nil }
func (espejo) Decrypt(c, _ []byte) ([]byte, error)     { return c, nil }

func TestMovedCiphertextDoesNotOpen(t *testing.T) {
	tests := map[string]string{
		"name from another row": "update clientes set nombre = (select nombre from clientes where id = 'beto') " +
			"where id = 'ana'",
		"name into the e-mail": "update clientes set correo = nombre where id = 'ana'",
		"key of another customer": "update llaves set envoltura = (select envoltura from llaves where cliente = 'beto') " +
			"where cliente = 'ana'",
		"one byte of the name": "update clientes set nombre = cast(substr(nombre, 1, 10) || (case substr(nombre, 11, 1) " +
			"when x'00' then x'01' else x'00' end) || substr(nombre, 12) as blob) where id = 'ana'",
		"subject into the nombre":  "update clientes set nombre = sujeto where id = 'ana'",
		"telephone from the name":  "update clientes set telefono = nombre where id = 'ana'",
		"document from the e-mail": "update clientes set documento = correo where id = 'ana'",
	}
	for nombre, sentencia := range tests {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t)
			b.crear(t, ana)
			b.crear(
				t,
				Alta{ID: "beto", Sub: "auth|beto", Nombre: "Beto", Correo: "beto@example.com"},
			)
			if b.postgres != "" && nombre == "one byte of the name" {
				sentencia = "update clientes set nombre = set_byte(nombre, 10, (get_byte(nombre, 10) + 1) % 256) where id = 'ana'"
			}
			if err := b.sql(t, sentencia); err != nil {
				t.Fatal(err)
			}
			p, err := b.Perfil(t.Context(), "ana")
			if err == nil || p != (Perfil{}) {
				t.Errorf("%+v %v", p, err)
			}
		})
	}
}

func TestPlaintextIsRefusedByTheTable(t *testing.T) {
	b := nuevoBanco(t)
	b.crear(t, ana)
	if _, _, err := b.CrearDireccion(t.Context(), casa); err != nil {
		t.Fatal(err)
	}
	columnas := map[string][]string{
		"clientes":    {"sujeto", "nombre", "correo", "telefono", "documento"},
		"direcciones": {"nombre", "calle", "notas", "punto"},
	}
	for tabla, cs := range columnas {
		for _, c := range cs {
			if err := b.sql(t, fmt.Sprintf("update %s set %s = ?", tabla, c), "texto claro"); err == nil {
				t.Errorf("%s.%s takes plaintext", tabla, c)
			}
		}
	}
}

func TestAnotherMasterKeyDoesNotStart(t *testing.T) {
	kek, indice := nuevaMaestra(t), nuevaMaestra(t)
	tests := map[string]*Maestra{
		"other":       nuevaMaestra(t),
		"other kek":   {kek: indice.kek, indice: kek.indice},
		"other index": {kek: kek.kek, indice: indice.indice},
	}
	for nombre, m := range tests {
		t.Run(nombre, func(t *testing.T) {
			b := &banco{carpeta: t.TempDir()}
			b.abrir(t, kek)
			b.crear(t, ana)
			o := b.Opciones
			o.Maestra = m
			if _, err := New(t.Context(), o); !errors.Is(err, ErrClaves) {
				t.Errorf("got %v, want ErrClaves", err)
			}
		})
		t.Run(nombre+", before any customer", func(t *testing.T) {
			b := &banco{carpeta: t.TempDir()}
			b.abrir(t, kek)
			o := b.Opciones
			o.Maestra = m
			if _, err := New(t.Context(), o); !errors.Is(err, ErrClaves) {
				t.Errorf("got %v, want ErrClaves", err)
			}
		})
	}
}

// Of processes that begin together on empty data, each with a key of its own, one stays;
// the others with its key too.
func TestOneMasterKeyWinsTheRace(t *testing.T) {
	b := nuevoBanco(t)
	err := b.DB.Write(
		t.Context(),
		"x",
		func(tx *gorm.DB) error { return tx.Exec("delete from maestra").Error },
	)
	if err != nil {
		t.Fatal(err)
	}
	llaves := []*Maestra{nuevaMaestra(t), nuevaMaestra(t), nuevaMaestra(t), nuevaMaestra(t)}
	errs := make([]error, 3*len(llaves))
	var wg sync.WaitGroup
	for i := range errs {
		o := b.Opciones
		o.Maestra = llaves[i%len(llaves)]
		wg.Go(func() { _, errs[i] = New(t.Context(), o) })
	}
	wg.Wait()
	bien := map[int]int{}
	for i, err := range errs {
		switch {
		case err == nil:
			bien[i%len(llaves)]++
		case !errors.Is(err, ErrClaves):
			t.Error(err)
		}
	}
	if len(bien) != 1 {
		t.Errorf("%d keys are in use", len(bien))
	}
	for i, n := range bien {
		if n != 3 {
			t.Errorf("key %d: %d of 3 processes began", i, n)
		}
	}
}

func TestErased(t *testing.T) {
	b := nuevoBanco(t)
	b.crear(t, ana)
	if _, _, err := b.CrearDireccion(t.Context(), casa); err != nil {
		t.Fatal(err)
	}
	sellado, err := b.sellar(t, "ana", "pedido.1", []byte("bloque"))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.sql(t, "delete from llaves where cliente = 'ana'"); err != nil {
		t.Fatal(err)
	}
	b.crear(t, ana) // a late first sight does not bring the erased customer back
	_, errPerfil := b.Perfil(t.Context(), "ana")
	_, errCambio := b.CambiarPerfil(t.Context(), "ana", CambioPerfil{})
	_, errDireccion := b.Direccion(t.Context(), "ana", "casa")
	_, errLista := b.Direcciones(t.Context(), "ana", nil, 5)
	_, _, errAlta := b.CrearDireccion(t.Context(), casa)
	_, errSellar := b.sellar(t, "ana", "pedido.1", nil)
	_, errAbrir := b.Abrir(t.Context(), "ana", "pedido.1", sellado)
	_, errDestino := b.Destinatario(
		t.Context(),
		clientes.SolicitudDeDestinatario{Cliente: "ana", Direccion: "casa"},
	)
	for i, err := range []error{errPerfil, errCambio, errDireccion, errLista, errAlta, errSellar, errAbrir, errDestino} {
		if !errors.Is(err, clientes.ErrSinClave) {
			t.Errorf("%d: %v, want ErrSinClave", i, err)
		}
	}
	if _, ok := b.llavero.porDuen["ana"]; ok {
		t.Error("the key is still in memory")
	}
}

// sellar seals as Destinatario.Sellar does, for a customer with or without an address.
func (b *banco) sellar(t *testing.T, cliente, para string, claro []byte) ([]byte, error) {
	t.Helper()
	k, err := b.llaveDe(t.Context(), cliente)
	if err != nil {
		return nil, err
	}
	return Destinatario{ID: cliente, llave: k}.Sellar(para, claro)
}

func TestSellarBindsToCustomerAndPurpose(t *testing.T) {
	b := nuevoBanco(t)
	b.crear(t, ana)
	b.crear(t, Alta{ID: "beto", Sub: "b"})
	c, err := b.sellar(t, "ana", "pedido.1", []byte("bloque"))
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		cliente, para string
		abre          bool
		es            error
	}{
		"as it was":        {cliente: "ana", para: "pedido.1", abre: true},
		"other purpose":    {cliente: "ana", para: "pedido.2"},
		"other customer":   {cliente: "beto", para: "pedido.1"},
		"unknown customer": {cliente: "nadie", para: "pedido.1", es: clientes.ErrNoExiste},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			claro, err := b.Abrir(t.Context(), tt.cliente, tt.para, c)
			if (err == nil) != tt.abre || tt.es != nil && !errors.Is(err, tt.es) {
				t.Errorf("%q %v", claro, err)
			}
		})
	}
	if _, err := b.sellar(t, "nadie", "x", nil); !errors.Is(err, clientes.ErrNoExiste) {
		t.Errorf("%v", err)
	}
}

func TestCambiarPerfilByVersion(t *testing.T) {
	b := nuevoBanco(t)
	b.crear(t, ana)
	uno, nada, nuevo := []int64{3, 1}, "", "Ana Nueva"
	p, err := b.CambiarPerfil(
		t.Context(),
		"ana",
		CambioPerfil{Nombre: &nuevo, Correo: &nada, Versiones: uno},
	)
	if err != nil || p.Version != 2 || p.Nombre != nuevo || p.Correo != "" {
		t.Fatalf("%+v %v", p, err)
	}
	if _, err := b.CambiarPerfil(t.Context(), "ana", CambioPerfil{Versiones: uno}); !errors.Is(
		err,
		ErrVersion,
	) {
		t.Errorf("stale: %v", err)
	}
	if q, err := b.Perfil(t.Context(), "ana"); err != nil || q != p {
		t.Errorf("stored %+v, answered %+v, %v", q, p, err)
	}
	var f filaCliente
	if err := b.DB.Read(t.Context()).Omit("Envoltura").Take(&f).Error; err != nil ||
		f.Correo != nil ||
		f.CorreoIndice != nil {
		t.Errorf("a cleared e-mail leaves %x, %v, %v", f.Correo, f.CorreoIndice, err)
	}
	if _, err := b.CambiarPerfil(t.Context(), "nadie", CambioPerfil{}); !errors.Is(
		err,
		clientes.ErrNoExiste,
	) {
		t.Errorf("unknown: %v", err)
	}
}

func TestCambiarPerfilLosesNothing(t *testing.T) {
	b := nuevoBanco(t)
	b.crear(t, ana)
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			valor := fmt.Sprint("x", i)
			c := CambioPerfil{Nombre: &valor}
			if i%2 == 0 {
				c = CambioPerfil{Telefono: &valor}
			}
			if _, err := b.CambiarPerfil(t.Context(), "ana", c); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	p, err := b.Perfil(t.Context(), "ana")
	if err != nil || p.Version != 33 || p.Nombre == ana.Nombre || p.Telefono == "" ||
		p.Correo != ana.Correo {
		t.Errorf("%+v %v", p, err)
	}
}

func TestSembrarOnceIntoAnEmptyStore(t *testing.T) {
	b := nuevoBanco(t)
	s := []Semilla{
		{Alta: ana, Direccion: Direccion{ID: "d1", Calle: "Una", Lat: 1, Lon: 2}},
		{
			Alta:      Alta{ID: "beto", Sub: "b", Nombre: "Beto"},
			Direccion: Direccion{ID: "d2", Calle: "Otra", Lat: 3, Lon: 4},
		},
	}
	for range 2 {
		if err := b.Sembrar(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	d, err := b.Direccion(t.Context(), "beto", "d2")
	if err != nil || d.Calle != "Otra" || d.Lat != 3 || d.Lon != 4 {
		t.Errorf("%+v %v", d, err)
	}
	otro := nuevoBanco(t)
	otro.crear(t, Alta{ID: "alguien", Sub: "a"})
	if err := otro.Sembrar(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if _, err := otro.Perfil(t.Context(), "ana"); !errors.Is(err, clientes.ErrNoExiste) {
		t.Errorf("put into a store in use: %v", err)
	}
}

// TestDestinatario: a customer and one of their addresses are read together, and a text that is sealed for them opens
// again.
func TestDestinatario(t *testing.T) {
	b := nuevoBanco(t)
	b.crear(t, ana)
	b.crear(t, Alta{ID: "beto", Sub: "b"})
	for _, id := range []string{"casa", "vieja"} {
		n := casa
		n.Llave.ID = id
		if _, _, err := b.CrearDireccion(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.BorrarDireccion(t.Context(), "ana", "vieja", nil); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		cliente, direccion string
		es                 error
	}{
		"their own":         {cliente: "ana", direccion: "casa"},
		"deleted":           {cliente: "ana", direccion: "vieja", es: ErrDireccionNoExiste},
		"unknown":           {cliente: "ana", direccion: "nada", es: ErrDireccionNoExiste},
		"none":              {cliente: "ana", es: ErrDireccionNoExiste},
		"somebody else's":   {cliente: "beto", direccion: "casa", es: ErrDireccionNoExiste},
		"of an unknown one": {cliente: "nadie", direccion: "casa", es: clientes.ErrNoExiste},
	}
	for nombre, tt := range tests {
		x, err := b.Destinatario(
			t.Context(),
			clientes.SolicitudDeDestinatario{Cliente: tt.cliente, Direccion: tt.direccion},
		)
		if !errors.Is(err, tt.es) {
			t.Errorf("%s: %v, want %v", nombre, err, tt.es)
		}
		punto, err := b.Destinatario(
			t.Context(),
			clientes.SolicitudDeDestinatario{
				Cliente:   tt.cliente,
				Direccion: tt.direccion,
				SoloPunto: true,
			},
		)
		punto.llave = nil
		solo := Destinatario{}
		if tt.es == nil {
			solo = Destinatario{
				ID:        "ana",
				Direccion: Direccion{ID: "casa", Lat: casa.Lat, Lon: casa.Lon},
			}
		}
		if !errors.Is(err, tt.es) || punto != solo {
			t.Errorf("%s, the point alone: %+v %v", nombre, punto, err)
		}
		if tt.es != nil {
			if x != (Destinatario{}) {
				t.Errorf("%s: gives %+v", nombre, x)
			}
			continue
		}
		l := x.Direccion
		if x.ID != "ana" || x.Nombre != ana.Nombre || x.Correo != ana.Correo ||
			l.ID != "casa" || l.Calle != casa.Calle || l.Notas != casa.Notas || l.Lat != casa.Lat || l.Lon != casa.Lon {
			t.Errorf("%s: %+v", nombre, x)
		}
		c, err := x.Sellar("pedido.1", []byte("bloque"))
		if err != nil {
			t.Fatal(err)
		}
		if claro, err := b.Abrir(t.Context(), "ana", "pedido.1", c); err != nil ||
			string(claro) != "bloque" {
			t.Errorf("%s: opened as %q, %v", nombre, claro, err)
		}
	}
}

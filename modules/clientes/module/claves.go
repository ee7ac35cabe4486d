package module

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"despensa/modules/clientes/internal/datos"
	"despensa/platform/config"
)

// maestra opens the configured master key, or the one that development keeps beside
// its stores, made at the first start.
func (o Opciones) maestra() (*datos.Maestra, error) {
	if o.Config.Claves != "" {
		return datos.OpenMaestra(o.Config.Claves.Value())
	}
	if o.Produccion {
		return nil, fmt.Errorf("%w: clientes.claves: missing", config.ErrConfig)
	}
	archivo := filepath.Join(o.Folder, "dev", "claves.json")
	b, err := os.ReadFile(archivo)
	if errors.Is(err, fs.ErrNotExist) {
		b, err = crearClaves(archivo)
	}
	if err != nil {
		return nil, fmt.Errorf("clientes: development keys: %w", err)
	}
	var g guardadas
	if err := json.Unmarshal(b, &g); err != nil {
		return nil, fmt.Errorf("%s: %w", archivo, datos.ErrMaterial)
	}
	m, err := datos.OpenMaestra(g.Claves)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", archivo, err)
	}
	return m, nil
}

// guardadas is the content of claves.json: the master key, as the setting clientes.claves would have it.
type guardadas struct {
	Claves string `json:"claves"`
}

// crearClaves writes a new master key for its owner only, whole or not at all.
func crearClaves(archivo string) ([]byte, error) {
	texto, err := datos.NewMaterial()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(archivo), 0o700); err != nil {
		return nil, err
	}
	b, err := json.Marshal(guardadas{Claves: texto})
	if err != nil {
		return nil, err
	}
	return b, escribirEntero(archivo, b)
}

// escribirEntero makes a file of mode 0600 that is durable before it has its name.
func escribirEntero(archivo string, b []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(archivo), ".claves-*") // 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), archivo); err != nil {
		return err
	}
	return sincronizar(filepath.Dir(archivo), filepath.Dir(filepath.Dir(archivo)))
}

// sincronizar makes the names in carpetas durable.
func sincronizar(carpetas ...string) error {
	var errs []error
	for _, c := range carpetas {
		d, err := os.Open(c)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		errs = append(errs, d.Sync(), d.Close())
	}
	return errors.Join(errs...)
}

// Package ajustes has every setting of the program: the section of each wiring, the order in which defaults, file and
// environment are read, and the values that production refuses.
package ajustes

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"despensa/configs"
	clientes "despensa/modules/clientes/module"
	pagos "despensa/modules/pagos/module"
	pedidos "despensa/modules/pedidos/module"
	rutas "despensa/modules/rutas/module"
	"despensa/platform/config"
	"despensa/platform/httpapi"
	"despensa/platform/joblease"
	"despensa/platform/oidc"
	"despensa/platform/oidc/sesion"
	"despensa/platform/telemetry"
)

// Configuracion is every setting; each section belongs to the wiring that reads it.
type Configuracion struct {
	Env         string                   `yaml:"env"`
	Datos       string                   `yaml:"datos"`
	Registro    telemetry.Config         `yaml:"registro"`
	HTTP        httpapi.Config           `yaml:"http"`
	OIDC        oidc.Config              `yaml:"oidc"`
	Sesion      sesion.Config            `yaml:"sesion"`
	Trabajos    joblease.Config          `yaml:"trabajos"`
	MercadoPago pagos.ConfigMercadoPago  `yaml:"mercadopago"`
	Pedidos     pedidos.Config           `yaml:"pedidos"`
	Clientes    clientes.Config          `yaml:"clientes"`
	Auditoria   clientes.ConfigAuditoria `yaml:"auditoria"`
	Rutas       rutas.Config             `yaml:"rutas"`
	Pagos       pagos.Config             `yaml:"pagos"`
}

// Produccion reports whether env is produccion, where the program fills in no missing value.
func (c Configuracion) Produccion() bool { return c.Env == "produccion" }

// Leer takes the defaults, the file that DESPENSA_CONFIG names, and the
// environment, in this order. Errors: config.ErrConfig, naming every wrong key.
func Leer(entorno []string) (configuracion Configuracion, err error) {
	capas := [][]byte{configs.Defecto()}
	if f := os.Getenv("DESPENSA_CONFIG"); f != "" {
		b, err := os.ReadFile(f)
		if err != nil {
			return configuracion, fmt.Errorf(
				"%w: DESPENSA_CONFIG: the file cannot be read",
				config.ErrConfig,
			)
		}
		capas = append(capas, b)
	}
	if err := config.Load(&configuracion, capas, entorno); err != nil {
		return configuracion, err
	}
	return configuracion, configuracion.Validar()
}

// Validar checks every section by itself, the sections against each other and, in production, the missing values.
// Errors: config.ErrConfig, naming every wrong key.
func (c Configuracion) Validar() error {
	errs := []error{
		c.Registro.Validate(),
		c.HTTP.Validate(),
		c.OIDC.Validate(),
		c.Sesion.Validate(),
		c.Trabajos.Validate(),
		c.Pedidos.Validar(),
		c.Clientes.Validar(),
		c.Auditoria.Validar(),
		c.Pagos.Validar(),
		c.Rutas.Validar(),
		c.MercadoPago.ValidarDirecciones(),
	}
	errs = append(errs, c.contradicciones()...)
	if c.Env != "desarrollo" && c.Env != "produccion" {
		errs = append(errs, errors.New("env: desarrollo or produccion expected"))
	}
	if c.Produccion() {
		errs = append(errs, c.faltantes(errors.Join(errs...))...)
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("%w: %w", config.ErrConfig, err)
	}
	return nil
}

// EnDatos reports whether the program keeps anything in the data folder: an embedded store or stand-in, or a key that
// development makes for itself. Otherwise it needs no folder.
func (c Configuracion) EnDatos() bool {
	return c.Pedidos.MongoDB == "" || c.Clientes.Postgres == "" || c.Pagos.Postgres == "" || c.Rutas.Postgres == "" ||
		c.Auditoria.Elasticsearch == "" || c.OIDC.Emisor == "" || c.MercadoPago.URL == "" ||
		c.Clientes.Claves == ""
}

// DeDev reports whether the identity provider is a stand-in, in this process or in `despensa dev`, which has the
// logins of the demo data.
func (c Configuracion) DeDev() bool {
	return !c.Produccion() &&
		(c.OIDC.Emisor == "" || strings.HasSuffix(c.OIDC.Emisor, RutaOIDC))
}

package datos

// filaCliente is a row of clientes with its customer's wrapped key beside it.
type filaCliente struct {
	ID              string `gorm:"primaryKey"`
	Sujeto          []byte
	Nombre          []byte
	Correo          []byte
	CorreoIndice    *string
	Telefono        []byte
	Documento       []byte
	DocumentoIndice *string
	// CorreoUnico, DocumentoUnico and CorreoConfirmado are blind indexes as of release 0.4.0, computed for the Version
	// that Indizada names; correo_indice and documento_indice are those of the releases before it.
	CorreoUnico      *string
	DocumentoUnico   *string
	CorreoConfirmado *string
	Indizada         *int64
	Version          int64
	Creado           int64
	Envoltura        []byte `gorm:"->"` // of llaves; NULL once the customer is erased
}

// TableName is for gorm.
func (filaCliente) TableName() string { return "clientes" }

// filaLlave is a row of llaves.
type filaLlave struct {
	Cliente   string `gorm:"primaryKey"`
	Envoltura []byte
	Creado    int64
}

// TableName is for gorm.
func (filaLlave) TableName() string { return "llaves" }

// filaDireccion is a row of direcciones with its customer's wrapped key beside it.
type filaDireccion struct {
	ID        string `gorm:"primaryKey"`
	Cliente   string
	Huella    string
	Nombre    []byte
	Calle     []byte
	Notas     []byte
	Punto     []byte
	Version   int64
	Creado    int64
	Borrada   *int64
	Envoltura []byte `gorm:"->"`
}

// TableName is for gorm.
func (filaDireccion) TableName() string { return "direcciones" }

// columnas of the tables that are read with a wrapped key beside them, by name: a later
// release may have more.
var columnas = map[string]string{
	"clientes": "clientes.id, clientes.sujeto, clientes.nombre, clientes.correo, clientes.correo_indice, " +
		"clientes.telefono, clientes.documento, clientes.documento_indice, clientes.correo_unico, " +
		"clientes.documento_unico, clientes.correo_confirmado, clientes.indizada, clientes.version, clientes.creado",
	"direcciones": "direcciones.id, direcciones.cliente, direcciones.huella, direcciones.nombre, " +
		"direcciones.calle, direcciones.notas, direcciones.punto, direcciones.version, direcciones.creado, " +
		"direcciones.borrada",
}

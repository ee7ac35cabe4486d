package rest

import (
	"despensa/modules/pedidos/internal/pedido"

	"github.com/danielgtaylor/huma/v2"
)

// Metadatos are texts that an integrator keeps with an order, by names that the integrator chooses.
type Metadatos map[string]string

// nombreDeMetadato is the pattern of the names of metadata.
const nombreDeMetadato = "^[A-Za-z0-9_-]{1,40}$"

// Schema implements huma.SchemaProvider. It writes the bounds of metadata into the document, where huma checks
// them.
func (Metadatos) Schema(huma.Registry) *huma.Schema {
	miembros, largo := pedido.MaxMetadatos, pedido.MaxMetadato
	s := &huma.Schema{
		Type: huma.TypeObject,
		Description: "Texts of the integrator's own, by name: at most 20 of up to 200 characters, names of 1 to 40 " +
			"letters, digits, _ and -, all of it at most 4096 bytes in UTF-8. Never personal data: what looks like an e-mail " +
			"address, a telephone or card number is refused (dato-personal).",
		MaxProperties:        &miembros,
		AdditionalProperties: &huma.Schema{Type: huma.TypeString, MaxLength: &largo},
		Extensions: map[string]any{
			"propertyNames": map[string]any{"pattern": nombreDeMetadato},
		},
	}
	s.AdditionalProperties.(*huma.Schema).PrecomputeMessages() // huma prepares the messages of the outer schema alone
	return s
}

// propio is the part of a new order that belongs to the integrator: the reference and the metadata.
func (n NuevoPedido) propio() pedido.Propio {
	p := pedido.Propio{Referencia: n.Referencia}
	if len(n.Metadatos) > 0 {
		p.Metadatos = n.Metadatos
	}
	return p
}

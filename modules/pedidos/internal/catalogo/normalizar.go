package catalogo

// Normalizar makes a map without members nil, so that every store gives equal documents.
func (p *Producto) Normalizar() {
	if len(p.Resto) == 0 {
		p.Resto = nil
	}
}

package pedido

// Normalizar makes lists without members nil, so that every store gives equal
// documents, in whichever form the store keeps empty lists.
func (p *Pedido) Normalizar() {
	vaciar(&p.Lineas)
	vaciar(&p.Intentos)
	vaciar(&p.Reembolsos)
	vaciar(&p.Acciones)
	vaciar(&p.Esperado)
	vaciar(&p.Eventos)
	vaciar(&p.Devoluciones)
	vaciar(&p.Marcas)
	vaciar(&p.Retornos)
	for i := range p.Devoluciones {
		vaciar(&p.Devoluciones[i].Lineas)
	}
	vaciar(&p.Destino.Sellado)
	for i := range p.Intentos {
		in := &p.Intentos[i]
		vaciar(&in.Lineas)
		vaciar(&in.Vueltas)
		vaciar(&in.Visitas)
	}
	if p.Pedida != nil {
		vaciar(&p.Pedida.Lineas)
		if p.Pedida.Destino != nil {
			vaciar(&p.Pedida.Destino.Sellado)
		}
	}
	if len(p.Metadatos) == 0 {
		p.Metadatos = nil
	}
	if len(p.Resto) == 0 {
		p.Resto = nil
	}
}

// vaciar makes an empty list nil.
func vaciar[T any](l *[]T) {
	if len(*l) == 0 {
		*l = nil
	}
}

package existencias

// Normalizar makes lists without members nil, so that every store gives equal documents.
func (e *Existencia) Normalizar() {
	vaciar(&e.Lotes)
	vaciar(&e.Reservas)
	vaciar(&e.Movimientos)
	for i := range e.Reservas {
		vaciar(&e.Reservas[i].Tomas)
	}
	for i := range e.Movimientos {
		e.Movimientos[i].Normalizar()
	}
	if len(e.Resto) == 0 {
		e.Resto = nil
	}
}

// Normalizar makes a list without members nil.
func (m *Movimiento) Normalizar() { vaciar(&m.Tomas) }

// vaciar makes an empty list nil.
func vaciar[T any](l *[]T) {
	if len(*l) == 0 {
		*l = nil
	}
}

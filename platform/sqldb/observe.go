package sqldb

import (
	"context"
	"sync/atomic"
)

// Sentencia is one statement that an engine ran, as Opciones.Observar receives it.
type Sentencia struct {
	// Esquema is Opciones.Nombre.
	Esquema string
	// Efecto is the name of the Escribir that the statement belongs to; empty for a read of Leer and for a migration.
	// A transaction that several writes share begins and ends in the name of the first.
	Efecto string
	// SQL is the text with placeholders; it never holds the values of the parameters.
	SQL string
	// Ida says that the statement took a round trip to the PostgreSQL server. False for a file.
	Ida bool
	// Preparar says that this was the preparation of SQL at the server, a round trip of its own, and no run of SQL.
	Preparar bool
}

// statements counts the statements of a schema and calls the observer (Opciones.Observar) with each. Safe for
// concurrent use.
type statements struct {
	esquema string
	tell    func(Sentencia) // nil in production
	n       atomic.Uint64
}

// ran counts st, unless it is a preparation, and passes it to the observer.
func (s *statements) ran(st Sentencia) {
	if !st.Preparar {
		s.n.Add(1)
	}
	if s.tell == nil {
		return
	}
	st.Esquema = s.esquema
	s.tell(st)
}

// effectKey is the context key for the name of the Escribir that is running.
type effectKey struct{}

// withEffect names the Escribir that runs within ctx.
func withEffect(ctx context.Context, nombre string) context.Context {
	return context.WithValue(ctx, effectKey{}, nombre)
}

// effectOf gives the name of the Escribir that ctx belongs to; empty outside of one.
func effectOf(ctx context.Context) string {
	nombre, _ := ctx.Value(effectKey{}).(string)
	return nombre
}

package httpapi

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"despensa/platform/fault"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

// Rastro is told whom this layer turns away.
type Rastro interface {
	// SinToken is told of each call from direccion that needed a good token and came
	// without one. It must not wait for anything.
	SinToken(direccion string)
	// Negado is told of a caller, whom ctx knows, to whom an operation was refused: their
	// role may not call it, or what they named is not there or not theirs. The answer
	// waits for it.
	Negado(ctx context.Context, r Rechazo)
}

// Rechazo is what a caller did not get.
type Rechazo struct {
	Operacion string // its id in the document
	Clase     string // the first tag of the operation
	ID        string // the last part of the path that is a parameter, decoded
}

// anotaSola marks an operation that records its refusals itself.
const anotaSola = "anota_sola"

// AnotaSola says that op records itself whom it refuses what is not there or not theirs.
func AnotaSola(op huma.Operation) huma.Operation {
	m := map[string]any{anotaSola: true}
	for k, v := range op.Metadata {
		m[k] = v
	}
	op.Metadata = m
	return op
}

// sinCredencial says that a call was refused for its token, or without a look at it.
func sinCredencial(err error) bool {
	e, ok := fault.As(err)
	return err != nil && ok && (e.Kind == fault.Unauthenticated || errors.Is(err, ErrDemasiadas))
}

func (s *Servidor) sinToken(direccion string) {
	if s.o.Rastro != nil {
		s.o.Rastro.SinToken(direccion)
	}
}

// rechazado tells the trail of a call that did not get past the table of who may call what.
func rechazado(hc huma.Context, err error) {
	q := pedidoDe(hc.Context())
	if q.servidor == nil || q.servidor.o.Rastro == nil {
		return
	}
	if sinCredencial(err) {
		q.servidor.sinToken(q.direccion)
		return
	}
	q.servidor.o.Rastro.Negado(hc.Context(), rechazoDe(hc))
}

// ajena tells the trail of a caller who named what is not there or not theirs: an answer
// 404 of an operation that not everybody may call.
func ajena() medio {
	return func(hc huma.Context, sigue func(huma.Context)) {
		sigue(hc)
		q := pedidoDe(hc.Context())
		if _, conocido := oidc.De(hc.Context()); hc.Status() != http.StatusNotFound || !conocido || q.servidor == nil || q.servidor.o.Rastro == nil {
			return
		}
		q.servidor.o.Rastro.Negado(hc.Context(), rechazoDe(hc))
	}
}

func rechazoDe(hc huma.Context) Rechazo {
	op := hc.Operation()
	r := Rechazo{Operacion: op.OperationID}
	if len(op.Tags) > 0 {
		r.Clase = op.Tags[0]
	}
	for parte := range strings.SplitSeq(op.Path, "/") {
		if nombre, ok := strings.CutPrefix(parte, "{"); ok {
			r.ID = hc.Param(strings.TrimSuffix(nombre, "}"))
		}
	}
	return r
}

package httpapi

import (
	"context"
	"maps"
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
func AnotaSola(op huma.Operation) huma.Operation { return marked(op, anotaSola) }

// marked returns op with one more mark in its metadata.
func marked(op huma.Operation, mark string) huma.Operation {
	m := map[string]any{mark: true}
	maps.Copy(m, op.Metadata)
	op.Metadata = m
	return op
}

// isNotice marks an operation that other machines call.
const isNotice = "aviso"

// Notice says that other machines call op to tell what has happened (webhooks): its calls have a measure of their own,
// http.limite_avisos, which no other call uses up.
func Notice(op huma.Operation) huma.Operation { return marked(op, isNotice) }

// readNotices finds the routes of the operations that Notice has marked, as echo writes them.
func (s *Servidor) readNotices() map[string]bool {
	out := map[string]bool{}
	for path, item := range s.api.OpenAPI().Paths {
		if item.Post != nil && item.Post.Metadata[isNotice] == true {
			out[Prefijo+strings.NewReplacer("{", ":", "}", "").Replace(path)] = true
		}
	}
	return out
}

// sinCredencial says that a call was refused for its token or session.
func sinCredencial(err error) bool {
	e, ok := fault.As(err)
	return ok && e.Kind == fault.Unauthenticated
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
		if _, conocido := oidc.De(hc.Context()); hc.Status() != http.StatusNotFound || !conocido || q.servidor == nil ||
			q.servidor.o.Rastro == nil {
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

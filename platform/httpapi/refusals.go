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

// Rastro records the calls that this layer refuses, for the audit trail.
type Rastro interface {
	// SinToken records a call from direccion that needed a good token and came without one. It must not block.
	SinToken(direccion string)
	// Negado records that the caller in ctx (oidc.De) was refused an operation: the caller's roles and scopes do not
	// admit it, or the named resource is absent or belongs to another caller. The answer waits until Negado returns.
	Negado(ctx context.Context, r Rechazo)
}

// Rechazo names the refused operation and its resource.
type Rechazo struct {
	Operacion string // its id in the document
	Clase     string // the first tag of the operation
	ID        string // the last part of the path that is a parameter, decoded
}

// anotaSola marks an operation that records its refusals itself.
const anotaSola = "anota_sola"

// AnotaSola marks op as one that records its refusals (404) in the audit trail itself: this layer does not record
// them.
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

// Notice marks op as a webhook, which other machines call to report events. Calls of webhooks without a token are
// counted by a measure of their own, http.limite_avisos, which no other call uses up.
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

// sinCredencial reports whether a call was refused for its token or session.
func sinCredencial(err error) bool {
	e, ok := fault.As(err)
	return ok && e.Kind == fault.Unauthenticated
}

func (s *Servidor) sinToken(direccion string) {
	if s.o.Rastro != nil {
		s.o.Rastro.SinToken(direccion)
	}
}

// rechazado records a call that guardia has refused with err.
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

// ajena is the layer that records an answer 404 to a known caller: the named resource is absent or belongs to another
// caller.
func ajena() medio {
	return func(hc huma.Context, sigue func(huma.Context)) {
		sigue(hc)
		q := pedidoDe(hc.Context())
		_, conocido := oidc.De(hc.Context())
		if hc.Status() != http.StatusNotFound || !conocido || q.servidor == nil || q.servidor.o.Rastro == nil {
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

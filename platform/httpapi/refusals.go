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

// Trail records the calls that this layer refuses, for the audit trail.
type Trail interface {
	// NoToken records a call from direccion that needed a good token and came without one. It must not block.
	NoToken(direccion string)
	// Denied records that the caller in ctx (oidc.Caller) was refused an operation: the caller's roles and scopes do not
	// admit it, or the named resource is absent or belongs to another caller. The answer waits until Denied returns.
	Denied(ctx context.Context, r Refusal)
}

// Refusal names the refused operation and its resource.
type Refusal struct {
	Operation string // its id in the document
	Kind      string // the first tag of the operation
	ID        string // the last part of the path that is a parameter, decoded
}

// recordsItself marks an operation that records its refusals itself.
const recordsItself = "anota_sola"

// RecordsItself marks operation as one that records its refusals (404) in the audit trail itself: this layer does
// not record them.
func RecordsItself(
	operation huma.Operation,
) huma.Operation {
	return marked(operation, recordsItself)
}

// marked returns operation with one more mark in its metadata.
func marked(operation huma.Operation, mark string) huma.Operation {
	m := map[string]any{mark: true}
	maps.Copy(m, operation.Metadata)
	operation.Metadata = m
	return operation
}

// isNotice marks an operation that other machines call.
const isNotice = "aviso"

// Notice marks operation as a webhook, which other machines call to report events. Calls of webhooks without a
// token are counted by a measure of their own, http.limite_avisos, which no other call uses up.
func Notice(operation huma.Operation) huma.Operation { return marked(operation, isNotice) }

// readNotices finds the routes of the operations that Notice has marked, as echo writes them.
func (s *Server) readNotices() map[string]bool {
	out := map[string]bool{}
	for path, item := range s.api.OpenAPI().Paths {
		if item.Post != nil && item.Post.Metadata[isNotice] == true {
			out[Prefix+strings.NewReplacer("{", ":", "}", "").Replace(path)] = true
		}
	}
	return out
}

// noCredentials reports whether a call was refused for its token or session.
func noCredentials(err error) bool {
	e, ok := fault.As(err)
	return ok && e.Kind == fault.Unauthenticated
}

func (s *Server) noToken(direccion string) {
	if s.o.Trail != nil {
		s.o.Trail.NoToken(direccion)
	}
}

// recordRefusal records a call that guardAccess has refused with err.
func recordRefusal(hctx huma.Context, err error) {
	q := requestOf(hctx.Context())
	if q.server == nil || q.server.o.Trail == nil {
		return
	}
	if noCredentials(err) {
		q.server.noToken(q.address)
		return
	}
	q.server.o.Trail.Denied(hctx.Context(), refusalOf(hctx))
}

// recordNotFound is the layer that records an answer 404 to a known caller: the named resource is absent or belongs to
// another caller.
func recordNotFound() layer {
	return func(hc huma.Context, sigue func(huma.Context)) {
		sigue(hc)
		q := requestOf(hc.Context())
		_, conocido := oidc.Caller(hc.Context())
		if hc.Status() != http.StatusNotFound || !conocido || q.server == nil ||
			q.server.o.Trail == nil {
			return
		}
		q.server.o.Trail.Denied(hc.Context(), refusalOf(hc))
	}
}

func refusalOf(hctx huma.Context) Refusal {
	op := hctx.Operation()
	r := Refusal{Operation: op.OperationID}
	if len(op.Tags) > 0 {
		r.Kind = op.Tags[0]
	}
	for parte := range strings.SplitSeq(op.Path, "/") {
		if nombre, ok := strings.CutPrefix(parte, "{"); ok {
			r.ID = hctx.Param(strings.TrimSuffix(nombre, "}"))
		}
	}
	return r
}

package httpapi

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"despensa/platform/fault"
	"despensa/platform/idempotency"
	"despensa/platform/oidc"
	"despensa/platform/omitted"

	"github.com/danielgtaylor/huma/v2"
)

// Access lists the callers that an operation admits: all (Public), callers with one of Roles, machines with one of
// the scopes Permissions. The zero value admits no caller.
type Access struct {
	Public      bool
	Roles       []string
	Permissions []string
}

// Register adds one operation to the API. a is enforced before the body is read, and written into the document
// (x-roles, x-permisos). Errors of h become problems here and nowhere else. operation needs OperationID, Method,
// Path and Summary; DefaultStatus and MaxBodyBytes mean the same as in huma.
func Register[I, O any](
	api huma.API,
	operation huma.Operation,
	access Access,
	h func(context.Context, *I) (*O, error),
) {
	prepare(api, &operation, access)
	huma.Register(api, operation, func(ctx context.Context, in *I) (*O, error) {
		canonicalQuery(in)
		if err := keepTexts(in); err != nil {
			return nil, problemOf(ctx, err)
		}
		ctx = omitted.With(ctx)
		out, err := h(ctx, in)
		if err != nil {
			return nil, problemOf(ctx, err)
		}
		withOmitted(ctx, out)
		return out, nil
	})
}

// WithKey is embedded in the input of every POST that has an effect.
type WithKey struct {
	Clave string `header:"Idempotency-Key" minLength:"1" maxLength:"128" pattern:"^[!-~]+$" example:"pedido-0001" doc:"Repeating the call with the same key and body has no further effect."`
}

// Key makes the idempotency key of this call from caller, operation and decoded body. For an action on a resource,
// operacion includes its id ("cancelacion.<id>").
func (c WithKey) Key(
	ctx context.Context,
	operacion string,
	cuerpo any,
) (idempotency.Key, error) {
	p, _ := oidc.Caller(ctx)
	return idempotency.New(p.Sub, operacion, c.Clave, cuerpo)
}

// Repeatable is embedded in the output of every POST that has an effect.
type Repeatable struct {
	Repetida string `header:"Idempotent-Replayed" doc:"true when an earlier call with this key had the effect."`
}

// AsRepeated marks an answer as the repetition of an earlier one.
func AsRepeated(repetida bool) Repeatable {
	if !repetida {
		return Repeatable{}
	}
	return Repeatable{Repetida: "true"}
}

// ErrKeyReused answers an Idempotency-Key that the caller has already used with another body.
var ErrKeyReused = fault.New(
	fault.Invalid,
	"clave-reutilizada",
	"This Idempotency-Key was used with another body.",
)

// PageQuery is embedded in the input of every list.
type PageQuery struct {
	Limite int    `query:"limite" minimum:"1" maximum:"200" default:"50" example:"20" doc:"How many things a page holds at most."`
	Cursor string `query:"cursor" maxLength:"200" doc:"What siguiente of the page before said."`
}

// Cursor is the position of the last row of a page: lists are sorted by (Created, ID), newest first.
type Cursor struct {
	Created time.Time `json:"c"`
	ID      string    `json:"i"`
}

// ErrCursor answers a cursor that no page of this API has given.
var ErrCursor = fault.New(fault.Invalid, "cursor-invalido", "The cursor is not one of ours.").
	WithField("query.cursor", "not a cursor")

// After reads the cursor; nil at the beginning. Errors: ErrCursor.
func (p PageQuery) After() (*Cursor, error) {
	if p.Cursor == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	if err != nil {
		return nil, ErrCursor
	}
	var m Cursor
	if err := json.Unmarshal(b, &m); err != nil || m.ID == "" {
		return nil, ErrCursor
	}
	return &m, nil
}

// NumberCursor is a position in a list that is sorted by number alone.
func NumberCursor(creado time.Time, n int64) Cursor {
	return Cursor{Created: creado, ID: strconv.FormatInt(n, 10)}
}

// AfterNumber reads the cursor of a list that is sorted by number: the number behind which the page begins, 0 at the
// beginning. Errors: ErrCursor.
func (p PageQuery) AfterNumber() (int64, error) {
	m, err := p.After()
	if err != nil || m == nil {
		return 0, err
	}
	n, err := strconv.ParseInt(m.ID, 10, 64)
	if err != nil || n < 1 {
		return 0, ErrCursor
	}
	return n, nil
}

// Text writes the mark as a cursor.
func (m Cursor) Text() string {
	b, _ := json.Marshal(m)
	return base64.RawURLEncoding.EncodeToString(b)
}

// Lista is one page of things.
type Lista[T any] struct {
	Datos     []T    `json:"datos" doc:"The things of this page; newest first where the operation does not say otherwise."`
	Siguiente string `json:"siguiente,omitempty" doc:"Cursor of the next page; absent at the end."`
	Omitidos  int    `json:"omitidos,omitempty" minimum:"1" doc:"Rows of this page that are left out because they cannot be read: they wait for a person. Absent: none."`
}

// omit sets how many rows the page leaves out.
func (l *Lista[T]) omit(n int) { l.Omitidos = n }

// withOmitted sets Omitidos of the page in the Body of out to the number of unreadable rows that omitted has counted
// in ctx. Outputs of other types stay as they are.
func withOmitted(ctx context.Context, out any) {
	n := omitted.Count(ctx)
	if n == 0 {
		return
	}
	cuerpo := reflect.ValueOf(out).Elem().FieldByName("Body")
	if !cuerpo.IsValid() || !cuerpo.CanAddr() {
		return
	}
	if l, ok := cuerpo.Addr().Interface().(interface{ omit(n int) }); ok {
		l.omit(n)
	}
}

// PageOf builds a page out of cosas, which are up to limite+1 rows: the one beyond limite is not shown and proves that
// there is a next page. marca gives the position of a row.
func PageOf[T any](cosas []T, limite int, marca func(T) Cursor) Lista[T] {
	l := Lista[T]{Datos: cosas}
	if l.Datos == nil {
		l.Datos = []T{}
	}
	if len(cosas) > limite {
		l.Datos = cosas[:limite]
		l.Siguiente = marca(cosas[limite-1]).Text()
	}
	return l
}

// Created is the HTTP status of an operation that creates a resource.
const Created = http.StatusCreated

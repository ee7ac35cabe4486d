package httpapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"despensa/platform/oidc"

	"github.com/labstack/echo/v4"
)

// statusGone is counted in place of a 5xx when the client has closed the connection: the 5xx reached no client, and
// no part of the server failed.
const statusGone = 499

// answer describes an answered request by its id and by words of closed sets. It carries no text of the caller's
// (path, query, body, address).
type answer struct {
	id     string
	route  string // the pattern, "/api/v1/pedidos/:id"; "" when there is none
	method string
	caller string // nadie, persona, maquina, dispositivo
	status int
	size   int64 // bytes of the body
	took   time.Duration
	stream bool
}

// observe counts and logs each request. It answers the errors of the inner layers itself, so that it counts the
// status that is sent.
func (s *Server) observe(sigue echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		begun, caller := time.Now(), c.Request().Context()
		if err := sigue(c); err != nil {
			s.fail(err, c)
		}
		a := s.answerOf(c, time.Since(begun))
		if a.status >= http.StatusInternalServerError &&
			errors.Is(caller.Err(), context.Canceled) {
			a.status = statusGone
		}
		s.metrics.count(a)
		s.requests.write(caller, a)
		return nil
	}
}

func (s *Server) answerOf(ectx echo.Context, took time.Duration) answer {
	ctx := ectx.Request().Context()
	a := answer{
		id: requestOf(
			ctx,
		).id, route: ectx.Path(), method: knownMethod(ectx.Request().Method), caller: s.kindOf(ctx),
		status: ectx.Response().Status,
		size:   ectx.Response().Size,
		took:   took,
		stream: isStream(ectx) || s.endless[ectx.Path()],
	}
	if isHead(ctx) {
		a.method, a.size = http.MethodHead, 0
	}
	return a
}

// kindOf names the kind of caller, by the verified token: nadie, persona, maquina, dispositivo.
func (s *Server) kindOf(ctx context.Context) string {
	p, known := oidc.Caller(ctx)
	switch {
	case !known:
		return "nadie"
	case p.Machine && len(p.Permissions) == 1 && p.Permissions[0] == s.o.DevicePermission:
		return "dispositivo"
	case p.Machine:
		return "maquina"
	}
	return "persona"
}

package sqldb

import (
	"context"
	"database/sql/driver"
	"sync/atomic"
	"time"

	"despensa/platform/breaker"
	"despensa/platform/fault"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// tracer stands at every connection of a schema: it gives each statement its time, lets
// nobody connect to a server that is known to be away, and notes who got an answer.
type tracer struct {
	p     *breaker.Breaker
	plazo time.Duration  // of a statement
	idas  *atomic.Uint64 // round trips, counted where they are sent
	seen  *statements
}

var (
	_ pgx.QueryTracer   = tracer{}
	_ pgx.BatchTracer   = tracer{}
	_ pgx.PrepareTracer = tracer{}
)

// TracePrepareStart tells of a preparation.
func (t tracer) TracePrepareStart(ctx context.Context, _ *pgx.Conn, d pgx.TracePrepareStartData) context.Context {
	t.seen.ran(Sentencia{Efecto: effectOf(ctx), SQL: d.SQL, Ida: true, Preparar: true})
	return ctx
}

// TracePrepareEnd is pgx's.
func (tracer) TracePrepareEnd(context.Context, *pgx.Conn, pgx.TracePrepareEndData) {}

// sentencia is a statement under way.
type sentencia struct {
	padre context.Context // to tell the caller's end from our own deadline
	desde time.Time
	fin   context.CancelFunc
	sql   string // empty: a batch

	contada bool // a statement of the batch was told of
}

type claveSentencia struct{}

// TraceQueryStart gives the statement its time; a commit is a statement too.
func (t tracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryStartData) context.Context {
	return t.empezar(ctx, d.SQL)
}

// TraceBatchStart gives statements that travel together the time of one.
func (t tracer) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return t.empezar(ctx, "")
}

// empezar begins what terminar ends: the statement sql, or a batch, whose statements TraceBatchQuery hears of.
func (t tracer) empezar(ctx context.Context, sql string) context.Context {
	corto, fin := context.WithTimeout(ctx, t.plazo)
	return context.WithValue(corto, claveSentencia{}, &sentencia{padre: ctx, desde: time.Now(), fin: fin, sql: sql})
}

// TraceQueryEnd comes when the last row has been read.
func (t tracer) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryEndData) {
	t.terminar(ctx, d.Err)
}

// TraceBatchQuery tells of a statement of a batch; the first one stands for the batch's round trip.
func (t tracer) TraceBatchQuery(ctx context.Context, _ *pgx.Conn, d pgx.TraceBatchQueryData) {
	s, ok := ctx.Value(claveSentencia{}).(*sentencia)
	if !ok {
		return
	}
	t.seen.ran(Sentencia{Efecto: effectOf(s.padre), SQL: d.SQL, Ida: !s.contada})
	s.contada = true
}

// TraceBatchEnd comes when the last of the statements was answered.
func (t tracer) TraceBatchEnd(ctx context.Context, _ *pgx.Conn, d pgx.TraceBatchEndData) {
	t.terminar(ctx, d.Err)
}

func (t tracer) terminar(ctx context.Context, err error) {
	s, ok := ctx.Value(claveSentencia{}).(*sentencia)
	if !ok {
		return
	}
	s.fin()
	if s.sql != "" {
		t.seen.ran(Sentencia{Efecto: effectOf(s.padre), SQL: s.sql, Ida: true})
	}
	t.anotar(s.padre, s.desde, err)
}

// anotar tells the breaker how a statement went that was begun at desde.
func (t tracer) anotar(ctx context.Context, desde time.Time, err error) {
	_, contesto := estadoSQL(err)
	switch {
	case callado(err):
		if ctx.Err() == nil {
			t.p.Calla(desde, time.Now())
		}
	case err == nil || contesto:
		t.p.Responde(time.Now())
	}
}

// vivo decides whether the library is to ask a connection that lay idle for a sign of
// life. It asks itself, with a deadline: the library has none.
func (t tracer) vivo(ctx context.Context, x stdlib.ShouldPingParams) bool {
	desde := time.Now()
	if x.IdleDuration < reposo {
		return false
	}
	if !t.p.Conectar(desde) {
		_ = x.Conn.PgConn().Conn().Close() // the library's question shows it that this one is done
		return true
	}
	corto, fin := context.WithTimeout(ctx, plazoConexion)
	defer fin()
	err := x.Conn.PgConn().Ping(corto)
	t.anotar(ctx, desde, err)
	return err != nil
}

// connector makes connections, unless the server is known to be away.
type connector struct {
	c pgx.ConnConfig
	t tracer
}

// Driver is driver.Connector's.
func (connector) Driver() driver.Driver { return stdlib.GetDefaultDriver() }

// Connect gives a new connection. Errors: fault.ErrAlmacen at once while the server is
// away; the library's.
func (p connector) Connect(ctx context.Context) (driver.Conn, error) {
	desde := time.Now()
	if !p.t.p.Conectar(desde) {
		return nil, fault.ErrAlmacen
	}
	c, err := connectWired(ctx, p.c, p.t)
	p.t.anotar(ctx, desde, err)
	return c, err
}

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

// tracer watches each connection of a schema. It ends a statement after plazo, refuses new connections while the
// breaker p holds the server to be away, and tells p which statements the server answered.
type tracer struct {
	p     *breaker.Breaker
	plazo time.Duration  // of a statement
	idas  *atomic.Uint64 // round trips; wire.Write counts them
	seen  *statements
}

var (
	_ pgx.QueryTracer   = tracer{}
	_ pgx.BatchTracer   = tracer{}
	_ pgx.PrepareTracer = tracer{}
)

// TracePrepareStart reports a preparation to the observer. It implements pgx.PrepareTracer.
func (t tracer) TracePrepareStart(ctx context.Context, _ *pgx.Conn, d pgx.TracePrepareStartData) context.Context {
	t.seen.ran(Sentencia{Efecto: effectOf(ctx), SQL: d.SQL, Ida: true, Preparar: true})
	return ctx
}

// TracePrepareEnd implements pgx.PrepareTracer and does nothing.
func (tracer) TracePrepareEnd(context.Context, *pgx.Conn, pgx.TracePrepareEndData) {}

// sentencia is a statement, or a batch of statements, that the server is running.
type sentencia struct {
	padre context.Context // the caller's; its end is no evidence against the server, the end of plazo is
	desde time.Time
	fin   context.CancelFunc
	sql   string // empty: a batch

	contada bool // the batch's round trip has been reported, with its first statement
}

// claveSentencia is the context key of the sentencia under way.
type claveSentencia struct{}

// TraceQueryStart starts the time limit of a statement, a commit too. It implements pgx.QueryTracer.
func (t tracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryStartData) context.Context {
	return t.empezar(ctx, d.SQL)
}

// TraceBatchStart starts the time limit of a batch, which is that of one statement. It implements pgx.BatchTracer.
func (t tracer) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return t.empezar(ctx, "")
}

// empezar puts a new sentencia into ctx, for terminar to end: the statement sql, or a batch when sql is empty.
// TraceBatchQuery reports the statements of a batch.
func (t tracer) empezar(ctx context.Context, sql string) context.Context {
	corto, fin := context.WithTimeout(ctx, t.plazo)
	return context.WithValue(corto, claveSentencia{}, &sentencia{padre: ctx, desde: time.Now(), fin: fin, sql: sql})
}

// TraceQueryEnd is called by pgx when the last row has been read.
func (t tracer) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryEndData) {
	t.terminar(ctx, d.Err)
}

// TraceBatchQuery reports a statement of a batch to the observer, the first one with the batch's round trip.
func (t tracer) TraceBatchQuery(ctx context.Context, _ *pgx.Conn, d pgx.TraceBatchQueryData) {
	s, ok := ctx.Value(claveSentencia{}).(*sentencia)
	if !ok {
		return
	}
	t.seen.ran(Sentencia{Efecto: effectOf(s.padre), SQL: d.SQL, Ida: !s.contada})
	s.contada = true
}

// TraceBatchEnd is called by pgx when the server has answered the last statement of the batch.
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

// anotar tells the breaker how a call of the server ended that began at desde. A call that ended because the caller's
// ctx ended says nothing about the server.
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

// vivo decides whether the library pings a connection before its next use. For a connection that was idle for reposo
// vivo sends the ping itself, within plazoConexion, because the library's ping has no deadline. It returns true, and
// so makes the library ping, find the connection broken and drop it, when the ping failed or the server is away.
func (t tracer) vivo(ctx context.Context, idle stdlib.ShouldPingParams) bool {
	desde := time.Now()
	if idle.IdleDuration < reposo {
		return false
	}
	if !t.p.Conectar(desde) {
		_ = idle.Conn.PgConn().Conn().Close() // the library's ping then finds the connection broken
		return true
	}
	corto, fin := context.WithTimeout(ctx, plazoConexion)
	defer fin()
	err := idle.Conn.PgConn().Ping(corto)
	t.anotar(ctx, desde, err)
	return err != nil
}

// connector makes connections for database/sql, unless the breaker holds the server to be away.
type connector struct {
	c pgx.ConnConfig
	t tracer
}

// Driver implements driver.Connector.
func (connector) Driver() driver.Driver { return stdlib.GetDefaultDriver() }

// Connect opens a connection. Errors: fault.ErrAlmacen at once while the breaker holds the server to be away; pgx's.
func (p connector) Connect(ctx context.Context) (driver.Conn, error) {
	desde := time.Now()
	if !p.t.p.Conectar(desde) {
		return nil, fault.ErrAlmacen
	}
	c, err := connectWired(ctx, p.c, p.t)
	p.t.anotar(ctx, desde, err)
	return c, err
}

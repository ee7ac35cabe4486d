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

// tracer watches each connection of a schema. It ends a statement after timeout, refuses new connections while the
// breaker p holds the server to be away, and tells p which statements the server answered.
type tracer struct {
	p       *breaker.Breaker
	timeout time.Duration  // of a statement
	trips   *atomic.Uint64 // round trips; wire.Write counts them
	seen    *statements
}

var (
	_ pgx.QueryTracer   = tracer{}
	_ pgx.BatchTracer   = tracer{}
	_ pgx.PrepareTracer = tracer{}
)

// TracePrepareStart reports a preparation to the observer. It implements pgx.PrepareTracer.
func (t tracer) TracePrepareStart(
	ctx context.Context,
	_ *pgx.Conn,
	tracePrepareStartData pgx.TracePrepareStartData,
) context.Context {
	t.seen.ran(
		Execution{
			Effect:      effectOf(ctx),
			SQL:         tracePrepareStartData.SQL,
			RoundTrip:   true,
			Preparation: true,
		},
	)
	return ctx
}

// TracePrepareEnd implements pgx.PrepareTracer and does nothing.
func (tracer) TracePrepareEnd(context.Context, *pgx.Conn, pgx.TracePrepareEndData) {}

// runningStatement is a statement, or a batch of statements, that the server is running.
type runningStatement struct {
	parent context.Context // the caller's; its end is no evidence against the server, the end of timeout is
	began  time.Time
	cancel context.CancelFunc
	sql    string // empty: a batch

	counted bool // the batch's round trip has been reported, with its first statement
}

// runningKey is the context key of the runningStatement under way.
type runningKey struct{}

// TraceQueryStart starts the time limit of a statement, a commit too. It implements pgx.QueryTracer.
func (t tracer) TraceQueryStart(
	ctx context.Context,
	_ *pgx.Conn,
	traceQueryStartData pgx.TraceQueryStartData,
) context.Context {
	return t.begin(ctx, traceQueryStartData.SQL)
}

// TraceBatchStart starts the time limit of a batch, which is that of one statement. It implements pgx.BatchTracer.
func (t tracer) TraceBatchStart(
	ctx context.Context,
	_ *pgx.Conn,
	_ pgx.TraceBatchStartData,
) context.Context {
	return t.begin(ctx, "")
}

// begin puts a new runningStatement into ctx, for finish to end: the statement sql, or a batch when sql is empty.
// TraceBatchQuery reports the statements of a batch.
func (t tracer) begin(ctx context.Context, sql string) context.Context {
	corto, fin := context.WithTimeout(ctx, t.timeout)
	return context.WithValue(
		corto,
		runningKey{},
		&runningStatement{parent: ctx, began: time.Now(), cancel: fin, sql: sql},
	)
}

// TraceQueryEnd is called by pgx when the last row has been read.
func (t tracer) TraceQueryEnd(
	ctx context.Context,
	_ *pgx.Conn,
	traceQueryEndData pgx.TraceQueryEndData,
) {
	t.finish(ctx, traceQueryEndData.Err)
}

// TraceBatchQuery reports a statement of a batch to the observer, the first one with the batch's round trip.
func (t tracer) TraceBatchQuery(
	ctx context.Context,
	_ *pgx.Conn,
	traceBatchQueryData pgx.TraceBatchQueryData,
) {
	s, ok := ctx.Value(runningKey{}).(*runningStatement)
	if !ok {
		return
	}
	t.seen.ran(
		Execution{
			Effect:    effectOf(s.parent),
			SQL:       traceBatchQueryData.SQL,
			RoundTrip: !s.counted,
		},
	)
	s.counted = true
}

// TraceBatchEnd is called by pgx when the server has answered the last statement of the batch.
func (t tracer) TraceBatchEnd(
	ctx context.Context,
	_ *pgx.Conn,
	traceBatchEndData pgx.TraceBatchEndData,
) {
	t.finish(ctx, traceBatchEndData.Err)
}

func (t tracer) finish(ctx context.Context, err error) {
	s, ok := ctx.Value(runningKey{}).(*runningStatement)
	if !ok {
		return
	}
	s.cancel()
	if s.sql != "" {
		t.seen.ran(Execution{Effect: effectOf(s.parent), SQL: s.sql, RoundTrip: true})
	}
	t.note(s.parent, s.began, err)
}

// note tells the breaker how a call of the server ended that began at desde. A call that ended because the caller's
// ctx ended says nothing about the server.
func (t tracer) note(ctx context.Context, desde time.Time, err error) {
	_, contesto := sqlState(err)
	switch {
	case isSilent(err):
		if ctx.Err() == nil {
			t.p.Silent(desde, time.Now())
		}
	case err == nil || contesto:
		t.p.Answered(time.Now())
	}
}

// shouldPing decides whether the library pings a connection before its next use. For a connection that was idle for
// idleBeforePing shouldPing sends the ping itself, within connectTimeout, because the library's ping has no deadline.
// It returns true, and so makes the library ping, find the connection broken and drop it, when the ping failed or the
// server is away.
func (t tracer) shouldPing(ctx context.Context, idle stdlib.ShouldPingParams) bool {
	desde := time.Now()
	if idle.IdleDuration < idleBeforePing {
		return false
	}
	if !t.p.MayConnect(desde) {
		_ = idle.Conn.PgConn().
			Conn().
			Close()
			// the library's ping then finds the connection broken
		return true
	}
	corto, fin := context.WithTimeout(ctx, connectTimeout)
	defer fin()
	err := idle.Conn.PgConn().Ping(corto)
	t.note(ctx, desde, err)
	return err != nil
}

// connector makes connections for database/sql, unless the breaker holds the server to be away.
type connector struct {
	c pgx.ConnConfig
	t tracer
}

// Driver implements driver.Connector.
func (connector) Driver() driver.Driver { return stdlib.GetDefaultDriver() }

// Connect opens a connection. Errors: fault.ErrStoreAway at once while the breaker holds the server to be away; pgx's.
func (p connector) Connect(ctx context.Context) (driver.Conn, error) {
	desde := time.Now()
	if !p.t.p.MayConnect(desde) {
		return nil, fault.ErrStoreAway
	}
	c, err := connectWired(ctx, p.c, p.t)
	p.t.note(ctx, desde, err)
	return c, err
}

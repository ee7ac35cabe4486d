package sqldb

import (
	"context"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
)

// idas counts how often a server is asked and waited for: statements, begins, commits and
// preparations. It is a tracer of pgx.
type idas struct{ n atomic.Uint64 }

var (
	_ pgx.QueryTracer   = (*idas)(nil)
	_ pgx.PrepareTracer = (*idas)(nil)
)

// TraceQueryStart is pgx's.
func (i *idas) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	i.n.Add(1)
	return ctx
}

// TraceQueryEnd is pgx's.
func (*idas) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TracePrepareStart is pgx's.
func (i *idas) TracePrepareStart(ctx context.Context, _ *pgx.Conn, d pgx.TracePrepareStartData) context.Context {
	i.n.Add(1)
	return ctx
}

// TracePrepareEnd is pgx's.
func (i *idas) TracePrepareEnd(context.Context, *pgx.Conn, pgx.TracePrepareEndData) {}

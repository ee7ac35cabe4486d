package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Requests say how requests are logged: one line each.
type Requests struct {
	// PerSecond is how many lines of ordinary requests one second may have; 0: none. Answers 5xx and slow requests are
	// always logged.
	PerSecond int
	// Slow is the duration from which a request is slow; 0: no request is slow. A stream never is.
	Slow time.Duration
}

// requestLog writes one line a request and counts the lines that it leaves out. It is safe for concurrent use.
type requestLog struct {
	Requests
	log     *slog.Logger
	now     func() time.Time
	omitted prometheus.Counter

	mu     sync.Mutex
	second int64 // Unix seconds that lines counts
	lines  int
	since  int // lines left out since the last one that was written
}

// write logs a request, or counts it as left out. The next line that is written carries the number left out
// (callados).
func (l *requestLog) write(ctx context.Context, answer answer) {
	level := slog.LevelInfo
	if answer.status >= http.StatusInternalServerError {
		level = slog.LevelWarn
	}
	if !l.log.Enabled(ctx, level) {
		return
	}
	omitted, ok := l.take(level > slog.LevelInfo || l.slow(answer))
	if !ok {
		l.omitted.Inc()
		return
	}
	attrs := []slog.Attr{
		slog.String(
			"solicitud",
			answer.id,
		), slog.String("ruta", answer.route), slog.String("metodo", answer.method),
		slog.Int(
			"status",
			answer.status,
		), slog.Float64("ms", float64(answer.took.Microseconds())/1000),
		slog.String("quien", answer.caller),
	}
	if omitted > 0 {
		attrs = append(attrs, slog.Int("callados", omitted))
	}
	l.log.LogAttrs(ctx, level, "request", attrs...)
}

// take reports whether a line is written now, and how many were left out before. always: the line is written and does
// not count against PerSecond.
func (l *requestLog) take(always bool) (omitted int, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := l.now().Unix(); now != l.second {
		l.second, l.lines = now, 0
	}
	if !always {
		if l.lines >= l.PerSecond {
			l.since++
			return 0, false
		}
		l.lines++
	}
	omitted, l.since = l.since, 0
	return omitted, true
}

func (l *requestLog) slow(answer answer) bool {
	return l.Slow > 0 && !answer.stream && answer.took >= l.Slow
}

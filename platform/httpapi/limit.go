package httpapi

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/maypok86/otter/v2"
	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"
)

// bucketsMax bounds how many keys one measure keeps, in about 15 MB. A key that was evicted begins again with a full
// bucket.
const bucketsMax = 50_000

// measures are the limits of this process. One call is counted by one of them, so that a flood of one kind of call
// leaves the others alone.
type measures struct {
	callers *measure // by subject: calls with a good token or session, from all addresses together
	anon    *measure // by network: calls of the API without a token
	refused *measure // by network: calls with a token or session that does not verify
	notices *measure // by network: notices of other machines (Notice)
	logins  *measure // by network: calls under /sesion/
}

// newMeasures builds the measures of config. now is time.Now, or a test's clock that does not go back.
func newMeasures(config Config, now func() time.Time) measures {
	return measures{
		callers: newMeasure("limite", config.Limite, now),
		anon:    newMeasure("limite_anonimo", orElse(config.LimiteAnonimo, config.Limite), now),
		refused: newMeasure("limite_fallos", config.LimiteFallos, now),
		notices: newMeasure("limite_avisos", orElse(config.LimiteAvisos, config.Limite), now),
		logins: newMeasure(
			"limite_ingresos",
			orElse(config.LimiteIngresos, config.Limite),
			now,
		),
	}
}

func orElse(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// measure is a token bucket per key: perSecond calls a second, and twice as many at once.
type measure struct {
	name      string // of its setting, and in the RateLimit fields
	perSecond int
	now       func() time.Time
	buckets   *otter.Cache[string, *bucket]
}

// bucket holds the calls that one key has left. turn lets one check of a signature run at a time for the key, once
// its refused calls have emptied the bucket.
type bucket struct {
	*rate.Limiter
	turn *semaphore.Weighted
}

func newMeasure(name string, perSecond int, now func() time.Time) *measure {
	return &measure{
		name: name, perSecond: perSecond, now: now,
		buckets: otter.Must(&otter.Options[string, *bucket]{MaximumSize: bucketsMax}),
	}
}

// burst is how many calls a full bucket holds.
func (m *measure) burst() int { return 2 * m.perSecond }

func (m *measure) of(key string) *bucket {
	b, _ := m.buckets.ComputeIfAbsent(key, func() (*bucket, bool) {
		return &bucket{
			Limiter: rate.NewLimiter(rate.Limit(m.perSecond), m.burst()),
			turn:    semaphore.NewWeighted(1),
		}, false
	})
	return b
}

// take counts one call of key.
func (m *measure) take(key string) quota {
	b, now := m.of(key), m.now()
	allowed := b.AllowN(now, 1)
	return quota{
		measure: m,
		allowed: allowed,
		left:    min(max(0, b.TokensAt(now)), float64(m.burst())),
	}
}

// spent reports whether the next call of key would be refused. It counts nothing.
func (m *measure) spent(key string) bool {
	b, ok := m.buckets.GetIfPresent(key)
	return ok && b.TokensAt(m.now()) < 1
}

// alone waits until no other call of key holds the turn; the caller must call release. Errors: ctx's.
func (m *measure) alone(ctx context.Context, key string) (release func(), err error) {
	turn := m.of(key).turn
	if err := turn.Acquire(ctx, 1); err != nil {
		return nil, fmt.Errorf("httpapi: turn: %w", err)
	}
	return func() { turn.Release(1) }, nil
}

// quota is the verdict of a measure on one call.
type quota struct {
	*measure
	allowed bool
	left    float64 // calls that the bucket still holds
}

// The fields that tell a client its quota.
const (
	headerRateLimit       = "RateLimit"
	headerRateLimitPolicy = "RateLimit-Policy"
)

// say writes the fields RateLimit-Policy and RateLimit of draft-ietf-httpapi-ratelimit-headers-11 (May 2026): the
// measure's name; q calls in w seconds, which is a full bucket and the time that an empty one takes to fill; r calls
// left; t seconds until the bucket is full again if no call comes.
func (q quota) say(header http.Header) {
	missing := float64(q.burst()) - q.left
	header.Set(
		headerRateLimitPolicy,
		fmt.Sprintf("%q;q=%d;w=%d", q.name, q.burst(), q.burst()/q.perSecond),
	)
	header.Set(
		headerRateLimit,
		fmt.Sprintf(
			"%q;r=%d;t=%d",
			q.name,
			int(q.left),
			int(math.Ceil(missing/float64(q.perSecond))),
		),
	)
}

// err is nil for a call that is allowed. Errors: ErrTooMany with the time until the next call is allowed.
func (q quota) err() error {
	if q.allowed {
		return nil
	}
	return ErrTooMany.WithRetry(
		time.Duration((1 - q.left) / float64(q.perSecond) * float64(time.Second)),
	)
}

// count counts one call of key by measure and writes the RateLimit fields into the answer. Errors: ErrTooMany.
func count(ectx echo.Context, measure *measure, key string) error {
	q := measure.take(key)
	q.say(ectx.Response().Header())
	return q.err()
}

package mongodb_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"despensa/platform/fault"
	"despensa/platform/mongodb"

	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/x/mongo/driver/topology"
)

// repetible is an error like the driver's for a cleared pool of connections, which has no public type.
type repetible struct{}

func (repetible) Error() string   { return "xyzzyplugh" }
func (repetible) Retryable() bool { return true }

// TestWhichErrorsMeanAway: the errors of the driver that mean that the server is away become fault.ErrStoreAway,
// without the driver's text, which has addresses in it.
func TestWhichErrorsMeanAway(t *testing.T) {
	red := func(causa error) error {
		return mongo.CommandError{
			Message: "xyzzyplugh",
			Labels:  []string{"NetworkError"},
			Wrapped: causa,
		}
	}
	orden := func(codigo int32, etiquetas ...string) error {
		return mongo.CommandError{Code: codigo, Message: "xyzzyplugh", Labels: etiquetas}
	}
	escritura := func(codigo int, concern *mongo.WriteConcernError, etiquetas ...string) error {
		e := mongo.WriteException{WriteConcernError: concern, Labels: etiquetas}
		if codigo > 0 {
			e.WriteErrors = mongo.WriteErrors{{Code: codigo, Message: "xyzzyplugh"}}
		}
		return e
	}
	casos := map[string]struct {
		err  error
		away bool
	}{
		"nobody found": {
			topology.ServerSelectionError{Wrapped: errors.New("xyzzyplugh")},
			true,
		},
		"no time left": {
			fmt.Errorf("xyzzyplugh: %w", context.DeadlineExceeded),
			true,
		},
		"a broken connection": {red(io.EOF), true},
		"a silent connection": {red(&net.DNSError{IsTimeout: true}), true},
		"no connection can be made": {
			topology.ConnectionError{Wrapped: errors.New("xyzzyplugh")},
			true,
		},
		"all connections are given up": {fmt.Errorf("xyzzyplugh: %w", repetible{}), true},
		"the client is closed": {
			fmt.Errorf("xyzzyplugh: %w", mongo.ErrClientDisconnected),
			true,
		},
		"known to be away": {
			fmt.Errorf("xyzzyplugh: %w", fault.ErrStoreAway),
			true,
		},
		"not primary":       {orden(10107), true},
		"stepped down":      {orden(189), true},
		"shutting down":     {orden(91), true},
		"starting":          {orden(13436), true},
		"may be sent again": {orden(7, "RetryableWriteError"), true},
		"it took too long":  {orden(50), true},
		"the majority is not there": {
			escritura(0, &mongo.WriteConcernError{Code: 64, Message: "xyzzyplugh"}),
			true,
		},
		"it cannot ever be satisfied": {
			escritura(0, &mongo.WriteConcernError{Code: 100, Message: "xyzzyplugh"}),
			true,
		},
		"a write that may be repeated": {
			escritura(0, &mongo.WriteConcernError{Code: 11602}, "RetryableWriteError"),
			true,
		},
		"a key that is taken":      {escritura(11000, nil), false},
		"a document that is wrong": {escritura(121, nil), false},
		"not allowed":              {orden(13), false},
		"no such command":          {orden(59), false},
		"nothing found":            {mongo.ErrNoDocuments, false},
		"the caller has gone":      {context.Canceled, false},
		"ours":                     {errors.New("xyzzyplugh"), false},
	}
	for nombre, x := range casos {
		err := mongodb.AsFault(x.err)
		if errors.Is(err, fault.ErrStoreAway) != x.away {
			t.Errorf("%s: %v", nombre, err)
		}
		if x.away && strings.Contains(fmt.Sprintf("%+v", err), "xyzzyplugh") {
			t.Errorf("%s: repeats the driver's text: %v", nombre, err)
		}
		if !x.away && err.Error() != x.err.Error() {
			t.Errorf("%s: became %v", nombre, err)
		}
	}
	if err := mongodb.AsFault(nil); err != nil {
		t.Errorf("nothing became %v", err)
	}
}

package mongodb

import (
	"errors"
	"fmt"
	"slices"

	"despensa/platform/fault"

	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/x/mongo/driver/topology"
)

// ausencias are what servers answer while they change their roles or go away (MongoDB's
// error codes, "not primary" and "node is recovering"), what a majority that is not there
// looks like, and a command that took too long.
var ausencias = []int{91, 189, 10058, 10107, 11600, 11602, 13435, 13436, 64, 100, 50, 262}

// Fallo says fault.ErrAlmacen, and nothing of the address, of an error that means that the
// server is away or too slow; the rest stays as it is.
func Fallo(err error) error {
	if err == nil || !ausente(err) {
		return err
	}
	if e, ok := fault.As(err); ok {
		return e
	}
	return fmt.Errorf("%w (%s)", fault.ErrAlmacen, sinDatos(err))
}

func ausente(err error) bool {
	if callado(err) || roto(err) || errors.Is(err, mongo.ErrClientDisconnected) || errors.Is(err, fault.ErrAlmacen) {
		return true
	}
	var s mongo.ServerError
	return errors.As(err, &s) && (s.HasErrorLabel("RetryableWriteError") || slices.ContainsFunc(ausencias, s.HasErrorCode))
}

// roto says that a connection broke, could not be made, or was given up together with
// another one that did: of this the driver says nothing but that it may be tried again.
func roto(err error) bool {
	var c topology.ConnectionError
	var p interface{ Retryable() bool }
	return mongo.IsNetworkError(err) || errors.As(err, &c) || errors.As(err, &p) && p.Retryable()
}

// callado says that err is evidence of a server that is away for everybody: none was found,
// or no answer came in time.
func callado(err error) bool {
	return sinElegir(err) || mongo.IsTimeout(err) && !contesto(err)
}

// contesto says that err is what the server answered.
func contesto(err error) bool {
	var c mongo.CommandError
	var w mongo.WriteException
	var b mongo.BulkWriteException
	return errors.As(err, &c) && c.Code != 0 || errors.As(err, &w) || errors.As(err, &b)
}

// sinElegir says that no server was found that takes the command.
func sinElegir(err error) bool {
	var s topology.ServerSelectionError
	return errors.As(err, &s)
}

// sinDatos is what may be said of an error: the driver's text has the addresses.
func sinDatos(err error) string {
	var s mongo.CommandError
	switch {
	case sinElegir(err):
		return "no server found"
	case callado(err):
		return "no answer in time"
	case errors.As(err, &s) && s.Code > 0:
		return fmt.Sprintf("code %d", s.Code)
	}
	return "no connection"
}

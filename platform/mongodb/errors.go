package mongodb

import (
	"errors"
	"fmt"
	"slices"

	"despensa/platform/fault"

	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/x/mongo/driver/topology"
)

// ausencias are MongoDB's error codes of a server that changes its role or shuts down ("not primary", "node is
// recovering"), of a write that a majority does not confirm (64, 100), and of a command that took too long (50, 262).
var ausencias = []int{91, 189, 10058, 10107, 11600, 11602, 13435, 13436, 64, 100, 50, 262}

// Fallo returns fault.ErrAlmacen, without the server's address, for an error that means that the server is away or too
// slow, and any other error as it is.
func Fallo(err error) error {
	if err == nil || !ausente(err) {
		return err
	}
	if e, ok := fault.As(err); ok {
		return e
	}
	return fmt.Errorf("%w (%s)", fault.ErrAlmacen, sinDatos(err))
}

// ausente reports whether err means that the server is away or too slow.
func ausente(err error) bool {
	if callado(err) || roto(err) || errors.Is(err, mongo.ErrClientDisconnected) || errors.Is(err, fault.ErrAlmacen) {
		return true
	}
	var s mongo.ServerError
	return errors.As(err, &s) &&
		(s.HasErrorLabel("RetryableWriteError") || slices.ContainsFunc(ausencias, s.HasErrorCode))
}

// roto reports whether a connection broke, could not be made, or was closed because another connection of its pool
// broke. The driver has no public type for the last case; its error has a method Retryable.
func roto(err error) bool {
	var c topology.ConnectionError
	var p interface{ Retryable() bool }
	return mongo.IsNetworkError(err) || errors.As(err, &c) || errors.As(err, &p) && p.Retryable()
}

// callado reports whether err is evidence that the server is away for all connections: no server was found, or no
// answer came in time.
func callado(err error) bool {
	return sinElegir(err) || mongo.IsTimeout(err) && !contesto(err)
}

// contesto reports whether err is an answer of the server.
func contesto(err error) bool {
	var c mongo.CommandError
	var w mongo.WriteException
	var b mongo.BulkWriteException
	return errors.As(err, &c) && c.Code != 0 || errors.As(err, &w) || errors.As(err, &b)
}

// sinElegir reports whether err says that no server was found that takes the command.
func sinElegir(err error) bool {
	var s topology.ServerSelectionError
	return errors.As(err, &s)
}

// sinDatos describes err without the driver's text, which has the servers' addresses.
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

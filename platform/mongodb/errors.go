package mongodb

import (
	"errors"
	"fmt"
	"slices"

	"despensa/platform/fault"

	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/x/mongo/driver/topology"
)

// awayCodes are MongoDB's error codes of a server that changes its role or shuts down ("not primary", "node is
// recovering"), of a write that a majority does not confirm (64, 100), and of a command that took too long (50, 262).
var awayCodes = []int{91, 189, 10058, 10107, 11600, 11602, 13435, 13436, 64, 100, 50, 262}

// AsFault returns fault.ErrStoreAway, without the server's address, for an error that means that the server is away or
// too slow, and any other error as it is.
func AsFault(err error) error {
	if err == nil || !isAway(err) {
		return err
	}
	if e, ok := fault.As(err); ok {
		return e
	}
	return fmt.Errorf("%w (%s)", fault.ErrStoreAway, withoutData(err))
}

// isAway reports whether err means that the server is away or too slow.
func isAway(err error) bool {
	if isSilent(err) || isBroken(err) || errors.Is(err, mongo.ErrClientDisconnected) ||
		errors.Is(err, fault.ErrStoreAway) {
		return true
	}
	var s mongo.ServerError
	return errors.As(err, &s) &&
		(s.HasErrorLabel("RetryableWriteError") || slices.ContainsFunc(awayCodes, s.HasErrorCode))
}

// isBroken reports whether a connection broke, could not be made, or was closed because another connection of its pool
// broke. The driver has no public type for the last case; its error has a method Retryable.
func isBroken(err error) bool {
	var c topology.ConnectionError
	var p interface{ Retryable() bool }
	return mongo.IsNetworkError(err) || errors.As(err, &c) ||
		errors.As(err, &p) && p.Retryable()
}

// isSilent reports whether err is evidence that the server is away for all connections: no server was found, or no
// answer came in time.
func isSilent(err error) bool {
	return noServer(err) || mongo.IsTimeout(err) && !isAnswer(err)
}

// isAnswer reports whether err is an answer of the server.
func isAnswer(err error) bool {
	var c mongo.CommandError
	var w mongo.WriteException
	var b mongo.BulkWriteException
	return errors.As(err, &c) && c.Code != 0 || errors.As(err, &w) || errors.As(err, &b)
}

// noServer reports whether err says that no server was found that takes the command.
func noServer(err error) bool {
	var s topology.ServerSelectionError
	return errors.As(err, &s)
}

// withoutData describes err without the driver's text, which has the servers' addresses.
func withoutData(err error) string {
	var s mongo.CommandError
	switch {
	case noServer(err):
		return "no server found"
	case isSilent(err):
		return "no answer in time"
	case errors.As(err, &s) && s.Code > 0:
		return fmt.Sprintf("code %d", s.Code)
	}
	return "no connection"
}

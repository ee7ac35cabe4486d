package mongo

import (
	"context"

	"despensa/platform/sqldb"

	"go.mongodb.org/mongo-driver/event"
)

// observer calls tell for each command with its name and its collection, as for a statement that took a round trip.
func observer(tell func(sqldb.Execution)) *event.CommandMonitor {
	return &event.CommandMonitor{
		Started: func(_ context.Context, e *event.CommandStartedEvent) {
			text := e.CommandName
			if c, ok := e.Command.Lookup(e.CommandName).StringValueOK(); ok {
				text += " " + c
			}
			tell(sqldb.Execution{Schema: "pedidos", SQL: text, RoundTrip: true})
		},
	}
}

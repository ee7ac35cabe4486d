package httpapi

import (
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// deprecationNote is the key of op.Metadata under which Deprecated notes the day.
const deprecationNote = "despensa.obsoleta"

// Deprecated marks operation as deprecated since the UTC date of desde. en is the sentence of the document that
// names the replacement. The operation goes on working; every answer carries the header Deprecation (RFC 9745).
func Deprecated(operation huma.Operation, desde time.Time, en string) huma.Operation {
	dia := desde.UTC().Truncate(24 * time.Hour)
	operation.Deprecated = true
	operation.Description += "Deprecated since " + dia.Format(time.DateOnly) + ": " + en
	metadatos := map[string]any{deprecationNote: dia}
	for k, v := range operation.Metadata {
		metadatos[k] = v
	}
	operation.Metadata = metadatos
	return operation
}

// sayDeprecated gives the layer that sets the header Deprecation; nil when operation is not deprecated.
func sayDeprecated(operation *huma.Operation) layer {
	dia, ok := operation.Metadata[deprecationNote].(time.Time)
	if !ok {
		return nil
	}
	valor := "@" + strconv.FormatInt(dia.Unix(), 10)
	return func(ctx huma.Context, sigue func(huma.Context)) {
		ctx.SetHeader(deprecationHeader, valor)
		sigue(ctx)
	}
}

const deprecationHeader = "Deprecation"

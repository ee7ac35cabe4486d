package httpapi

import (
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// deprecationNote is the key of op.Metadata under which Deprecated notes the day.
const deprecationNote = "despensa.obsoleta"

// Deprecated marks op as deprecated since the UTC date of desde. en is the sentence of the document that names the
// replacement. The operation goes on working; every answer carries the header Deprecation (RFC 9745).
func Deprecated(op huma.Operation, desde time.Time, en string) huma.Operation {
	dia := desde.UTC().Truncate(24 * time.Hour)
	op.Deprecated = true
	op.Description += "Deprecated since " + dia.Format(time.DateOnly) + ": " + en
	metadatos := map[string]any{deprecationNote: dia}
	for k, v := range op.Metadata {
		metadatos[k] = v
	}
	op.Metadata = metadatos
	return op
}

// sayDeprecated gives the layer that sets the header Deprecation; nil when op is not deprecated.
func sayDeprecated(op *huma.Operation) layer {
	dia, ok := op.Metadata[deprecationNote].(time.Time)
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

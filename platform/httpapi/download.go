package httpapi

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// LinesType is the content type of a list that is sent whole: a JSON document a line.
const LinesType = "application/x-ndjson"

// RegisterDownload registers a list that is sent whole, one JSON document a line, without a time limit;
// operation.Path ends in /exportacion. linea is the schema of a line. abrir checks the call (its errors become
// problems) and returns the function that writes the lines. When that function fails the answer ends there. It must
// write a last line that marks the end, by which readers tell a whole list from a cut one.
func RegisterDownload[I any](
	api huma.API,
	operation huma.Operation,
	access Access,
	linea *huma.Schema,
	abrir func(context.Context, *I) (func(context.Context, io.Writer) error, error),
) {
	operation.MaxBodyBytes = -1
	prepare(api, &operation, access)
	operation.Responses = map[string]*huma.Response{"200": {
		Description: "All of it, a JSON document a line.",
		Content:     map[string]*huma.MediaType{LinesType: {Schema: linea}},
	}}
	registerLong(api, operation, abrir, sendDownload)
}

// sendDownload answers with the list that escribir writes. It ends early when the reader does not take a piece within
// eventTimeout, and when the program stops.
func sendDownload(hctx huma.Context, escribir func(context.Context, io.Writer) error) {
	w, ok := hctx.BodyWriter().(http.ResponseWriter)
	if !ok {
		return
	}
	ctx := hctx.Context()
	d := patientWriter{ctx: ctx, w: w, control: http.NewResponseController(w)}
	defer context.AfterFunc(ctx, func() { _ = d.control.SetWriteDeadline(time.Now()) })()
	hctx.SetHeader("Content-Type", LinesType)
	hctx.SetStatus(http.StatusOK)
	if err := escribir(ctx, d); err != nil && ctx.Err() == nil {
		requestOf(
			ctx,
		).log().
			WarnContext(ctx, "a list was not sent whole", "solicitud", requestOf(ctx).id, "error", err)
	}
}

// patientWriter is a writer that gives the reader eventTimeout for every piece.
type patientWriter struct {
	ctx     context.Context
	w       io.Writer
	control *http.ResponseController
}

// Write implements io.Writer.
func (p patientWriter) Write(b []byte) (int, error) {
	// Not every writer has deadlines (tests).
	_ = p.control.SetWriteDeadline(time.Now().Add(eventTimeout))
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.w.Write(b)
}

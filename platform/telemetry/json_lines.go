package telemetry

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
)

// AsJSON makes a writer that turns each Write into one JSON record on out. A text becomes the message of a record of
// the level nivel, a JSON record passes as it is, and a blank text is left out.
func AsJSON(out io.Writer, nivel slog.Level) io.Writer {
	return &jsonWriter{
		w:     out,
		level: nivel,
		log:   slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: nivel})),
	}
}

type jsonWriter struct {
	w     io.Writer
	level slog.Level
	log   *slog.Logger
}

func (j *jsonWriter) Write(b []byte) (int, error) {
	text := bytes.TrimSpace(b)
	switch {
	case len(text) == 0:
		return len(b), nil
	case text[0] == '{' && json.Valid(text):
		return j.w.Write(b)
	}
	j.log.Log(context.Background(), j.level, string(text))
	return len(b), nil
}

package telemetry

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
)

// EnJSON makes a writer whose every Write is one JSON record on w: a text becomes the message of a record of that level,
// a record of a JSON log passes as it is, blank text is left out.
func EnJSON(w io.Writer, nivel slog.Level) io.Writer {
	return &jsonWriter{w: w, nivel: nivel, log: slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: nivel}))}
}

type jsonWriter struct {
	w     io.Writer
	nivel slog.Level
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
	j.log.Log(context.Background(), j.nivel, string(text))
	return len(b), nil
}

package telemetry

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestEnJSON(t *testing.T) {
	tests := map[string]struct {
		text, want string // a part of the one line that comes out; empty: no line
	}{
		"a line":        {"not ready\n", `"level":"WARN","msg":"not ready"`},
		"several lines": {"one\n  two\n", `"msg":"one\n  two"`},
		"a record of a log": {
			`{"level":"INFO","msg":"x"}` + "\n",
			`{"level":"INFO","msg":"x"}`,
		},
		"braces, but no record": {"{x} is wrong\n", `"msg":"{x} is wrong"`},
		"quotes":                {`the "x"`, `"msg":"the \"x\""`},
		"blank":                 {"\n \n", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if n, err := fmt.Fprint(AsJSON(&b, slog.LevelWarn), tt.text); n != len(tt.text) ||
				err != nil {
				t.Fatal(n, err)
			}
			line := b.String()
			if !strings.Contains(line, tt.want) || tt.want == "" && line != "" {
				t.Errorf("%q", line)
			}
			if line != "" && (!json.Valid([]byte(line)) || strings.Count(line, "\n") != 1) {
				t.Errorf("not one line of JSON: %q", line)
			}
		})
	}
}

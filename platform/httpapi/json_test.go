package httpapi

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestNumbersBeyondFloat64: a number that no float64 holds is refused with its place. Inside a batch it is not
// refused: the operation receives it as it was sent.
func TestNumbersBeyondFloat64(t *testing.T) {
	larga := strings.Repeat("9", 400)
	for body, want := range map[string]struct {
		place  string // of the refusal; empty: none
		member string // the batch's second member, as the operation reads it
	}{
		`{"n":1e400}`:                                              {place: "body.n"},
		`{"n":-` + larga + `}`:                                     {place: "body.n"},
		`{"n":1,"posiciones":[{},{"x":1e400}]}`:                    {member: `{"x":1e400}`},
		`{"n":1,"posiciones":[{},{"x":-` + larga + `}]}`:           {member: `{"x":-` + larga + `}`},
		`{"n":1,"posiciones":[{},[2.5,"1e400",7]]}`:                {member: `[2.5,"1e400",7]`},
		`{"posiciones":[{"x":1e400},1e999],"n":1e400}`:             {place: "body.n"},
		`{"otras":[1e400],"posiciones":[1,2]}`:                     {place: "body.otras[0]"},
		`{"n":1,"posiciones":[{"x":1e400},{"x":"` + larga + `"}]}`: {member: `{"x":"` + larga + `"}`},
	} {
		var value any
		err := decode([]byte(body), &value)
		if place := placeOf(err); place != want.place {
			t.Errorf("%.60s: refused at %q: %v", body, place, err)
		}
		if err != nil {
			if strings.Contains(err.Error(), "999") || strings.Contains(err.Error(), "1e400") {
				t.Errorf("%.60s: the number is repeated: %v", body, err)
			}
			continue
		}
		var batch struct {
			N          float64           `json:"n"`
			Posiciones []json.RawMessage `json:"posiciones"`
		}
		if err := decode([]byte(body), &batch); err != nil ||
			string(batch.Posiciones[1]) != want.member {
			t.Errorf("%.60s: %s, %v", body, batch.Posiciones, err)
		}
	}
}

// placeOf gives the place that a decoder's error names.
func placeOf(err error) string {
	if err == nil {
		return ""
	}
	place, _, _ := strings.Cut(err.Error(), separator)
	return place
}

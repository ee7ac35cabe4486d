package text

import "testing"

// TestSettle: settle ends for a step that turns texts into each other in a circle, with the least text of the circle.
func TestSettle(t *testing.T) {
	circle := map[string]string{
		"start": "b",
		"b":     "c",
		"c":     "a",
		"a":     "b",
		"still": "still",
		"once":  "still",
	}
	for in, want := range map[string]string{
		"start": "a", "a": "a", "b": "a", "c": "a", "still": "still", "once": "still",
	} {
		if got := settle(in, func(s string) string { return circle[s] }); got != want {
			t.Errorf("settle(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestEveryLetterIsFolded: every letter is folded in a few steps, and both cases of a letter fold alike.
func TestEveryLetterIsFolded(t *testing.T) {
	for r := rune(0); r < 0x30000; r++ {
		s := string(r)
		if f := fold(s); fold(f) != f && fold(fold(f)) != fold(f) {
			t.Errorf("%+q: %+q, then %+q", s, f, fold(f))
		}
	}
}

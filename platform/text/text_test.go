package text_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"despensa/platform/text"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestLineAndLines(t *testing.T) {
	tests := map[string]struct {
		in          string
		line, lines string
		errLine     error
		errLines    error
	}{
		"empty": {},
		"as typed": {in: "Av. Corrientes 4100 3º «B»", line: "Av. Corrientes 4100 3º «B»",
			lines: "Av. Corrientes 4100 3º «B»"},
		"combining accents": {in: "Pin\u0303o\u0301n", line: "Piñón", lines: "Piñón"},
		"other alphabets": {
			in:    "Καφές 饺子 قهوة",
			line:  "Καφές 饺子 قهوة",
			lines: "Καφές 饺子 قهوة",
		},
		"a kept replacement":  {in: "\ufffd", line: "\ufffd", lines: "\ufffd"},
		"Windows lines":       {in: "uno\r\ndos", errLine: text.ErrLines, lines: "uno\ndos"},
		"old Macintosh lines": {in: "uno\rdos", errLine: text.ErrLines, lines: "uno\ndos"},
		"Unicode lines": {
			in:      "a\u2028b\u2029c\u0085d",
			errLine: text.ErrLines,
			lines:   "a\nb\nc\nd",
		},
		"an empty line": {in: "a\r\n\r\nb", errLine: text.ErrLines, lines: "a\n\nb"},
		"tab":           {in: "a\tb", errLine: text.ErrLines, lines: "a\tb"},
		"emoji with style": {
			in:    "Miel ❤\ufe0f",
			line:  "Miel ❤\ufe0f",
			lines: "Miel ❤\ufe0f",
		},
		"emoji family": {in: "👩\u200d👧", line: "👩\u200d👧", lines: "👩\u200d👧"},
		"keycap": {
			in:    "1\ufe0f\u20e3",
			line:  "1\ufe0f\u20e3",
			lines: "1\ufe0f\u20e3",
		},
		"joiner between letters": {
			in:       "a\u200db",
			errLine:  text.ErrInvisible,
			errLines: text.ErrInvisible,
		},
		"joiner at the end": {
			in:       "👩\u200d",
			errLine:  text.ErrInvisible,
			errLines: text.ErrInvisible,
		},
		"style behind a letter": {
			in:       "a\ufe0f",
			errLine:  text.ErrInvisible,
			errLines: text.ErrInvisible,
		},
		"not UTF-8": {
			in:       "a\xff",
			errLine:  text.ErrEncoding,
			errLines: text.ErrEncoding,
		},
		"a surrogate in UTF-8": {
			in:       "\xed\xa0\x80",
			errLine:  text.ErrEncoding,
			errLines: text.ErrEncoding,
		},
	}
	for _, r := range "\x00\x01\x08\x0b\x0c\x1b\x7f\u0080\u009f\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200e\u200f" +
		"\u202a\u202b\u202c\u202d\u202e\u2060\u2064\u2066\u2067\u2068\u2069\u206a" +
		"\u3164\ufeff\uffa0\ufff9\ufffe\U000e0041\U0010ffff" {
		tests["character "+strings.ToUpper(string(r))] = struct {
			in          string
			line, lines string
			errLine     error
			errLines    error
		}{in: "a" + string(r) + "b", errLine: text.ErrInvisible, errLines: text.ErrInvisible}
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			if got, err := text.Line(c.in); got != c.line || !errors.Is(err, c.errLine) {
				t.Errorf("Line(%+q) = %+q, %v", c.in, got, err)
			}
			if got, err := text.Lines(c.in); got != c.lines || !errors.Is(err, c.errLines) {
				t.Errorf("Lines(%+q) = %+q, %v", c.in, got, err)
			}
		})
	}
}

func TestWhatIsKeptIsKeptAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.Rune()).Draw(t, "s")
		for name, keep := range map[string]func(string) (string, error){"Line": text.Line, "Lines": text.Lines} {
			kept, err := keep(s)
			if err != nil {
				continue
			}
			if again, err := keep(kept); again != kept || err != nil {
				t.Fatalf("%s(%+q) = %+q, again %+q, %v", name, s, kept, again, err)
			}
			control := func(r rune) bool { return unicode.Is(unicode.Cc, r) && r != '\n' && r != '\t' }
			if !norm.NFC.IsNormalString(kept) || strings.ContainsFunc(kept, control) {
				t.Fatalf("%s keeps %+q", name, kept)
			}
		}
		clean := text.Clean(s, 20)
		if kept, err := text.Line(clean); err != nil || kept != clean ||
			utf8.RuneCountInString(clean) > 20 {
			t.Fatalf("Clean(%+q) = %+q, %v", s, clean, err)
		}
	})
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"":                                   "",
		" Ana \u202e\u200b\r\n Pe\u0301rez ": "Ana Pérez",
		"a\xffb":                             "a b",
		"uno dos tres cuatro cinco":          "uno dos tres cuatro",
	} {
		if got := text.Clean(in, 20); got != want {
			t.Errorf("Clean(%+q) = %+q, want %+q", in, got, want)
		}
	}
}

func TestIsBlank(t *testing.T) {
	for in, want := range map[string]bool{
		"": true, " \t\n": true, "\u00a0\u2003\u3000": true, "\u3164\u2800": false, "\u3164": true, "\u0301": true,
		"a": false, "❤": false,
	} {
		if got := text.IsBlank(in); got != want {
			t.Errorf("IsBlank(%+q) = %v", in, got)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"":                          "",
		"  Ñoquis   de PAPA 500 g ": "noquis de papa 500 g",
		"Azúcar, común (tipo A)":    "azucar comun tipo a",
		"PINGÜINO 1,5 l":            "pinguino 1 5 l",
		"Piñón":                     "pinon",
		"Pin\u0303o\u0301n":         "pinon",
		"PIN\u0303O\u0301N":         "pinon",
		"ﬁdeos":                     "fideos",
		"ＣＡＦÉ":                      "cafe",
		"Straße":                    "strasse",
		"Çà et là":                  "ca et la",
		"İstanbul":                  "istanbul",
		"Καφές":                     "καφεσ",
		"%_'--":                     "",
		"\uab73\u13a3 \u13f8":       "\u13a3\u13a3 \u13f0", // x/text turns one case into the other, for ever
	} {
		if got := text.Fold(in); got != want {
			t.Errorf("Fold(%+q) = %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.Rune()).Draw(t, "s")
		f := text.Fold(s)
		if text.Fold(f) != f {
			t.Fatalf("folding %+q again changes it", f)
		}
		if text.Fold(norm.NFD.String(s)) != f || text.Fold(norm.NFC.String(s)) != f {
			t.Fatalf("the normal forms of %+q are folded differently", s)
		}
		if strings.ContainsAny(f, "%_\\.*+?()[]{}|^$") {
			t.Fatalf("%+q holds a pattern", f)
		}
	})
}

func TestMailbox(t *testing.T) {
	const ines = "inés@correo.example"
	for in, want := range map[string]string{
		" INÉS@Correo.example ":     ines,
		"INE\u0301S@correo.example": ines,
		"ines@correo.example":       "ines@correo.example", // another mailbox
		"":                          "",
	} {
		if got := text.Mailbox(in); got != want {
			t.Errorf("Mailbox(%+q) = %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.Rune()).Draw(t, "s")
		if m := text.Mailbox(s); text.Mailbox(m) != m {
			t.Fatalf("Mailbox of %+q changes", m)
		}
	})
}

func TestDocument(t *testing.T) {
	for in, want := range map[string]string{"12.345.678": "12345678", "12345678": "12345678", "AB-123": "ab123", "": ""} {
		if got := text.Document(in); got != want {
			t.Errorf("Document(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPhone(t *testing.T) {
	tests := map[string]string{
		"":                     "",
		"(011) 4321-0000":      "+541143210000",
		"011 4321 0000":        "+541143210000",
		"+54 11 4321-0000":     "+541143210000",
		"+54 (0)11 4321-0000":  "+541143210000",
		"0054 11 4321 0000":    "+541143210000",
		"54 11 4321 0000":      "+541143210000",
		"+54 9 11 4321-0000":   "+5491143210000",
		"54 9 11 4321 0000":    "+5491143210000",
		"9 11 4321 0000":       "+5491143210000",
		"011 15-4321-0000":     "+5491143210000",
		"(011) 15 4321 0000":   "+5491143210000",
		"11 15 4321 0000":      "+5491143210000",
		"+54 11 15 4321 0000":  "+5491143210000",
		"15 4321-0000":         "+5491143210000",
		"0351 15 512-3456":     "+5493515123456",
		"(0351) 512-3456":      "+543515123456",
		"02954 15 41-2345":     "+5492954412345",
		"02954 41-2345":        "+542954412345",
		"0800-222-1234":        "08002221234",
		"0810 333 4444":        "08103334444",
		"15 512-3456":          "155123456", // without an area
		"4321-0000":            "43210000",
		"11 4321-0000":         "1143210000", // a mobile or not
		"4321.0000":            "43210000",
		"4321–0000":            "43210000",
		"+1 (415) 555-2671":    "+14155552671",
		"00 598 2 901 0000":    "+59829010000",
		"\u00a0４３２１\u20110000": "43210000",
		"1155550000":           "1155550000",
	}
	for in, want := range tests {
		if got, err := text.Phone(in); got != want || err != nil {
			t.Errorf("Phone(%+q) = %q, %v, want %q", in, got, err, want)
		}
	}
	for _, in := range []string{
		"no", "1234", "+", "+0 11 4321", "4321-0000 int. 12", "4321+0000", "++541143210000",
		"1234567890123456", "()", "٤٣٢١٠٠٠٠", "4321\u202e0000",
	} {
		if got, err := text.Phone(in); !errors.Is(err, text.ErrPhone) {
			t.Errorf("Phone(%+q) = %q, %v", in, got, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`\+?[0-9 ()./-]{1,24}`).Draw(t, "s")
		kept, err := text.Phone(s)
		if again, errAgain := text.Phone(kept); err == nil &&
			(again != kept || errAgain != nil) {
			t.Fatalf("Phone(%q) = %q, again %q, %v", s, kept, again, errAgain)
		}
	})
}

func TestHasLoneSurrogate(t *testing.T) {
	for raw, want := range map[string]bool{
		`"a"`: false, `""`: false, `"\ud83d\ude00"`: false, `"\uD83D\uDE00 \n"`: false, `"\\ud800"`: false,
		`"\u00e9"`: false,
		`"\ud800"`: true, `"\udc00"`: true, `"\ud800\ud800"`: true, `"\ud800x"`: true, `"\ud800\n"`: true,
		`"\ud83d\ude00\ude00"`: true,
		`"\\\ud800"`:           true, `"\udbff\udfff"`: false, `"\udfff\udbff"`: true,
		`"\ud800\`: true, `"\u12`: false, `\`: false,
	} {
		if got := text.HasLoneSurrogate([]byte(raw)); got != want {
			t.Errorf("%s: %v", raw, got)
		}
	}
}

// Package text holds the rules for texts that people write: the characters that a text may hold, the form in which it
// is stored, the form in which it is searched, and telephone numbers. Texts are stored in Unicode normal form C.
package text

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Errors of this package. Their messages never repeat a part of the text.
var (
	// ErrEncoding says that a text is not UTF-8, or that a JSON escape in it is half of a surrogate pair.
	ErrEncoding = errors.New("is not Unicode text")
	// ErrInvisible says that a text holds a control, direction or zero-width character.
	ErrInvisible = errors.New("holds a control, direction or zero-width character")
	// ErrLines says that a text has a tab or more than one line where a single line is expected.
	ErrLines = errors.New("must be one line without tabs")
)

// Check refuses characters that no text of this program may hold, of one line or of several. Errors: ErrEncoding,
// ErrInvisible.
func Check(s string) error {
	if isPlain(s) {
		return nil
	}
	if !utf8.ValidString(s) {
		return ErrEncoding
	}
	runes := []rune(s)
	for i, r := range runes {
		if isInvisible(r) && !isInEmoji(runes, i) {
			return ErrInvisible
		}
	}
	return nil
}

// Line gives the stored form of a text of one line, such as a name, a street or a reason. Blanks at the ends stay.
// Errors: those of Check, ErrLines.
func Line(s string) (string, error) {
	if err := Check(s); err != nil {
		return "", err
	}
	if strings.ContainsFunc(s, isBreak) {
		return "", ErrLines
	}
	return Normal(s), nil
}

// Lines gives the stored form of a text of several lines, such as notes. All line ends become "\n"; tabs stay.
// Errors: those of Check.
func Lines(s string) (string, error) {
	if err := Check(s); err != nil {
		return "", err
	}
	return Normal(breaks.Replace(s)), nil
}

// breaks writes every way of ending a line as "\n".
var breaks = strings.NewReplacer(
	"\r\n",
	"\n",
	"\r",
	"\n",
	"\u0085",
	"\n",
	"\u2028",
	"\n",
	"\u2029",
	"\n",
)

// Normal gives s in Unicode normal form C. The result of a text that passes Check passes Check too.
func Normal(s string) string { return norm.NFC.String(s) }

// Decomposed gives s in Unicode normal form D, which some programs write.
func Decomposed(s string) string { return norm.NFD.String(s) }

// IsBlank reports whether a reader of s sees nothing.
func IsBlank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsSpace(r) && !isInvisible(r) && !unicode.Is(unicode.M, r)
	})
}

// Clean makes one line of at most limit characters out of a text that cannot be sent back to its author, such as a
// name from another program. Characters that Line refuses become blanks, and several blanks become one.
func Clean(s string, limit int) string {
	s = Normal(strings.ToValidUTF8(s, " "))
	s = strings.Join(
		strings.FieldsFunc(
			s,
			func(r rune) bool { return unicode.IsSpace(r) || isInvisible(r) },
		),
		" ",
	)
	if r := []rune(s); len(r) > limit {
		s = strings.TrimSpace(string(r[:limit]))
	}
	return s
}

// isPlain reports whether s is printable ASCII, as most texts are.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= unicode.MaxASCII {
			return false
		}
	}
	return true
}

// isBreak reports whether r ends a line or is a tab.
func isBreak(r rune) bool {
	switch r {
	case '\t', '\n', '\r', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

// isInvisible reports whether r is a control, format (direction, zero-width) or other character that shows nothing by
// itself, or no character at all (a surrogate, a noncharacter). The characters of isBreak count as visible: Line and
// Lines judge them.
func isInvisible(r rune) bool {
	if isBreak(r) {
		return false
	}
	return unicode.In(
		r,
		unicode.Cc,
		unicode.Cf,
		unicode.Cs,
		unicode.Other_Default_Ignorable_Code_Point,
		unicode.Variation_Selector,
		unicode.Noncharacter_Code_Point,
	)
}

// The characters that join and colour emoji, as telephones write them.
const (
	joiner        = '\u200d'
	emojiStyle    = '\ufe0f'
	textStyle     = '\ufe0e'
	firstModifier = '\U0001f3fb' // skin tones
	lastModifier  = '\U0001f3ff'
)

// isInEmoji reports whether the invisible character at i belongs to an emoji: a style behind a symbol, or a joiner
// between two symbols. Behind a letter both are refused.
func isInEmoji(runes []rune, i int) bool {
	if i == 0 {
		return false
	}
	switch before := runes[i-1]; runes[i] {
	case emojiStyle, textStyle:
		return isSymbol(before) ||
			strings.ContainsRune("0123456789#*", before) && i+1 < len(runes) &&
				runes[i+1] == '\u20e3'
	case joiner:
		return (isSymbol(before) || before == emojiStyle) && i+1 < len(runes) &&
			isSymbol(runes[i+1])
	}
	return false
}

// isSymbol reports whether r may be part of an emoji.
func isSymbol(r rune) bool {
	if r >= firstModifier && r <= lastModifier {
		return true
	}
	return r > unicode.MaxASCII && unicode.In(r, unicode.So, unicode.Sm, unicode.Po)
}

package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold gives the words of s as they are searched: without case, accents and other marks, each way of writing a
// character (composed, wide, a ligature) alike, one blank between two words. What is neither letter nor number parts
// words. Folding twice is folding once.
func Fold(s string) string {
	for {
		next := fold(s)
		if next == s {
			return s
		}
		s = next
	}
}

func fold(s string) string {
	s = norm.NFKD.String(cases.Fold().String(norm.NFKD.String(s)))
	s = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.N, unicode.Mc)
	}), " "))
}

// Mailbox gives an e-mail address as two of them are compared: outer blanks and case do not count, accents do, because
// they tell mailboxes apart. Applying it twice changes nothing.
func Mailbox(s string) string {
	s = strings.TrimSpace(s)
	for {
		next := norm.NFC.String(strings.ToLower(norm.NFC.String(s)))
		if next == s {
			return s
		}
		s = next
	}
}

// Document gives the number of an identity document as two of them are compared: letters and digits alone, in lower
// case.
func Document(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, norm.NFKC.String(s)))
}

package text

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold gives the words of s in the form in which they are searched: without case, accents and other marks, with one
// blank between two words. All ways of writing a character (composed, wide, a ligature) give the same form.
// Characters other than letters and numbers separate words. Fold of its own result changes nothing.
func Fold(s string) string { return settle(s, fold) }

// settle applies step to s until it changes nothing more. A few texts never settle, because step turns two or more of
// them into each other in a circle. For each text of a circle settle gives the least one.
func settle(s string, step func(string) string) string {
	seen := []string{s}
	for {
		next := step(s)
		if i := slices.Index(seen, next); i >= 0 {
			return slices.Min(seen[i:])
		}
		seen, s = append(seen, next), next
	}
}

func fold(s string) string {
	s = norm.NFKD.String(cases.Fold().String(norm.NFKD.String(s)))
	s = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			return -1
		}
		return cherokee(r)
	}, s)
	return norm.NFC.String(strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.N, unicode.Mc)
	}), " "))
}

// cherokee gives the capital of a small Cherokee letter, which is its fold (Unicode's CaseFolding.txt), and any other
// letter as it is: x/text v0.43.0 turns each of the two into the other.
func cherokee(r rune) rune {
	switch {
	case r >= 0xAB70 && r <= 0xABBF:
		return r - 0xAB70 + 0x13A0
	case r >= 0x13F8 && r <= 0x13FD:
		return r - 0x13F8 + 0x13F0
	}
	return r
}

// Mailbox gives the form of an e-mail address that is compared with others: without outer blanks and case. Accents
// stay, because they tell mailboxes apart. Mailbox of its own result changes nothing.
func Mailbox(s string) string {
	return settle(strings.TrimSpace(s), func(s string) string {
		return norm.NFC.String(strings.ToLower(norm.NFC.String(s)))
	})
}

// Document gives the form of an identity document's number that is compared with others: its letters and digits
// alone, in lower case.
func Document(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, norm.NFKC.String(s)))
}

package text

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// LooksPersonal reports whether s holds an e-mail address, a telephone number or the number of a payment card, by
// their forms. UUIDs are skipped. Three forms are telephone numbers: a number with its country (+54 9 11 5555-1234);
// one of Argentina, known by its prefix or its groups (011 5555-1234, (0351) 455-1234, 549 and ten digits); ten bare
// digits that begin like those of Buenos Aires. Any other bare number counts as the writer's own, such as an order
// number. A card number has 13 to 19 digits, begins like those of a card network, and has the check digit of Luhn,
// which one in ten numbers of that form has by chance.
func LooksPersonal(s string) bool {
	s = uuids.ReplaceAllString(plainSigns(norm.NFKC.String(s)), "/")
	return mailbox.MatchString(s) || hasNumber(s) || hasCard(s)
}

// plainSigns writes digits, dashes and full stops of every script in ASCII, and the escape %40 as "@".
func plainSigns(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r < utf8.RuneSelf:
			return r
		case r == '\u3002' || r == '\u06d4':
			return '.'
		case unicode.Is(unicode.Pd, r) || r == '\u2212':
			return '-'
		case unicode.Is(unicode.Nd, r):
			return '0' + digit(r)
		}
		return r
	}, s)
	return strings.ReplaceAll(s, "%40", "@")
}

// digit is the value of a decimal digit: the ten digits of a script follow one another, zero first.
func digit(r rune) (n rune) {
	for unicode.Is(unicode.Nd, r-n-1) && n < 9 {
		n++
	}
	return n
}

var (
	uuids = regexp.MustCompile(
		`(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`,
	)
	mailbox = regexp.MustCompile(`[^\s@]@[\pL\pN-]+(\.[\pL\pN-]+)*\.\pL{2,}`)
	// numbers are digits in groups, as people and forms write a long number.
	numbers = regexp.MustCompile(`\+?\(?[0-9]+(?:[ ()./-]{1,3}[0-9]+)*`)
	groups  = regexp.MustCompile(`[0-9]+`)
	// printed is a number in the groups of a card, with any signs between the groups.
	printed = regexp.MustCompile(`(?:^|[^0-9])([0-9]{4}(?:[^\pL\pN]{1,5}[0-9]{4}){3}` +
		`|[0-9]{4}[^\pL\pN]{1,5}[0-9]{6}[^\pL\pN]{1,5}[0-9]{5})(?:[^0-9]|$)`)
	// foreign is a number with a country other than Argentina's.
	foreign = regexp.MustCompile(`^\+[1-9][0-9]{7,14}$`)
	// bare is a number of Argentina that is written without any sign between its digits.
	bare = regexp.MustCompile(`^((0054|54)9?(11|[23])|0(11|[23])|(9?11[2-7]))[0-9]+$`)
)

// hasNumber looks for a telephone or card number in every run of neighbouring groups of digits.
func hasNumber(s string) bool {
	for _, at := range numbers.FindAllStringIndex(s, -1) {
		if at[0] > 0 && isWord(s[at[0]-1]) || at[1] < len(s) && isWord(s[at[1]]) {
			continue // part of a word: an id of letters and digits
		}
		run := s[at[0]:at[1]]
		gs := groups.FindAllString(run, -1)
		for i := range gs {
			for j := i + 1; j <= len(gs); j++ {
				if isCard(strings.Join(gs[i:j], "")) ||
					isPhone(gs[i:j], i == 0 && run[0] == '+') {
					return true
				}
			}
		}
	}
	return false
}

// hasCard looks for the number of a card in the groups in which cards show it.
func hasCard(s string) bool {
	for _, m := range printed.FindAllStringSubmatch(s, -1) {
		if isCard(strings.Join(groups.FindAllString(m[1], -1), "")) {
			return true
		}
	}
	return false
}

func isWord(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// isPhone reports whether groups of digits, behind a "+" or not, are a telephone number.
func isPhone(gs []string, plus bool) bool {
	digits := strings.Join(gs, "")
	switch {
	case plus:
		return foreign.MatchString("+" + digits)
	case len(gs) == 1:
		return bare.MatchString(digits) && dials(digits)
	}
	last := gs[len(gs)-1]
	before := len(gs[len(gs)-2])
	return len(last) == 4 && (before == 3 || before == 4) && dials(digits) // …5555-1234
}

// dials reports whether digits are a number within Argentina, area code included.
func dials(digits string) bool {
	digits = strings.TrimPrefix(digits, "00")
	if rest, found := strings.CutPrefix(digits, "54"); found && len(rest) >= 10 {
		digits = rest
	}
	known := strings.TrimPrefix(strings.TrimPrefix(digits, "0"), "9")
	if len(known) < 10 ||
		known[0] != '1' && known[1] < '2' { // no area code begins with 20, 21, 30 or 31
		return false
	}
	return national(digits) != ""
}

// isCard reports whether digits are the number of a payment card.
func isCard(digits string) bool {
	return len(digits) >= 13 && len(digits) <= 19 && isIssued(digits) && luhn(digits)
}

// isIssued reports whether digits begin like the numbers of a card network.
func isIssued(digits string) bool {
	switch digits[0] {
	case '3', '4', '5', '6':
		return true
	case '2': // Mastercard
		return len(digits) == 16 && digits[:4] >= "2221" && digits[:4] <= "2720"
	}
	return false
}

// luhn reports whether the last of digits is the check digit of the rest.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
		}
		sum += d/10 + d%10
	}
	return sum%10 == 0
}

package text

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// ErrPhone says that the text is no telephone number.
var ErrPhone = errors.New("is not a telephone number")

// Bounds of a telephone number, in digits; phoneMax is that of E.164.
const (
	phoneMin = 5
	phoneMax = 15
)

// Phone gives the stored form of a telephone number of Argentina, or of one with its country: "+" and digits (E.164)
// where area and kind are known, otherwise the digits as they are dialled, such as 08002221234 and 43210000. "" stays
// "". Phone of its own result changes nothing. Errors: ErrPhone.
func Phone(s string) (string, error) {
	s = strings.TrimSpace(norm.NFKC.String(s))
	if s == "" {
		return "", nil
	}
	plus := strings.HasPrefix(s, "+")
	digits, ok := dialled(strings.TrimPrefix(s, "+"))
	if !ok {
		return "", ErrPhone
	}
	if rest, found := strings.CutPrefix(digits, "00"); found && !plus {
		digits, plus = rest, true
	}
	if plus && strings.HasPrefix(digits, "0") || len(digits) < phoneMin {
		return "", ErrPhone
	}
	digits = argentine(digits, plus)
	if len(strings.TrimPrefix(digits, "+")) > phoneMax {
		return "", ErrPhone
	}
	return digits, nil
}

// dialled gives the digits of s without the blanks, brackets, dots, slashes and dashes between them; false when s has
// other characters.
func dialled(s string) (digits string, ok bool) {
	ok = true
	digits = strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case unicode.IsSpace(r), strings.ContainsRune("()./-", r), unicode.Is(unicode.Pd, r):
			return -1
		}
		ok = false
		return -1
	}, s)
	return digits, ok
}

// argentine writes a number of Argentina as E.164 where its digits show the area code and whether it is a mobile. Any
// other number stays as it is.
func argentine(digits string, international bool) string {
	switch {
	case international && !strings.HasPrefix(digits, "54"):
		return "+" + digits
	case international:
		return orElse(national(digits[2:]), "+"+digits)
	case isService(digits):
		return digits
	case strings.HasPrefix(digits, "0"):
		return orElse(national(digits), digits)
	case strings.HasPrefix(digits, "54") && len(digits) >= 12:
		return orElse(national(digits[2:]), digits)
	case strings.HasPrefix(digits, "15") && len(digits) == 10:
		return "+54911" + digits[2:] // only Buenos Aires (11) has numbers of eight digits
	case len(digits) == 11 && digits[0] == '9', len(digits) == 12:
		return orElse(national(digits), digits)
	}
	return digits // the area is unknown, or whether the number is a mobile
}

// services are the prefixes of numbers without an area.
var services = []string{"0800", "0810", "0600", "0609", "0610"}

// isService reports whether digits are a number without an area, such as 0800.
func isService(digits string) bool {
	return slices.ContainsFunc(
		services,
		func(prefix string) bool { return strings.HasPrefix(digits, prefix) },
	)
}

// national writes the E.164 form of a number within Argentina: an optional 0, an optional 9 (mobile), the area code,
// an optional 15 (mobile) and the subscriber's number, ten digits with the area. "": digits are no such number.
func national(digits string) string {
	digits = strings.TrimPrefix(digits, "0")
	mobile := strings.HasPrefix(digits, "9")
	digits = strings.TrimPrefix(strings.TrimPrefix(digits, "9"), "0")
	area := areaLength(digits)
	if area == 0 {
		return ""
	}
	if len(digits) == 12 && digits[area:area+2] == "15" {
		digits, mobile = digits[:area]+digits[area+2:], true
	}
	switch {
	case len(digits) != 10:
		return ""
	case mobile:
		return "+549" + digits
	}
	return "+54" + digits
}

// areas are the area codes of three digits; 11 has two, and all others that begin with 2 or 3 have four.
var areas = strings.Fields(
	`220 221 223 230 236 237 249 260 261 263 264 266 280 291 294 297 298 299
	336 341 342 343 345 348 351 353 358 362 364 370 376 379 380 381 383 385 387 388`,
)

// areaLength gives how many digits of a national number are its area code; 0: the number has none.
func areaLength(digits string) int {
	switch {
	case len(digits) < 10:
		return 0
	case strings.HasPrefix(digits, "11"):
		return 2
	case digits[0] != '2' && digits[0] != '3':
		return 0
	case slices.Contains(areas, digits[:3]):
		return 3
	}
	return 4
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

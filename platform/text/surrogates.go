package text

import (
	"bytes"
	"strconv"
)

// HasLoneSurrogate reports whether the JSON string raw, quotes included, escapes half of a surrogate pair. Decoders
// replace such an escape without an error.
func HasLoneSurrogate(raw []byte) bool {
	for {
		i := bytes.IndexByte(raw, '\\')
		if i < 0 || i+1 >= len(raw) {
			return false
		}
		raw = raw[i:]
		unit, ok := escaped(raw)
		if !ok {
			raw = raw[2:] // an escape of one letter
			continue
		}
		raw = raw[escapeLength:]
		if unit < highSurrogates || unit > endOfSurrogates {
			continue
		}
		low, ok := escaped(raw)
		if unit >= lowSurrogates || !ok || low < lowSurrogates || low > endOfSurrogates {
			return true
		}
		raw = raw[escapeLength:]
	}
}

// The ranges of UTF-16's halves, and the length of \uXXXX.
const (
	highSurrogates  = 0xd800
	lowSurrogates   = 0xdc00
	endOfSurrogates = 0xdfff
	escapeLength    = 6
)

// escaped reads \uXXXX at the beginning of raw; false when raw begins otherwise.
func escaped(raw []byte) (unit uint64, ok bool) {
	if len(raw) < escapeLength || raw[0] != '\\' || raw[1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(raw[2:escapeLength]), 16, 16)
	return unit, err == nil
}

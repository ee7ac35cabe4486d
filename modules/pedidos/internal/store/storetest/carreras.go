package storetest

import "runtime/debug"

// conCarrera reports whether this binary looks for data races: figures of time mean nothing then.
func conCarrera() bool {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return false
	}
	for _, s := range info.Settings {
		if s.Key == "-race" {
			return s.Value == "true"
		}
	}
	return false
}

//go:build race

package flota

// conRace says that this test binary looks for data races, which makes it slow.
const conRace = true

//go:build !race

package flota

const conRace = false

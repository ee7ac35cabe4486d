//go:build !race

package storetest

// conCarrera: the race detector is on, figures of time mean nothing.
const conCarrera = false

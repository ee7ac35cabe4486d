//go:build !linux

package comandos

// soltar does nothing: see Linux's.
func soltar(tramo) {}

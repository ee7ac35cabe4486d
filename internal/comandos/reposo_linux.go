package comandos

import "syscall"

// soltar takes a part of the program's file out of resident memory: what of it is run again is mapped again. Memory that
// was written would be lost.
func soltar(t tramo) {
	_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, t.desde, t.hasta-t.desde, syscall.MADV_DONTNEED) // else it stays
}

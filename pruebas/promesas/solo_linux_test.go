//go:build !linux

package promesas_test

import (
	"runtime"
	"testing"
)

// TestComposeDelivers needs a root folder of its own and another user for the program (contenedor_test.go).
func TestComposeDelivers(t *testing.T) {
	t.Skipf("SKIPPED: chroot and namespaces are Linux's, this is %s", runtime.GOOS)
}

//go:build !unix

package caidas_test

import (
	"runtime"
	"testing"
)

// TestServersGoAway stops and continues servers by POSIX signals (fallas_servidores_test.go).
func TestServersGoAway(t *testing.T) {
	t.Skipf("SKIPPED: stopping a server takes SIGSTOP, which %s lacks", runtime.GOOS)
}

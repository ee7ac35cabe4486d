//go:build !unix

package kit

import (
	"os/exec"
	"runtime"
	"testing"
)

// onlyWithSignals skips the test: it ends processes by signals, which this system lacks.
func onlyWithSignals(t testing.TB) {
	t.Helper()
	t.Skipf(
		"SKIPPED: %s has no process groups and signals, by which these tests end the program",
		runtime.GOOS,
	)
}

func ownGroup(*exec.Cmd) {}

func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

func endGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

func pauseGroup(*exec.Cmd) {}

func resumeGroup(*exec.Cmd) {}

//go:build unix

package kit

import (
	"os/exec"
	"syscall"
	"testing"
)

// onlyWithSignals lets the test go on: this system kills processes by signals.
func onlyWithSignals(testing.TB) {}

// ownGroup makes cmd, once started, the head of a process group.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup sends SIGKILL to the process group of cmd.
func killGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

// endGroup sends SIGTERM to the process group of cmd.
func endGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }

// pauseGroup stops the process group of cmd where it is; resumeGroup lets it go on.
func pauseGroup(cmd *exec.Cmd)  { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGSTOP) }
func resumeGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGCONT) }

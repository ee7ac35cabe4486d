package comandos

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
)

// errNoText says that /proc/self/smaps shows no code of this program that can be given back.
var errNoText = errors.New("comandos: no code of the program can be given back")

// mapping is a range of addresses, end exclusive.
type mapping struct{ start, end uintptr }

// trim gives the pages of the program's code that only the start needed back to the kernel: a third of an idle process.
// A page that runs again is mapped again out of the page cache. Errors: errNoText; those of /proc and of madvise(2).
func trim() error {
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return fmt.Errorf("comandos: %w", err)
	}
	smaps, err := os.Open("/proc/self/smaps")
	if err != nil {
		return fmt.Errorf("comandos: %w", err)
	}
	defer func() { _ = smaps.Close() }()
	text, err := codeOf(smaps, exe)
	if err != nil {
		return err
	}
	_, _, no := syscall.Syscall(
		syscall.SYS_MADVISE,
		text.start,
		text.end-text.start,
		syscall.MADV_DONTNEED,
	)
	if no != 0 {
		return fmt.Errorf("comandos: madvise: %w", no)
	}
	return nil
}

// codeOf finds the mapping of the code of exe in smaps, which has the form of proc_pid_smaps(5). Code that was changed
// in memory, as a debugger's breakpoints do, is left alone: its pages exist nowhere else. Errors: errNoText.
func codeOf(smaps io.Reader, exe string) (mapping, error) {
	var found mapping
	lines := bufio.NewScanner(smaps)
	for lines.Scan() {
		line := lines.Text()
		switch {
		case strings.HasSuffix(line, " "+exe):
			found = mapping{}
			if strings.Contains(line, " r-xp ") {
				if _, err := fmt.Sscanf(line, "%x-%x ", &found.start, &found.end); err != nil {
					return mapping{}, errNoText
				}
			}
		case found.end > 0 && strings.HasPrefix(line, "Anonymous:"):
			if strings.Fields(line)[1] != "0" {
				return mapping{}, errNoText
			}
			return found, nil
		}
	}
	return mapping{}, errNoText
}

package comandos

import (
	"errors"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestTrim: a third of the code at least is given back, and the program goes on.
func TestTrim(t *testing.T) {
	before := residentCode(t)
	if err := trim(); err != nil {
		t.Fatal(err)
	}
	if after := residentCode(t); after > before*2/3 {
		t.Errorf("%d kB of code are resident after the trim, %d before", after, before)
	}
}

// residentCode is the resident size of this program's code, in kB.
func residentCode(t *testing.T) int {
	t.Helper()
	smaps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile(
		` r-xp .* ` + regexp.QuoteMeta(exe) + `\n(?:[A-Z].*\n)*?Rss: +(\d+) kB`,
	)
	found := code.FindSubmatch(smaps)
	if found == nil {
		t.Fatal("smaps has no code of this program")
	}
	size, err := strconv.Atoi(string(found[1]))
	if err != nil {
		t.Fatal(err)
	}
	return size
}

// TestCodeOf: only unchanged code of this program is found.
func TestCodeOf(t *testing.T) {
	const (
		code   = "00400000-01816000 r-xp 00000000 fe:00 42    /bin/despensa\n"
		tables = "01816000-02daf000 r--p 01416000 fe:00 42    /bin/despensa\n"
		other  = "7f0000000000-7f0000001000 r-xp 00000000 fe:00 7    /lib/libc.so\n"
		clean  = "Rss:  100 kB\nAnonymous:         0 kB\n"
		dirty  = "Rss:  100 kB\nAnonymous:         4 kB\n"
	)
	tests := map[string]struct {
		smaps string
		want  mapping
		err   error
	}{
		"code": {
			smaps: other + clean + code + clean + tables + clean,
			want:  mapping{start: 0x400000, end: 0x1816000},
		},
		"changed code":      {smaps: code + dirty + tables + clean, err: errNoText},
		"tables alone":      {smaps: tables + clean, err: errNoText},
		"another program's": {smaps: other + clean, err: errNoText},
		"no sizes":          {smaps: code, err: errNoText},
		"an address that is a word": {
			smaps: strings.Replace(code, "00400000", "zz", 1) + clean,
			err:   errNoText,
		},
		"nothing": {err: errNoText},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := codeOf(strings.NewReader(tt.smaps), "/bin/despensa")
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("%+v, %v, want %+v, %v", got, err, tt.want, tt.err)
			}
		})
	}
}

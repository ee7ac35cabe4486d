package migrations

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// What a step may not do to what a release before it reads or writes: the releases run
// side by side while a new one rolls out, and back. A later release, when none of the old
// ones is left, may contract: it says so in the step, with the release that stopped using it.
var contrae = regexp.MustCompile(
	`(?i)\bdrop\s+(table|column|view)\b|\brename\b|\balter\s+column\b|\btruncate\b|\bdelete\s+from\b|` +
		`\badd\s+column\s+[^,;]*\bnot\s+null\b`,
)

// TestStepsExpand: after the first one, every step only adds, and what it adds may be
// left out by those who do not know it.
func TestStepsExpand(t *testing.T) {
	pasos := 0
	err := fs.WalkDir(archivos, ".", func(camino string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(camino, ".sql") || strings.HasPrefix(d.Name(), "00001_") {
			return err
		}
		b, err := fs.ReadFile(archivos, camino)
		if err != nil {
			return err
		}
		pasos++
		sube, _, _ := strings.Cut(string(b), "-- +goose Down")
		if m := contraccion(sube); m != "" {
			t.Errorf("%s: %q breaks the release before it", camino, m)
		}
		return nil
	})
	if err != nil || pasos == 0 {
		t.Fatalf("%d steps read, %v", pasos, err)
	}
}

// contraccion is what of a step takes something away, "" when nothing does.
func contraccion(sql string) string {
	for linea := range strings.Lines(sql) {
		sin, comentario, _ := strings.Cut(linea, "--")
		m := contrae.FindString(sin)
		if m != "" && !strings.Contains(comentario, "contract:") && !conDefecto(sin) {
			return m
		}
	}
	return ""
}

// conDefecto says that a column that must have a value has one for those who give none.
func conDefecto(linea string) bool {
	return regexp.MustCompile(`(?i)\badd\s+column\b[^,;]*\bdefault\b`).MatchString(linea)
}

func TestContraccion(t *testing.T) {
	for sql, mal := range map[string]bool{
		"create table x (id integer primary key);":                     false,
		"alter table x add column y bigint;":                           false,
		"alter table x add column y bigint not null default 0;":        false,
		"alter table x add column y bigint not null;":                  true,
		"alter table x drop column y;":                                 true,
		"alter table x drop column y; -- contract: unused since 0.5.0": false,
		"alter table x rename to z;":                                   true,
		"alter table x alter column y type text;":                      true,
		"drop table x;": true,
		"create index x_y on x (y); -- drop table is only a word here;": false,
	} {
		if got := contraccion(sql); (got != "") != mal {
			t.Errorf("%s: %q", sql, got)
		}
	}
}

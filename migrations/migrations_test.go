package migrations

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// contrae matches the statements that a migration may not contain, because they break the release before it: both
// releases use the schema at the same time during a roll-out and a roll-back. A migration may contract the schema once
// no process of the old releases is left. It says so in a comment, "contract:", with the release that stopped using
// the column.
var contrae = regexp.MustCompile(
	`(?i)\bdrop\s+(table|column|view)\b|\brename\b|\balter\s+column\b|\btruncate\b|` +
		`\bdelete\s+from\b|\badd\s+column\s+[^,;]*\bnot\s+null\b`,
)

// TestStepsExpand: each migration of a schema, after the first, only adds tables and columns, and a release that does
// not know a new column can insert rows without it.
func TestStepsExpand(t *testing.T) {
	pasos := 0
	err := fs.WalkDir(archivos, ".", func(camino string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(camino, ".sql") ||
			strings.HasPrefix(d.Name(), "00001_") {
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

// contraccion gives the text of the first statement in sql that contrae matches and that is not permitted; "" when
// there is none.
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

// conDefecto reports whether the line adds a column with a default value.
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

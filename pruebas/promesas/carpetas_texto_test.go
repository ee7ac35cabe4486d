package promesas_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"despensa/pruebas/kit"
)

// preparedManifestFile lies beside the files of the folder.
const preparedManifestFile = "manifiesto.json"

// How a file of a data folder is kept: an SQLite file x.db as x.sql, other bytes that are no text as x.hex, text as
// it is.
const (
	asSQL = ".sql"
	asHex = ".hex"
)

// writePreparedFolder writes a stopped program's folder as text, in place of an older text of this version.
func writePreparedFolder(
	t *testing.T,
	program *kit.Program,
	preparedManifest preparedManifest,
) {
	t.Helper()
	dir := filepath.Join(preparedFolders, preparedManifest.Version)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range filesBelow(t, program.Dir) {
		refusePlaces(t, program, name)
		kept, text := textOfFile(t, program.Dir, name)
		writeTextFile(t, filepath.Join(dir, kept), text)
	}
	text, err := json.MarshalIndent(preparedManifest, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	writeTextFile(t, filepath.Join(dir, preparedManifestFile), append(text, '\n'))
}

// readPreparedFolder makes a data folder of the text in dir, and returns its manifest.
func readPreparedFolder(t *testing.T, dir, data string) (m preparedManifest) {
	t.Helper()
	for _, name := range filesBelow(t, dir) {
		text := kit.ReadFile(t, filepath.Join(dir, name))
		if name == preparedManifestFile {
			if err := json.Unmarshal(text, &m); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			continue
		}
		fileOfText(t, filepath.Join(data, name), text)
	}
	return m
}

// filesBelow lists the files of a folder by their paths in it. The lock and the files that SQLite keeps beside an
// open one are no data: sqlTextOf reads the WAL.
func filesBelow(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		noData := name == "cerrojo" || strings.HasSuffix(name, "-wal") ||
			strings.HasSuffix(name, "-shm")
		if err == nil && !e.IsDir() && !noData {
			names = append(names, name)
		}
		return err
	})
	if err != nil || len(names) == 0 {
		t.Fatalf("%s has no files (%v)", dir, err)
	}
	return names
}

// refusePlaces fails when a file names the address or the folder of the program that wrote it, because the folder is
// opened at another address and place.
func refusePlaces(t *testing.T, program *kit.Program, name string) {
	t.Helper()
	content := kit.ReadFile(t, filepath.Join(program.Dir, name))
	for _, place := range []string{strings.TrimPrefix(program.URL, "http://"), program.Dir} {
		if bytes.Contains(content, []byte(place)) {
			t.Errorf("%s contains %s", name, place)
		}
	}
}

// textOfFile returns the name under which a file is kept, and its text.
func textOfFile(t *testing.T, dir, name string) (kept string, text []byte) {
	t.Helper()
	if base, isSQLite := strings.CutSuffix(name, ".db"); isSQLite {
		return base + asSQL, []byte(sqlTextMust(t, filepath.Join(dir, name)))
	}
	content := kit.ReadFile(t, filepath.Join(dir, name))
	if !utf8.Valid(content) || bytes.ContainsRune(content, 0) {
		return name + asHex, []byte(hex.EncodeToString(content) + "\n")
	}
	return name, content
}

// fileOfText undoes textOfFile; file still has the name of the text.
func fileOfText(t *testing.T, file string, text []byte) {
	t.Helper()
	if base, isSQL := strings.CutSuffix(file, asSQL); isSQL {
		makeFolderOf(t, file)
		if err := loadSQLText(t.Context(), base+".db", string(text)); err != nil {
			t.Fatal(err)
		}
		return
	}
	base, isHex := strings.CutSuffix(file, asHex)
	if isHex {
		content, err := hex.DecodeString(strings.TrimSpace(string(text)))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		text = content
	}
	writeTextFile(t, base, text)
}

func writeTextFile(t *testing.T, file string, text []byte) {
	t.Helper()
	makeFolderOf(t, file)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func makeFolderOf(t *testing.T, file string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
}

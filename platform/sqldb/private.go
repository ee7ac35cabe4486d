package sqldb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// MakePrivate takes the rights of group and others from these files and folders. A name that is not there is passed over,
// and so are a folder that many share (sticky, such as /tmp), a link, and what belongs to another user.
func MakePrivate(names ...string) error {
	var errs []error
	for _, name := range names {
		i, err := os.Lstat(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			errs = append(errs, fmt.Errorf("sqldb: rights: %w", err))
			continue
		case i.Mode()&(fs.ModeSticky|fs.ModeSymlink) != 0 || i.Mode().Perm()&0o077 == 0:
			continue
		}
		if err := os.Chmod(name, i.Mode().Perm()&^0o077); err != nil && !errors.Is(err, fs.ErrPermission) {
			errs = append(errs, fmt.Errorf("sqldb: rights: %w", err))
		}
	}
	return errors.Join(errs...)
}

// MakePrivateAll is MakePrivate of a folder and the files in it.
func MakePrivateAll(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("sqldb: rights: %w", err)
	}
	names := []string{dir}
	for _, e := range entries {
		if e.Type().IsRegular() {
			names = append(names, filepath.Join(dir, e.Name()))
		}
	}
	return MakePrivate(names...)
}

// makeFilePrivate makes a store's file, when there is none, for nobody else to read; SQLite itself would go by the umask.
// The files that SQLite makes beside it get its rights; those that are there already are put right.
func makeFilePrivate(file string) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return fmt.Errorf("sqldb: open: %w", err)
	}
	return MakePrivate(file, file+"-wal", file+"-shm", file+"-journal")
}

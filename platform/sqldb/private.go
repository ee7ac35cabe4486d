package sqldb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// MakePrivate takes the rights of group and others from the files and folders named. It skips a name that does not
// exist, a folder with the sticky bit (such as /tmp, which many users share), a link, and a file of another user.
// Errors: those of the file system.
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
		if err := os.Chmod(name, i.Mode().Perm()&^0o077); err != nil &&
			!errors.Is(err, fs.ErrPermission) {
			errs = append(errs, fmt.Errorf("sqldb: rights: %w", err))
		}
	}
	return errors.Join(errs...)
}

// MakePrivateAll is MakePrivate of the folder dir and of the regular files directly in it.
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

// makeFilePrivate creates the file of a store when absent, with rights for its owner alone; SQLite would use the
// umask. SQLite gives the files that it creates beside it (-wal, -shm, -journal) the same rights. makeFilePrivate
// takes the rights of group and others from the ones that exist already.
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

package sqldb

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// ErrOcupada says that another process is using a data folder.
var ErrOcupada = errors.New("another despensa serve is using the data folder")

// Cerrojo takes the kernel's lock on a data folder, which it makes when absent. The
// lock ends with the process, however that ends. Errors: ErrOcupada, naming dir.
func Cerrojo(dir string) (io.Closer, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("sqldb: folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "cerrojo"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sqldb: lock: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("%w %s", ErrOcupada, dir), f.Close())
	}
	return f, nil
}

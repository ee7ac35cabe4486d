package sqldb

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// ErrOcupada says that another process is using a data folder.
var ErrOcupada = errors.New("another despensa serve is using the data folder")

// NombreDeCerrojo is the file of a data folder that carries its lock.
const NombreDeCerrojo = "cerrojo"

// Cerrojo takes the kernel's lock on a data folder, which it makes when absent and keeps from other users. The
// lock ends with the process, however that ends. Errors: ErrOcupada, naming dir; those of
// the file system.
func Cerrojo(dir string) (io.Closer, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("sqldb: folder: %w", err)
	}
	f := flock.New(filepath.Join(dir, NombreDeCerrojo), flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	ours, err := f.TryLock()
	switch {
	case err != nil:
		return nil, errors.Join(fmt.Errorf("sqldb: lock: %w", err), f.Close())
	case !ours:
		return nil, errors.Join(fmt.Errorf("%w %s", ErrOcupada, dir), f.Close())
	}
	if err := MakePrivate(dir, f.Path()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

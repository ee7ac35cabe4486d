package sqldb

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// ErrInUse says that another process is using a data folder.
var ErrInUse = errors.New("another despensa serve is using the data folder")

// LockName is the file of a data folder that carries its lock.
const LockName = "cerrojo"

// LockFolder takes the kernel's lock on the data folder dir. It makes the folder when absent and takes the rights of
// other users from it. The lock ends when the closer is closed or the process ends, by a kill too. Errors: ErrInUse,
// with the path of dir, while another process holds the lock; those of the file system.
func LockFolder(dir string) (io.Closer, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("sqldb: folder: %w", err)
	}
	f := flock.New(
		filepath.Join(dir, LockName),
		flock.SetFlag(os.O_CREATE|os.O_RDWR),
		flock.SetPermissions(0o600),
	)
	ours, err := f.TryLock()
	switch {
	case err != nil:
		return nil, errors.Join(fmt.Errorf("sqldb: lock: %w", err), f.Close())
	case !ours:
		return nil, errors.Join(fmt.Errorf("%w %s", ErrInUse, dir), f.Close())
	}
	if err := MakePrivate(dir, f.Path()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

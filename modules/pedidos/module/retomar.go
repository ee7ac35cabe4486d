package module

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
)

// Retomar takes up again what was set aside because it could not be read, in the store that o names, beside the
// processes that use it. It tells how much that is. It needs Config and Datos.
func Retomar(ctx context.Context, o Opciones) (n int64, err error) {
	if _, err := os.Stat(filepath.Join(o.Datos, archivo)); err != nil && o.Config.MongoDB == "" {
		return 0, nil // there is no store yet
	}
	o.Log = slog.New(slog.DiscardHandler)
	t, err := abrirTienda(ctx, o)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, t.Cerrar()) }()
	pedidos, err := t.Pedidos().Retomar(ctx)
	if err != nil {
		return 0, err
	}
	existencias, err := t.Existencias().Retomar(ctx)
	return pedidos + existencias, err
}

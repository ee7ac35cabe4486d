package module

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
)

// Retomar puts rows back to work that were set aside because they could not be decoded. It may run beside the
// processes that use the store. It needs Config and Datos of o. n is the number of rows. Errors: those of the
// store.
func Retomar(ctx context.Context, opciones Opciones) (n int64, err error) {
	if _, err := os.Stat(filepath.Join(opciones.Folder, archivo)); err != nil &&
		opciones.Config.MongoDB == "" {
		return 0, nil // there is no store yet
	}
	opciones.Log = slog.New(slog.DiscardHandler)
	t, err := abrirTienda(ctx, opciones)
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

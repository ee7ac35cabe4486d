package authz

import (
	"context"

	"despensa/platform/seal"
)

var _ seal.Port = DelSistema{}

// Seal implements seal.Port.
func (d DelSistema) Seal(ctx context.Context, words seal.Words) (string, error) {
	if err := d.decidir(ctx, words.Owner, Sellar); err != nil {
		return "", err
	}
	return d.s.o.Datos.SellarPalabras(ctx, words)
}

// Open implements seal.Port. The module of the order or visit has decided before that its caller may read these
// words. They are no contact data, so that opening them is not recorded in the trail.
func (d DelSistema) Open(ctx context.Context, words []seal.Words) []string {
	textos, err := d.s.o.Datos.AbrirPalabras(ctx, words)
	if err != nil && ctx.Err() == nil {
		d.s.o.Log.WarnContext(ctx, "words do not open", "error", err)
	}
	return textos
}

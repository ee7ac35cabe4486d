package datos

import (
	"context"
	"fmt"

	"despensa/modules/clientes"

	"github.com/tink-crypto/tink-go/v2/tink"
)

// Sellar encrypts claro under the key of cliente, bound to para. Errors:
// clientes.ErrNoExiste, clientes.ErrSinClave.
func (a *Almacen) Sellar(ctx context.Context, cliente, para string, claro []byte) ([]byte, error) {
	k, err := a.llaveDe(ctx, cliente)
	if err != nil {
		return nil, err
	}
	c, err := k.Encrypt(claro, proposito(cliente, para))
	if err != nil {
		return nil, fmt.Errorf("clientes: seal: %w", err)
	}
	return c, nil
}

// Abrir is the way back. Errors: clientes.ErrNoExiste, clientes.ErrSinClave.
func (a *Almacen) Abrir(ctx context.Context, cliente, para string, sellado []byte) ([]byte, error) {
	k, err := a.llaveDe(ctx, cliente)
	if err != nil {
		return nil, err
	}
	claro, err := k.Decrypt(sellado, proposito(cliente, para))
	if err != nil {
		return nil, fmt.Errorf("clientes: open: %w", err)
	}
	return claro, nil
}

// llaveDe reads the wrapped key anew each time: an erasure is felt at once, on every
// replica.
func (a *Almacen) llaveDe(ctx context.Context, cliente string) (tink.AEAD, error) {
	var f filaCliente
	err := a.DB.Leer(ctx).Table("clientes").Select("clientes.id, llaves.envoltura").
		Joins("left join llaves on llaves.cliente = clientes.id").Where("clientes.id = ?", cliente).Take(&f).Error
	if err != nil {
		return nil, siFalta(err, clientes.ErrNoExiste)
	}
	return a.llave(cliente, f.Envoltura)
}

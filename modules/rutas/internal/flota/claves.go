package flota

import (
	"errors"

	"despensa/platform/idempotency"

	"gorm.io/gorm"
)

// usada gives the id of the truck, shift or visit on which the key has had its effect; "" when it has had none.
// Errors: ErrOtroCuerpo.
func usada(tx *gorm.DB, llave idempotency.Key) (recurso string, err error) {
	if !llave.Given {
		return "", nil
	}
	ninguna := gorm.ErrRecordNotFound
	f, err := uno[filaClave](tx.Where("id = ?", llave.ID), ninguna)
	switch {
	case errors.Is(err, ninguna):
		return "", nil
	case err != nil:
		return "", err
	case f.Huella != llave.Fingerprint:
		return "", ErrOtroCuerpo
	}
	return f.Recurso, nil
}

// usar remembers that the key has had its effect on recurso.
func (f *Flota) usar(tx *gorm.DB, key idempotency.Key, recurso string) error {
	if !key.Given {
		return nil
	}
	err := tx.Create(
		&filaClave{
			ID:      key.ID,
			Huella:  key.Fingerprint,
			Recurso: recurso,
			Creado:  f.ahora().UnixMilli(),
		},
	).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return errCarrera // the same call on another replica
	}
	return err
}

// cosas turns rows into values of the module.
func cosas[F, T any](filas []F, cosa func(F) T) []T {
	t := make([]T, 0, len(filas))
	for _, f := range filas {
		t = append(t, cosa(f))
	}
	return t
}

package datos

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"despensa/modules/clientes"
	"despensa/platform/seal"

	"github.com/tink-crypto/tink-go/v2/tink"
)

// pacienciaPalabras is how long sealing or opening words waits for the keys of customers, so that a caller that
// cancels an order is not held up by a store that is away.
const pacienciaPalabras = 2 * time.Second

// llavesPorPregunta bounds the customers of one question to the store.
const llavesPorPregunta = 500

// SellarPalabras is seal.Port's: under the key of words.Owner, or under the master key while no key can be read.
func (a *Store) SellarPalabras(ctx context.Context, words seal.Words) (string, error) {
	k, cuerpo := seal.Split(words.Text)
	if words.Text == "" || k != seal.None && k != seal.Interim {
		return words.Text, nil
	}
	claro := words.Text
	if k == seal.Interim {
		var err error
		if claro, err = descifrar(a.Maestra.kek, cuerpo, deLaCasa(words)); err != nil {
			return "", err
		}
	}
	if words.Owner == "" {
		return cifrar(a.Maestra.kek, seal.House, claro, deLaCasa(words))
	}
	ctx, soltar := context.WithTimeout(ctx, pacienciaPalabras)
	defer soltar()
	llave, err := a.llaveDe(ctx, words.Owner)
	switch {
	case errors.Is(err, clientes.ErrSinClave), errors.Is(err, clientes.ErrNoExiste):
		return seal.Stored(seal.Gone, ""), nil
	case err != nil && k == seal.Interim:
		return words.Text, nil
	case err != nil:
		return cifrar(a.Maestra.kek, seal.Interim, claro, deLaCasa(words))
	}
	return cifrar(llave, seal.Customer, claro, delCliente(words))
}

// AbrirPalabras is seal.Port's, with one query for up to llavesPorPregunta customers. The error joins the reasons for
// which some words did not open; each of these has a fixed text in its place, and all texts can be shown.
func (a *Store) AbrirPalabras(ctx context.Context, palabras []seal.Words) ([]string, error) {
	envolturas, errLlaves := a.envolturas(ctx, duenios(palabras))
	out, errs := make([]string, len(palabras)), []error{errLlaves}
	for i, w := range palabras {
		k, cuerpo := seal.Split(w.Text)
		switch envoltura := envolturas[w.Owner]; {
		case k == seal.None:
			out[i] = w.Text
		case k == seal.Gone:
			out[i] = seal.Erased
		case k != seal.House && errLlaves != nil:
			out[i] = seal.Away
		case k != seal.House && len(envoltura) == 0:
			a.llavero.olvidar(w.Owner)
			out[i] = seal.Erased
		default:
			claro, err := a.abrirPalabras(w, k, cuerpo, envoltura)
			if err != nil {
				claro, errs = seal.Broken, append(errs, fmt.Errorf("%s: %w", w.Place, err))
			}
			out[i] = claro
		}
	}
	return out, errors.Join(errs...)
}

func (a *Store) abrirPalabras(
	words seal.Words,
	kind seal.Kind,
	cuerpo string,
	envoltura []byte,
) (string, error) {
	if kind != seal.Customer {
		return descifrar(a.Maestra.kek, cuerpo, deLaCasa(words))
	}
	llave, err := a.llave(words.Owner, envoltura)
	if err != nil {
		return "", err
	}
	return descifrar(llave, cuerpo, delCliente(words))
}

// duenios are the customers whose keys are needed to open palabras, each once.
func duenios(palabras []seal.Words) (ids []string) {
	for _, w := range palabras {
		if k, _ := seal.Split(w.Text); k == seal.Customer || k == seal.Interim {
			ids = append(ids, w.Owner)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// envolturas reads the wrapped keys of customers, by id. A customer whose key has been destroyed is not in it.
func (a *Store) envolturas(ctx context.Context, ids []string) (map[string][]byte, error) {
	out := make(map[string][]byte, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	ctx, soltar := context.WithTimeout(ctx, pacienciaPalabras)
	defer soltar()
	for parte := range slices.Chunk(ids, llavesPorPregunta) {
		var filas []filaLlave
		if err := a.DB.Read(ctx).Where("cliente in ?", parte).Find(&filas).Error; err != nil {
			return nil, fmt.Errorf("clientes: keys of words: %w", err)
		}
		for _, f := range filas {
			out[f.Cliente] = f.Envoltura
		}
	}
	return out, nil
}

// delCliente binds words to their customer and place; it equals no purpose of Sellar, which has no such first word.
func delCliente(words seal.Words) []byte {
	return []byte("palabras." + words.Owner + "." + words.Place)
}

// deLaCasa binds words under the master key.
func deLaCasa(words seal.Words) []byte {
	return []byte("palabras.casa." + words.Owner + "." + words.Place)
}

func cifrar(llave tink.AEAD, kind seal.Kind, claro string, sitio []byte) (string, error) {
	c, err := llave.Encrypt([]byte(claro), sitio)
	if err != nil {
		return "", fmt.Errorf("clientes: seal words: %w", err)
	}
	return seal.Stored(kind, base64.RawStdEncoding.EncodeToString(c)), nil
}

func descifrar(llave tink.AEAD, cuerpo string, sitio []byte) (string, error) {
	c, err := base64.RawStdEncoding.DecodeString(cuerpo)
	if err != nil {
		return "", fmt.Errorf("clientes: open words: %w", err)
	}
	claro, err := llave.Decrypt(c, sitio)
	if err != nil {
		return "", fmt.Errorf("clientes: open words: %w", err)
	}
	return string(claro), nil
}

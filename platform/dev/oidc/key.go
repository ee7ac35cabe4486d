package oidc

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	jose "github.com/go-jose/go-jose/v4"
)

// keyFile is the file of the signing key in the folder: PKCS #8 in PEM, mode 0600.
const keyFile = "oidc-clave.pem"

// openKey reads the signing key in carpeta, or makes one and stores it. The key's id is its thumbprint, so the id
// too stays the same after a restart. Errors: a file that holds no RSA key; those of the file system.
func openKey(carpeta string) (jose.JSONWebKey, error) {
	k, err := readKey(filepath.Join(carpeta, keyFile))
	if errors.Is(err, fs.ErrNotExist) {
		k, err = makeKey(carpeta)
	}
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("oidc: signing key: %w", err)
	}
	jwk := jose.JSONWebKey{Key: k, Algorithm: string(jose.RS256), Use: "sig"}
	huella, err := jwk.Thumbprint(crypto.SHA256)
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("oidc: signing key: %w", err)
	}
	jwk.KeyID = base64.RawURLEncoding.EncodeToString(huella)
	return jwk, nil
}

func readKey(ruta string) (*rsa.PrivateKey, error) {
	b, err := os.ReadFile(ruta)
	if err != nil {
		return nil, err
	}
	bloque, _ := pem.Decode(b)
	if bloque == nil {
		return nil, fmt.Errorf("%s is not PEM", ruta)
	}
	k, err := x509.ParsePKCS8PrivateKey(bloque.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", ruta, err)
	}
	clave, ok := k.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s is not an RSA key", ruta)
	}
	return clave, nil
}

func makeKey(carpeta string) (*rsa.PrivateKey, error) {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(carpeta, 0o700); err != nil {
		return nil, err
	}
	return k, save(
		carpeta,
		keyFile,
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}),
	)
}

// save writes the file nombre so that, even after a power cut, it exists wholly or not at all.
func save(carpeta, nombre string, datos []byte) error {
	t, err := os.CreateTemp(carpeta, nombre+".*") // mode 0600
	if err != nil {
		return err
	}
	_, err = t.Write(datos)
	err = errors.Join(err, t.Sync(), t.Close())
	if err == nil {
		err = os.Rename(t.Name(), filepath.Join(carpeta, nombre))
	}
	if err != nil {
		return errors.Join(err, os.Remove(t.Name()))
	}
	return syncFolder(carpeta)
}

// syncFolder syncs the folder, so that the name of a new file in it survives a power cut.
func syncFolder(carpeta string) error {
	d, err := os.Open(carpeta)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

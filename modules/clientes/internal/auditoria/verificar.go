package auditoria

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// Informe is the outcome of a walk along the chain.
type Informe struct {
	// Desde and Hasta are the numbers that were looked at.
	Desde, Hasta int64
	// Pendientes is how many of the records wait to be sent.
	Pendientes int64
	// Huecos is how often numbers are missing between two records of an export, as with a filter.
	Huecos int64
	// Roto is the first number at which the chain is broken; 0: it is intact.
	Roto int64
	// Motivo says how the chain is broken, in a few words.
	Motivo string
}

// porLectura is how many records a walk holds at once.
const porLectura = 1000

// caminata is a walk along the chain.
type caminata struct {
	Informe
	proximo  int64  // the number that must come next
	anterior Huella // the link that the next record must follow
	finales  map[int64]Huella
}

// mirar takes the next record; false: the chain is broken there.
func (c *caminata) mirar(asiento Asiento) bool {
	switch {
	case asiento.Numero != c.proximo:
		return c.romper(c.proximo, "the record is missing")
	case asiento.Anterior != c.anterior:
		return c.romper(asiento.Numero, "it does not follow the record before it")
	case asiento.Enlazar() != asiento.Hash:
		return c.romper(asiento.Numero, "it is not what it was when it got its number")
	}
	if h, ok := c.finales[asiento.Numero]; ok && h != asiento.Hash {
		return c.romper(asiento.Numero, "it is not the record that closed its index")
	}
	c.Hasta, c.proximo, c.anterior = asiento.Numero, asiento.Numero+1, asiento.Hash
	return true
}

func (c *caminata) romper(numero int64, motivo string) bool {
	c.Roto, c.Motivo = numero, motivo
	return false
}

// Verificar walks the chain from its first record that has not been removed to its end. It reads the records that were
// sent from buscador, and the later ones from rastro. Errors: those that kept it from reading; a broken chain is no
// error, and is in the Informe.
func Verificar(ctx context.Context, rastro *Rastro, buscador Buscador) (Informe, error) {
	c, fin, err := rastro.salida(ctx)
	if err != nil || fin == 0 {
		return c.Informe, err
	}
	// Buscador has every record before the first of pendientes.
	pendientes, err := desdeNumero(ctx, rastro.db, 1, 1, true)
	if err != nil {
		return c.Informe, err
	}
	enviados := fin
	if len(pendientes) > 0 {
		enviados = min(fin, pendientes[0].Numero-1)
	}
	desdeD := func(tras int64) ([]Asiento, error) {
		return buscador.Buscar(
			ctx,
			Consulta{Tras: tras, Ascendente: true, Limite: porLectura, Fresca: true},
		)
	}
	desdeA := func(tras int64) ([]Asiento, error) { return desdeNumero(ctx, rastro.db, tras+1, porLectura, false) }
	ok, err := c.recorrer(enviados, desdeD)
	if ok && err == nil {
		c.Pendientes = fin - enviados
		_, err = c.recorrer(fin, desdeA)
	}
	return c.Informe, err
}

// salida prepares a walk, up to the number fin.
func (a *Rastro) salida(ctx context.Context) (c *caminata, fin int64, err error) {
	c = &caminata{proximo: 1, finales: map[int64]Huella{}}
	var todos []filaIndice
	if err := a.db.Read(ctx).Order("orden").Find(&todos).Error; err != nil || len(todos) == 0 {
		return c, 0, err
	}
	for _, i := range todos {
		if i.Borrado != nil {
			continue
		}
		if len(c.finales) == 0 {
			c.proximo, c.anterior = i.Desde, huella(i.Anterior)
		}
		c.finales[i.Hasta], fin = huella(i.Hash), i.Hasta
	}
	c.Desde, c.Hasta = c.proximo, c.proximo-1
	return c, fin, nil
}

// recorrer walks up to the number hasta over the pages that traer gives; false: the chain is broken.
func (c *caminata) recorrer(
	hasta int64,
	traer func(tras int64) ([]Asiento, error),
) (bool, error) {
	for c.Hasta < hasta {
		as, err := traer(c.Hasta)
		if err != nil {
			return false, err
		}
		if len(as) == 0 {
			return c.romper(c.proximo, "the record is missing"), nil
		}
		for _, s := range as {
			if s.Numero > hasta {
				break
			}
			if !c.mirar(s) {
				return false, nil
			}
		}
	}
	return true, nil
}

// VerificarExportacion checks a text that /auditoria/exportacion gave: the hash of each record fits the record, and
// each record follows the one before it, where no number is left out between them. Errors: a text that is no such
// export, or that ends before its last line.
func VerificarExportacion(src io.Reader) (Informe, error) {
	d := json.NewDecoder(src)
	c := &caminata{}
	for {
		var linea struct {
			Asiento
			Fin *int64 `json:"fin"`
		}
		if err := d.Decode(&linea); errors.Is(err, io.EOF) {
			return c.Informe, errors.New("the export ends before its last line")
		} else if err != nil {
			return c.Informe, fmt.Errorf("not an export of the audit trail: %w", err)
		}
		if linea.Fin != nil {
			return c.Informe, nil
		}
		if linea.Numero < 1 {
			return c.Informe, errors.New(
				"not an export of the audit trail: a line without a number",
			)
		}
		if !c.suelto(linea.Asiento) {
			return c.Informe, nil
		}
	}
}

// suelto takes the next record of an export, in which numbers may be missing; false: the chain is broken there.
func (c *caminata) suelto(asiento Asiento) bool {
	asiento.En = asiento.En.Truncate(time.Millisecond)
	switch {
	case c.Desde == 0:
		c.Desde, c.proximo, c.anterior = asiento.Numero, asiento.Numero, asiento.Anterior
	case asiento.Numero > c.proximo:
		c.Huecos++
		c.proximo, c.anterior = asiento.Numero, asiento.Anterior
	}
	return c.mirar(asiento)
}

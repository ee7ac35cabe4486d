package elastico

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"despensa/modules/clientes/internal/auditoria"

	"github.com/olivere/elastic/v7"
)

type objeto = map[string]any

// forma has the settings and the mapping of every index of the trail. The server answers a write once the records are
// on its disk, and on that of a second node where there is one.
func forma() objeto {
	palabra := objeto{"type": "keyword"}
	guardado := objeto{"type": "keyword", "index": false, "doc_values": false}
	return objeto{
		"settings": objeto{
			"number_of_shards":     1,
			"auto_expand_replicas": "0-1",
			"translog.durability":  "request",
			"refresh_interval":     refresco,
		},
		"mappings": objeto{"dynamic": "strict", "properties": objeto{
			"numero": objeto{
				"type": "long",
			},
			"id": palabra,
			"en": objeto{"type": "date",
				"format": "strict_date_time"},
			"actor": palabra, "rol": palabra, "accion": palabra, "clase": palabra, "recurso": palabra,
			"cliente": palabra, "resultado": palabra, "solicitud": palabra, "veces": objeto{"type": "long"},
			"indice": palabra, "anterior": guardado, "hash": guardado,
		}},
	}
}

// preparar writes the index template, once in a process, and makes the indices of as. An index that the server makes
// by itself for its first record would guess the types of the members.
func (d *Buscador) preparar(ctx context.Context, asientos []auditoria.Asiento) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.prepararModelo(ctx); err != nil {
		return err
	}
	for _, s := range asientos {
		if d.hechos[s.Indice] {
			continue
		}
		_, err := insistir(func() (*elastic.IndicesCreateResult, error) {
			return d.c.CreateIndex(d.nombre(s.Indice)).BodyJson(forma()).Do(ctx)
		})
		if err != nil && !yaEsta(err) {
			return falla("create an index", err)
		}
		d.hechos[s.Indice] = true
	}
	return nil
}

// prepararModelo writes the index template. A user of the server that may not write templates, but only append, goes
// on without it.
func (d *Buscador) prepararModelo(ctx context.Context) error {
	if d.modelo {
		return nil
	}
	_, err := insistir(func() (*elastic.IndicesPutIndexTemplateResponse, error) {
		m := objeto{"index_patterns": []string{d.nombre("*")}, "template": forma()}
		return d.c.IndexPutIndexTemplate(d.o.Prefijo).BodyJson(m).Do(ctx)
	})
	if err != nil && !elastic.IsForbidden(err) {
		return falla("index template", err)
	}
	d.modelo = true
	return nil
}

// yaEsta reports whether err says that the index exists: another process has made it.
func yaEsta(err error) bool {
	var e *elastic.Error
	return errors.As(err, &e) && e.Details != nil &&
		e.Details.Type == "resource_already_exists_exception"
}

// documento is a record as the server keeps it.
type documento struct {
	auditoria.Asiento
	En string `json:"en"` // always with milliseconds
}

const conMilesimas = "2006-01-02T15:04:05.000Z"

// Enviar implements auditoria.Buscador. Each record is created under its own id in its own index. The server
// refuses a record that is sent again (409), which counts as a success.
func (d *Buscador) Enviar(ctx context.Context, asientos []auditoria.Asiento) error {
	if len(asientos) == 0 {
		return nil
	}
	if err := d.preparar(ctx, asientos); err != nil {
		return err
	}
	r, err := insistir(func() (*elastic.BulkResponse, error) {
		b := d.c.Bulk().Timeout(strconv.Itoa(int(max(1, d.o.Plazo/time.Second))) + "s")
		for _, s := range asientos {
			doc := documento{s, s.En.UTC().Format(conMilesimas)}
			b.Add(elastic.NewBulkCreateRequest().Index(d.nombre(s.Indice)).Id(s.ID).Doc(doc))
		}
		return b.Do(ctx)
	})
	if err != nil {
		return falla("bulk", err)
	}
	return juzgar(r, len(asientos))
}

// juzgar checks the status of each record, because the status of the whole answer does not tell whether every record
// was stored. Errors: auditoria.ErrBuscador.
func juzgar(bulkResponse *elastic.BulkResponse, enviados int) error {
	hechos := 0
	for _, item := range bulkResponse.Items {
		for _, x := range item {
			if x.Status != http.StatusCreated && x.Status != http.StatusConflict {
				return fmt.Errorf(
					"%w: a record: status %d%s",
					auditoria.ErrBuscador,
					x.Status,
					clase(x.Error),
				)
			}
			hechos++
		}
	}
	if hechos != enviados {
		return fmt.Errorf(
			"%w: the server speaks of %d records of %d",
			auditoria.ErrBuscador,
			hechos,
			enviados,
		)
	}
	return nil
}

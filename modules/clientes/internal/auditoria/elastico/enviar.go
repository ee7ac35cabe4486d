package elastico

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"despensa/modules/clientes/internal/auditoria"

	"github.com/olivere/elastic/v7"
)

type objeto = map[string]any

// plantilla is what the server makes of every index of the trail. An answer comes once the
// records are on its disk; a second node, when there is one, has them too.
func plantilla(prefijo string) objeto {
	palabra := objeto{"type": "keyword"}
	guardado := objeto{"type": "keyword", "index": false, "doc_values": false}
	return objeto{
		"index_patterns": []string{prefijo + "-*"},
		"template": objeto{
			"settings": objeto{"number_of_shards": 1, "auto_expand_replicas": "0-1", "translog.durability": "request", "refresh_interval": "1s"},
			"mappings": objeto{"dynamic": "strict", "properties": objeto{
				"numero": objeto{"type": "long"}, "id": palabra, "en": objeto{"type": "date", "format": "strict_date_time"},
				"actor": palabra, "rol": palabra, "accion": palabra, "clase": palabra, "recurso": palabra, "cliente": palabra, "resultado": palabra,
				"solicitud": palabra, "veces": objeto{"type": "long"}, "indice": palabra, "anterior": guardado, "hash": guardado,
			}},
		},
	}
}

// preparar sees to the index template, once in a process, before the first record: an
// index without it would guess types. A user who may not write templates gets none; its
// operator has put it there.
func (d *Destino) preparar(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.modelo {
		return nil
	}
	_, err := insistir(func() (*elastic.IndicesPutIndexTemplateResponse, error) {
		return d.c.IndexPutIndexTemplate(d.o.Prefijo).BodyJson(plantilla(d.o.Prefijo)).Do(ctx)
	})
	if err != nil && !elastic.IsForbidden(err) {
		return falla("index template", err)
	}
	d.modelo = true
	return nil
}

// documento is a record as the server keeps it.
type documento struct {
	auditoria.Asiento
	En string `json:"en"` // always with milliseconds
}

const conMilesimas = "2006-01-02T15:04:05.000Z"

// Enviar is auditoria.Destino's. Each record has its id and its index, so that one that is
// sent again is refused there (409), and that is a success.
func (d *Destino) Enviar(ctx context.Context, as []auditoria.Asiento) error {
	if len(as) == 0 {
		return nil
	}
	if err := d.preparar(ctx); err != nil {
		return err
	}
	r, err := insistir(func() (*elastic.BulkResponse, error) {
		b := d.c.Bulk().Timeout(strconv.Itoa(int(max(1, d.o.Plazo/time.Second))) + "s")
		for _, s := range as {
			b.Add(elastic.NewBulkCreateRequest().Index(d.nombre(s.Indice)).Id(s.ID).Doc(documento{s, s.En.UTC().Format(conMilesimas)}))
		}
		return b.Do(ctx)
	})
	if err != nil {
		return falla("bulk", err)
	}
	return juzgar(r, len(as))
}

// juzgar looks at every item: the answer as a whole says nothing of them.
func juzgar(r *elastic.BulkResponse, enviados int) error {
	hechos := 0
	for _, item := range r.Items {
		for _, x := range item {
			if x.Status != http.StatusCreated && x.Status != http.StatusConflict {
				return fmt.Errorf("%w: a record: status %d%s", auditoria.ErrDestino, x.Status, clase(x.Error))
			}
			hechos++
		}
	}
	if hechos != enviados {
		return fmt.Errorf("%w: the server speaks of %d records of %d", auditoria.ErrDestino, hechos, enviados)
	}
	return nil
}

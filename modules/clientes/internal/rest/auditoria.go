package rest

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"time"

	"despensa/modules/clientes/internal/authz"
	"despensa/platform/httpapi"

	"github.com/danielgtaylor/huma/v2"
)

const (
	etiquetaRastro = "auditoria"
	rastro         = "/auditoria"
)

// rutasDelRastro registers the search of the audit trail.
func rutasDelRastro(api huma.API, handlers handlers) {
	leen := httpapi.Access{Roles: authz.Roles(authz.LeerRastro)}
	buscar := operacion("listar-auditoria", http.MethodGet, rastro, "Search the audit trail")
	buscar.Description = "Each access to personal data, each change of it and each refusal. " +
		"A record can be found some seconds after it was made. " +
		"It has ids and closed words, no personal data."
	exportar := operacion("exportar-auditoria", http.MethodGet, rastro+"/exportacion",
		"The audit trail, oldest first, with its hashes")
	exportar.Description = "One record a line, and a last line {\"fin\": N} with their number; " +
		"without it the export is not whole. hash is the SHA-256 of anterior and of the record; " +
		"`despensa auditoria verificar --archivo` checks it."
	buscar.Tags, exportar.Tags = []string{etiquetaRastro}, []string{etiquetaRastro}
	httpapi.Register(api, buscar, leen, handlers.buscarRastro)
	httpapi.RegisterDownload(api, exportar, leen, lineaDe(api), handlers.exportarRastro)
}

// FiltroRastro narrows a search. huma passes over embedded types without a capital letter.
type FiltroRastro struct {
	Actor     string `query:"actor" maxLength:"36" minLength:"1" example:"sistema" doc:"Id of the caller; sistema: the program itself."`
	Cliente   string `query:"cliente" format:"uuid" example:"0198c0de-0000-7000-8000-000000000001" doc:"Id of the customer of the data."`
	Accion    string `query:"accion" maxLength:"60" minLength:"1" example:"pedidos.entrega.leer" doc:"The access: module, thing and verb."`
	Clase     string `query:"clase" maxLength:"40" minLength:"1" example:"pedido" doc:"The kind of thing."`
	Recurso   string `query:"recurso" maxLength:"36" minLength:"1" example:"0198c0de-0000-7000-8000-000000000002" doc:"Id of the thing."`
	Resultado string `query:"resultado" enum:"permitido,negado" example:"negado" doc:"Permitted accesses alone, or refused ones alone."`
	httpapi.Days
}

func (f FiltroRastro) filtro() (authz.Filtro, error) {
	desde, hasta, err := f.Range()
	return authz.Filtro{
		Actor:     f.Actor,
		Cliente:   f.Cliente,
		Accion:    f.Accion,
		Clase:     f.Clase,
		Recurso:   f.Recurso,
		Resultado: authz.Resultado(f.Resultado),
		Desde:     desde,
		Hasta:     hasta,
	}, err
}

// registroAuditoria is a record of the trail.
type registroAuditoria struct {
	Numero    int64     `json:"numero" doc:"Its place in the trail: 1, 2, 3, … without a gap."`
	ID        string    `json:"id" format:"uuid" doc:"Id of the record."`
	En        time.Time `json:"en" doc:"When."`
	Actor     string    `json:"actor" doc:"Id of the caller; sistema: the program itself; empty: a caller without a good token."`
	Rol       string    `json:"rol" doc:"In which role."`
	Accion    string    `json:"accion" doc:"The access: module, thing and verb."`
	Clase     string    `json:"clase" doc:"The kind of thing; origen: the address from which calls without a good token came."`
	Recurso   string    `json:"recurso" doc:"Id of the thing; ajeno: the caller wrote a text that is no id. Of an origen: a keyed digest of the address, or otros."`
	Cliente   string    `json:"cliente" doc:"Id of the customer of the data, or empty."`
	Resultado string    `json:"resultado" enum:"permitido,negado" doc:"Whether they got it."`
	Solicitud string    `json:"solicitud" doc:"Id of the request."`
	Veces     int64     `json:"veces" doc:"How many refusals of one second it stands for; 1 otherwise."`
	Indice    string    `json:"indice" doc:"Where it is kept."`
	Anterior  string    `json:"anterior" doc:"The hash of the record before it, in hex."`
	Hash      string    `json:"hash" doc:"SHA-256 of anterior and of the record."`
}

func aRegistro(asiento authz.Asiento) registroAuditoria {
	return registroAuditoria{
		Numero:    asiento.Numero,
		ID:        asiento.ID,
		En:        asiento.En,
		Actor:     asiento.Actor,
		Rol:       asiento.Rol,
		Accion:    asiento.Accion,
		Clase:     asiento.Clase,
		Recurso:   asiento.Recurso,
		Cliente:   asiento.Cliente,
		Resultado: string(asiento.Resultado),
		Solicitud: asiento.Solicitud,
		Veces:     asiento.Veces,
		Indice:    asiento.Indice,
		Anterior:  hex.EncodeToString(asiento.Anterior[:]),
		Hash:      hex.EncodeToString(asiento.Hash[:]),
	}
}

type rastroIn struct {
	httpapi.PageQuery
	FiltroRastro
}

type rastroOut struct {
	Body httpapi.Lista[registroAuditoria]
}

// cursorDelRastro: pages go by the number alone.
func cursorDelRastro(registroAuditoria registroAuditoria) httpapi.Cursor {
	return httpapi.NumberCursor(registroAuditoria.En, registroAuditoria.Numero)
}

func (h handlers) buscarRastro(ctx context.Context, rastroIn *rastroIn) (*rastroOut, error) {
	f, err := rastroIn.filtro()
	if err != nil {
		return nil, err
	}
	tras, err := rastroIn.AfterNumber()
	if err != nil {
		return nil, err
	}
	as, err := h.s.Rastro(ctx, f, tras, rastroIn.Limite+1)
	if err != nil {
		return nil, err
	}
	rs := make([]registroAuditoria, len(as))
	for i, a := range as {
		rs[i] = aRegistro(a)
	}
	return &rastroOut{Body: httpapi.PageOf(rs, rastroIn.Limite, cursorDelRastro)}, nil
}

// exportarRastro streams the records that the filter selects, one a line, and a last line with their number.
func (h handlers) exportarRastro(
	ctx context.Context, in *struct{ FiltroRastro },
) (func(context.Context, io.Writer) error, error) {
	f, err := in.filtro()
	if err != nil {
		return nil, err
	}
	recorrer, err := h.s.ExportarRastro(ctx, f)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, w io.Writer) error {
		b := bufio.NewWriterSize(w, 32<<10)
		e := json.NewEncoder(b)
		e.SetEscapeHTML(false)
		var n int64
		err := recorrer(ctx, func(as []authz.Asiento) error {
			for _, a := range as {
				if err := e.Encode(aRegistro(a)); err != nil {
					return err
				}
				n++
			}
			return nil
		})
		if err == nil {
			err = e.Encode(map[string]int64{"fin": n})
		}
		if err != nil {
			return err // the lines left in the buffer are not sent: the export lacks its last line in any case
		}
		return b.Flush()
	}, nil
}

// lineaDe describes a line of the export.
func lineaDe(api huma.API) *huma.Schema {
	fin := &huma.Schema{
		Title:    "End",
		Type:     huma.TypeObject,
		Required: []string{"fin"},
		Properties: map[string]*huma.Schema{
			"fin": {Type: huma.TypeInteger, Description: "How many records there were."},
		},
	}
	registro := api.OpenAPI().Components.Schemas.Schema(
		reflect.TypeFor[registroAuditoria](),
		true,
		"registroAuditoria",
	)
	return &huma.Schema{Title: "A line", OneOf: []*huma.Schema{registro, fin}}
}

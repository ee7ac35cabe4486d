package httpapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
)

type objeto = map[string]any

// terminar writes into the finished document what concerns all operations: errors are
// described once each, with their headers, and the codes of errors are listed.
func terminar(crudo []byte, codigos map[string]int) ([]byte, error) {
	var doc objeto
	if err := json.Unmarshal(crudo, &doc); err != nil {
		return nil, fmt.Errorf("httpapi: document: %w", err)
	}
	doc["x-codigos"] = codigos
	comunes := objeto{}
	rutas, _ := doc["paths"].(objeto)
	for _, ruta := range rutas {
		operaciones, _ := ruta.(objeto)
		for _, op := range operaciones {
			if o, ok := op.(objeto); ok {
				compartir(o, comunes)
				sayQuota(o)
				decirObsoleta(o)
			}
		}
	}
	if partes, ok := doc["components"].(objeto); ok {
		partes["responses"] = comunes
		partes["headers"] = quotaHeaders()
	}
	return json.Marshal(doc)
}

// compartir puts the answers of errors of op into comunes and references in their place.
func compartir(op, comunes objeto) {
	respuestas, _ := op["responses"].(objeto)
	for estado, r := range respuestas {
		n, err := strconv.Atoi(estado)
		respuesta, ok := r.(objeto)
		if err != nil || !ok || n < 400 {
			continue
		}
		contenido, _ := respuesta["content"].(objeto)
		if _, esProblema := contenido[tipoProblema]; !esProblema || len(contenido) != 1 {
			continue
		}
		respuesta["headers"] = cabecerasDe(n)
		comunes["Problema"+estado] = respuesta
		respuestas[estado] = objeto{"$ref": "#/components/responses/Problema" + estado}
	}
}

// cabecerasDe are the headers of an error.
func cabecerasDe(estado int) objeto {
	texto := func(que string) objeto { return objeto{"description": que, "schema": objeto{"type": "string"}} }
	h := objeto{"X-Request-Id": texto("The request's id, as in solicitud.")}
	maps.Copy(h, quotaReferences())
	switch estado {
	case 401:
		h["WWW-Authenticate"] = texto("How to log in (RFC 6750).")
	case 403:
		h["WWW-Authenticate"] = texto("insufficient_scope (RFC 6750), where another role or scope would be let in.")
	case 429, 503:
		h["Retry-After"] = objeto{"description": "Seconds after which to come back.", "schema": objeto{"type": "integer", "minimum": 1}}
	}
	return h
}

// quotaHeaders describes the headers that tell a caller their quota.
func quotaHeaders() objeto {
	describe := func(what, example string) objeto {
		return objeto{"description": what + " (draft-ietf-httpapi-ratelimit-headers-11).", "schema": objeto{"type": "string"}, "example": example}
	}
	return objeto{
		headerRateLimitPolicy: describe("The limit that counted this call: its name, q calls in w seconds", `"limite";q=400;w=2`),
		headerRateLimit:       describe("What is left of it: r calls now, all of them again after t seconds without a call", `"limite";r=399;t=1`),
	}
}

func quotaReferences() objeto {
	return objeto{
		headerRateLimitPolicy: objeto{"$ref": "#/components/headers/" + headerRateLimitPolicy},
		headerRateLimit:       objeto{"$ref": "#/components/headers/" + headerRateLimit},
	}
}

// sayQuota documents those headers on the successes of op.
func sayQuota(op objeto) {
	respuestas, _ := op["responses"].(objeto)
	for _, r := range respuestas {
		if respuesta, ok := r.(objeto); ok && respuesta["$ref"] == nil {
			maps.Copy(headersOf(respuesta), quotaReferences())
		}
	}
}

// headersOf gives the headers of an answer, to be added to.
func headersOf(respuesta objeto) objeto {
	h, ok := respuesta["headers"].(objeto)
	if !ok {
		h = objeto{}
		respuesta["headers"] = h
	}
	return h
}

// decirObsoleta documents the header of a deprecated operation's success.
func decirObsoleta(op objeto) {
	if op["deprecated"] != true {
		return
	}
	respuestas, _ := op["responses"].(objeto)
	for _, r := range respuestas {
		respuesta, ok := r.(objeto)
		if !ok || respuesta["$ref"] != nil {
			continue
		}
		headersOf(respuesta)[cabeceraObsoleta] = objeto{"description": "Since when it is deprecated (RFC 9745).", "schema": objeto{"type": "string"}}
	}
}

package apiclient

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// Problema is an error answer of the API (RFC 9457).
type Problema struct {
	Type      string  `json:"type"`
	Title     string  `json:"title"`
	Status    int     `json:"status"`
	Detail    string  `json:"detail"`
	Code      string  `json:"code"`
	Solicitud string  `json:"solicitud"`
	Errors    []Field `json:"errors"`
	// Extra has the further members as raw JSON: permitidos, cotizacion.
	Extra map[string]json.RawMessage `json:"-"`
}

// Field is one wrong value of the request.
type Field struct {
	Location string `json:"location"`
	Message  string `json:"message"`
}

// Error is status, code and detail in one line.
func (p *Problema) Error() string {
	return fmt.Sprintf("%d %s: %s", p.Status, p.Code, p.Detail)
}

// Code gives the code of the Problema in err; "" when there is none.
func Code(err error) string {
	var p *Problema
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

// problemOf reads an answer of 400 and above; of an answer in another format, only the status.
func problemOf(status int, b []byte) error {
	p := &Problema{}
	if err := json.Unmarshal(b, p); err != nil || p.Code == "" {
		return &Problema{
			Status: status,
			Title:  http.StatusText(status),
			Detail: "not a problem document",
		}
	}
	p.Status = status
	if err := json.Unmarshal(b, &p.Extra); err != nil {
		return p
	}
	for _, m := range []string{"type", "title", "status", "detail", "code", "solicitud", "errors"} {
		delete(p.Extra, m)
	}
	return p
}

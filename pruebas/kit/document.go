package kit

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"despensa/platform/httpapi/contrato"
)

// Document reads an API document, and fails the test when crudo is not one.
func Document(t *testing.T, crudo []byte) *contrato.Document {
	t.Helper()
	d, err := contrato.Read(crudo)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// RawDocument is the program's API document in the form that docs/api keeps: one line per member, and placeholders
// for the values of this instance.
func (s *Client) RawDocument() []byte {
	s.T.Helper()
	var lindo bytes.Buffer
	if err := json.Indent(&lindo, contrato.Storable(s.ServedDocument()), "", " "); err != nil {
		s.T.Fatal(err)
	}
	lindo.WriteByte('\n')
	return lindo.Bytes()
}

// ServedDocument is the API document as the program serves it.
func (s *Client) ServedDocument() []byte {
	s.T.Helper()
	r, err := http.NewRequestWithContext(
		s.T.Context(),
		http.MethodGet,
		s.URL+"/api/v1/openapi.json",
		nil,
	)
	if err != nil {
		s.T.Fatal(err)
	}
	res, err := s.HTTP.Do(r)
	if err != nil {
		s.T.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		s.T.Fatalf("the document: %d %v", res.StatusCode, err)
	}
	return b
}

// Away are the codes of answers while a store is away: of any store, of the store of audit records (personal data are
// shown only once the look is recorded), and of the trail's search.
var Away = []string{"base-no-disponible", "auditoria-no-disponible", "rastro-no-disponible"}

// Plantar is the next release as a client meets it: a proxy before a program that adds members and values to its
// answers that the API document does not have. usage: plantar DOCUMENT URL. It prints its own address, and at SIGTERM
// how many members and values it added.
//
// By the document's schema of each answer, every object gets a member `miembro_nuevo`, also in lists and problems,
// and every set that may grow (`x-extensible-enum`) has a value `valor_nuevo`. Everything else passes through
// unchanged.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"mime"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// schema has the members of a JSON schema that this proxy reads.
type schema struct {
	Ref        string            `json:"$ref"`
	Properties map[string]schema `json:"properties"`
	Items      *schema           `json:"items"`
	MayGrow    []string          `json:"x-extensible-enum"`
}

// response is one answer of an operation, or a reference to one in components.
type response struct {
	Ref     string `json:"$ref"`
	Content map[string]struct {
		Schema schema `json:"schema"`
	} `json:"content"`
}

// document has the members of the API document that this proxy reads. Paths: path, method, then the operation.
type document struct {
	Paths map[string]map[string]struct {
		Responses map[string]response `json:"responses"`
	} `json:"paths"`
	Components struct {
		Schemas   map[string]schema   `json:"schemas"`
		Responses map[string]response `json:"responses"`
	} `json:"components"`
}

// planter adds members and values to answers by the schemas of doc, and counts them.
type planter struct {
	doc             document
	members, values atomic.Int64
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

// run serves until SIGTERM.
func run(args []string) error {
	if len(args) != 2 {
		return errors.New("usage: plantar DOCUMENT URL")
	}
	raw, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	var p planter
	if err := json.Unmarshal(raw, &p.doc); err != nil {
		return err
	}
	target, err := url.Parse(args[1])
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	server := &http.Server{Handler: p.routes(target)}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	fmt.Printf("listo http://%s\n", listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	fmt.Printf("plantados %d %d\n", p.members.Load(), p.values.Load())
	return nil
}

// routes has one route an operation, which knows its answers, and one for the rest.
func (p *planter) routes(target *url.URL) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", p.proxy(target, nil))
	for path, operations := range p.doc.Paths {
		for method, operation := range operations {
			mux.Handle(
				strings.ToUpper(method)+" /api/v1"+path,
				p.proxy(target, operation.Responses),
			)
		}
	}
	return mux
}

// proxy passes a request on and plants into the answer every member and value for which its schema has room.
func (p *planter) proxy(target *url.URL, answers map[string]response) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Header.Del("Accept-Encoding") // the answer is to come as plain text
		},
		ModifyResponse: func(r *http.Response) error {
			answer := answers[strconv.Itoa(r.StatusCode)]
			if name, ok := strings.CutPrefix(answer.Ref, "#/components/responses/"); ok {
				answer = p.doc.Components.Responses[name]
			}
			media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
			content, ok := answer.Content[media]
			if !ok || media != "application/json" && media != "application/problem+json" {
				return nil
			}
			return p.rewrite(r, content.Schema)
		},
	}
}

// rewrite replaces the body of r.
func (p *planter) rewrite(r *http.Response, s schema) error {
	decoder := json.NewDecoder(r.Body)
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return err
	}
	body, err := json.Marshal(p.plant(s, v))
	if err != nil {
		return err
	}
	_ = r.Body.Close()
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return nil
}

// plant returns v, which is shaped as s, with the members and values that a later release may add.
func (p *planter) plant(s schema, v any) any {
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		s = p.doc.Components.Schemas[name]
	}
	switch v := v.(type) {
	case map[string]any:
		if s.Properties == nil { // a map: its members are values of one type
			return v
		}
		for name, member := range v {
			v[name] = p.plant(s.Properties[name], member)
		}
		v["miembro_nuevo"] = map[string]any{"x": 1}
		p.members.Add(1)
		return v
	case []any:
		return p.plantList(s, v)
	case string:
		if s.MayGrow != nil {
			p.values.Add(1)
			return "valor_nuevo"
		}
	}
	return v
}

// plantList plants into each item, and adds one to a list of values that may grow.
func (p *planter) plantList(s schema, list []any) []any {
	if s.Items == nil {
		return list
	}
	for i := range list {
		list[i] = p.plant(*s.Items, list[i])
	}
	if s.Items.MayGrow != nil {
		p.values.Add(1)
		list = append(list, "valor_nuevo")
	}
	return list
}

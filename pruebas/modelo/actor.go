package modelo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// actor is a person with a login, and a random generator of the actor's own.
type actor struct {
	*mundo
	nombre, login string
	azar          *rand.Rand
	n             int // idempotency keys used
}

// dado is the random generator number k of this burst of the run.
func (m *mundo) dado(k int) *rand.Rand {
	const porTanda = 10_000 // more than there are actors
	return rand.New(rand.NewPCG(m.semilla, uint64(m.tanda*porTanda+k)))
}

// nuevoActor makes the actor number k of the burst; its choices depend on the seed, the burst and k alone.
func (m *mundo) nuevoActor(nombre, login string, k int) *actor {
	return &actor{mundo: m, nombre: nombre, login: login, azar: m.dado(k + 1)}
}

// vivir calls paso again and again until ctx ends, with a pause of about pausa between two calls.
func (a *actor) vivir(ctx context.Context, pausa time.Duration, paso func()) {
	for ctx.Err() == nil {
		paso()
		dormir(ctx, a.lento(time.Duration(a.azar.Int64N(int64(pausa)))))
	}
}

// suerte is true once in n times.
func (a *actor) suerte(n int) bool { return a.azar.IntN(n) == 0 }

// alguno returns one of xs by chance; ok is false when xs is empty.
func alguno[T any](actor *actor, xs []T) (x T, ok bool) {
	if len(xs) == 0 {
		return x, false
	}
	return xs[actor.azar.IntN(len(xs))], true
}

// respuesta is the answer to a call. Status 0: there was none.
type respuesta struct {
	Status   int
	Code     string
	Repetida bool
	Cuerpo   []byte
}

func (r respuesta) bien() bool { return r.Status >= 200 && r.Status < 300 }

// en reads the body into v.
func (r respuesta) en(v any) bool { return json.Unmarshal(r.Cuerpo, v) == nil }

// String is the status and the code of r.
func (r respuesta) String() string { return strings.TrimSpace(fmt.Sprint(r.Status, " ", r.Code)) }

// paciencia is how long a call is repeated: longer than any death or pause.
const paciencia = 45 * time.Second

// llamada is a call with its key.
type llamada struct {
	metodo, camino, clave string
	cuerpo                any // a []byte is sent as it is
	tipo                  string
	sinToken              bool
}

// pedir repeats a call until there is an answer, under one key, as a client does that does not know whether the
// program got the call.
func (a *actor) pedir(metodo, camino string, cuerpo any) respuesta {
	l := llamada{metodo: metodo, camino: camino, cuerpo: cuerpo}
	if metodo == http.MethodPost {
		l.clave = a.nuevaClave()
	}
	return a.insistir(l)
}

func (a *actor) nuevaClave() string {
	a.n++
	return fmt.Sprintf("%d-%s-%d-%d", a.semilla, a.nombre, a.tanda, a.n)
}

func (a *actor) insistir(llamada llamada) respuesta {
	desde := time.Now()
	for {
		r := a.enviar(llamada)
		if r.Status != 0 && r.Status != http.StatusServiceUnavailable ||
			time.Since(desde) > paciencia {
			a.juzgarRespuesta(llamada, r)
			return r
		}
		dormir(a.T.Context(), 40*time.Millisecond)
	}
}

// enviar sends the call once.
func (a *actor) enviar(llamada llamada) (r respuesta) {
	b, crudo := llamada.cuerpo.([]byte)
	if !crudo && llamada.cuerpo != nil {
		b, _ = json.Marshal(llamada.cuerpo) // maps, numbers and texts
	}
	q, err := http.NewRequestWithContext(
		a.T.Context(),
		llamada.metodo,
		a.URL+"/api/v1"+llamada.camino,
		bytes.NewReader(b),
	)
	if err != nil {
		return r
	}
	q.Header.Set("Content-Type", "application/json")
	if llamada.tipo != "" {
		q.Header.Set("Content-Type", llamada.tipo)
	}
	if llamada.clave != "" {
		q.Header.Set("Idempotency-Key", llamada.clave)
	}
	if llamada.metodo == http.MethodPatch {
		q.Header.Set("If-Match", "*")
	}
	if !llamada.sinToken {
		q.Header.Set("Authorization", "Bearer "+a.tokens[a.login])
	}
	res, err := a.HTTP.Do(q)
	if err != nil {
		return r
	}
	defer res.Body.Close()
	if r.Cuerpo, err = io.ReadAll(res.Body); err != nil {
		return respuesta{}
	}
	r.Status, r.Repetida = res.StatusCode, res.Header.Get("Idempotent-Replayed") == "true"
	var p struct{ Code string }
	if r.Status >= 400 && json.Unmarshal(r.Cuerpo, &p) == nil {
		r.Code = p.Code
	}
	return r
}

// juzgarRespuesta counts an answer and refuses those that no caller may get.
func (a *actor) juzgarRespuesta(llamada llamada, respuesta respuesta) {
	a.oido.status.mas(respuesta.String(), 1)
	que := fmt.Sprintf("%s: %s %s: %s", a.nombre, llamada.metodo, llamada.camino, respuesta)
	switch {
	case respuesta.Status == 0:
		a.oido.mal("", "%s no answer within %v", que, paciencia)
	case respuesta.Status >= 500 && respuesta.Status != http.StatusServiceUnavailable:
		a.oido.mal(pedidoDe(llamada.camino), "%s %.300s", que, respuesta.Cuerpo)
	case respuesta.Status >= 400 && respuesta.Code == "":
		a.oido.mal(
			pedidoDe(llamada.camino),
			"%s is no problem with a code: %.200s",
			que,
			respuesta.Cuerpo,
		)
	}
}

// pedidoDe is the id of the order in a path; "" without one.
func pedidoDe(camino string) string {
	partes := strings.Split(camino, "/")
	if len(partes) > 2 && partes[1] == "pedidos" {
		return partes[2]
	}
	return ""
}

// obrar posts an action with an effect, sometimes once more under the same key, sometimes with another body under
// it.
func (a *actor) obrar(camino string, cuerpo map[string]any) respuesta {
	l := llamada{metodo: http.MethodPost, camino: camino, clave: a.nuevaClave()}
	if cuerpo != nil { // a nil map in an interface would be sent as null
		l.cuerpo = cuerpo
	}
	r := a.insistir(l)
	a.oido.contar(pedidoDe(camino), a.nombre, "POST %s %v: %s", camino, cuerpo, r)
	if !r.bien() {
		return r
	}
	if a.suerte(8) {
		a.repetir(l, r)
	}
	if a.suerte(16) {
		a.reusar(l)
	}
	return r
}

// sinCambio are the members of an answer that later events do not change.
var sinCambio = []string{
	"id",
	"codigo",
	"cliente_id",
	"creado",
	"producto_id",
	"cantidad",
	"pedido_id",
}

// repetir sends an answered call once more: the answer has the same status and the same object, and says that it is a
// repetition.
func (a *actor) repetir(llamada llamada, primera respuesta) {
	r := a.insistir(llamada)
	a.oido.hechos.mas("keys repeated", 1)
	if strings.HasSuffix(llamada.camino, "/cancelacion") && !r.bien() ||
		r.Status == http.StatusServiceUnavailable {
		return // a cancel that came too late is taken back, with its key
	}
	id := pedidoDe(llamada.camino)
	if r.Status != primera.Status || !r.Repetida {
		a.oido.mal(
			id,
			"%s: %s with key %s was answered %s, then %s, repeated: %v",
			a.nombre,
			llamada.camino,
			llamada.clave,
			primera,
			r,
			r.Repetida,
		)
		return
	}
	var x, y map[string]any
	if !primera.en(&x) || !r.en(&y) {
		return
	}
	for _, m := range sinCambio {
		if fmt.Sprint(x[m]) != fmt.Sprint(y[m]) {
			a.oido.mal(
				id,
				"%s: %s with key %s: %s was %v, then %v",
				a.nombre,
				llamada.camino,
				llamada.clave,
				m,
				x[m],
				y[m],
			)
		}
	}
}

// reusar sends another body under a key that had its effect: the call is refused.
func (a *actor) reusar(llamada llamada) {
	cuerpo, ok := llamada.cuerpo.(map[string]any)
	if !ok || cuerpo == nil {
		return
	}
	otro := map[string]any{}
	for k, v := range cuerpo {
		otro[k] = v
	}
	switch {
	case otro["motivo"] != nil:
		otro["motivo"] = "otra cosa"
	case otro["lineas"] != nil:
		otro["lineas"] = []map[string]any{{"producto_id": a.productos[0], "cantidad": 9}}
	default:
		return
	}
	llamada.cuerpo = otro
	r := a.insistir(llamada)
	a.oido.hechos.mas("keys reused", 1)
	if r.bien() {
		a.oido.mal(
			pedidoDe(llamada.camino),
			"%s: %s with the used key %s and another body: %s",
			a.nombre,
			llamada.camino,
			llamada.clave,
			r,
		)
	}
}

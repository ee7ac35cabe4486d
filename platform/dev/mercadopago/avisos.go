package mercadopago

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// rutaAvisos is the path at which Despensa takes the webhooks of MercadoPago.
const rutaAvisos = "/api/v1/pagos/avisos/mercadopago"

// plazoAviso is the time that the receiver of a webhook has to answer.
const plazoAviso = 22 * time.Second

// esperas are the times between the tries of a notice that its receiver did not accept. After the last try the notice
// is dropped; the receiver polls the orders anyway.
var esperas = []time.Duration{
	time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour,
}

// correo sends the notices.
type correo struct {
	cliente *http.Client
	hay     chan struct{} // holds a value when a notice may be due
}

func nuevoCorreo(t http.RoundTripper) correo {
	if t == nil {
		propio := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // the standard library's
		propio.MaxIdleConnsPerHost = enParalelo
		t = propio
	}
	return correo{cliente: &http.Client{Timeout: plazoAviso, Transport: t}, hay: make(chan struct{}, 1)}
}

// despertar makes dormir return, because a notice has been stored.
func (c correo) despertar() {
	select {
	case c.hay <- struct{}{}:
	default:
	}
}

// cuerpoAviso is the body of a webhook. Its status is the order's at the time when the notice was stored.
type cuerpoAviso struct {
	Action        string    `json:"action"`
	APIVersion    string    `json:"api_version"`
	ApplicationID string    `json:"application_id"`
	Data          datoAviso `json:"data"`
	DateCreated   string    `json:"date_created"`
	ID            string    `json:"id"`
	LiveMode      bool      `json:"live_mode"`
	Type          string    `json:"type"`
	UserID        string    `json:"user_id"`
}

type datoAviso struct {
	ID           string `json:"id"`
	Status       string `json:"status"`
	StatusDetail string `json:"status_detail"`
	Type         string `json:"type"`
}

// demora is the time between the storing of the notice id and its first try.
func (s *Simulador) demora(id string) time.Duration {
	ajustes := s.Ajustes().Avisos
	espera := time.Duration(ajustes.DemoraMS) * time.Millisecond
	if ajustes.Desordenar {
		espera += time.Duration(10*fraccion(id)*float64(max(ajustes.DemoraMS, 20))) * time.Millisecond
	}
	return espera
}

// fraccion is a number in [0, 1) that depends on id alone.
func fraccion(id string) float64 {
	suma := sha256.Sum256([]byte(id))
	return float64(suma[0])/256 + float64(suma[1])/65536
}

// enviar sends the notice aviso to the receiver at base, as often as Ajustes.Avisos says. Errors: the notice did not
// arrive or was not accepted, and is to be tried again.
func (s *Simulador) enviar(ctx context.Context, base string, aviso filaAviso) error {
	ajustes := s.Ajustes().Avisos
	if fraccion("perder"+aviso.ID) < ajustes.Perder {
		return nil
	}
	b, err := json.Marshal(cuerpoAviso{
		Action:        aviso.Accion,
		APIVersion:    "v1",
		ApplicationID: "1000000000000001",
		DateCreated:   fecha(time.UnixMilli(aviso.Creado)),
		ID:            aviso.ID,
		Data:          datoAviso{ID: aviso.Orden, Status: aviso.Estado, StatusDetail: aviso.Detalle, Type: "online"},
		Type:          "order",
		UserID:        "2000000001",
	})
	if err != nil {
		return fmt.Errorf("mercadopago: notice: %w", err)
	}
	for range 1 + ajustes.Repetir {
		if err := s.publicar(ctx, base, aviso, ajustes, b); err != nil {
			return err
		}
	}
	return nil
}

// publicar sends one signed request of the webhook. Errors: those of the network; a status other than 200 and 201.
func (s *Simulador) publicar(
	ctx context.Context, base string, aviso filaAviso, ajustes AjustesAvisos, cuerpo []byte,
) error {
	query := url.Values{"data.id": {aviso.Orden}, "type": {"order"}}
	direccion := base + rutaAvisos + "?" + query.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, direccion, bytes.NewReader(cuerpo))
	if err != nil {
		return fmt.Errorf("mercadopago: notice: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "MercadoPago WebHook v1.0 (simulator)")
	req.Header.Set("X-Request-Id", aviso.ID)
	req.Header.Set("X-Signature", s.firma(aviso, ajustes))
	res, err := s.correo.cliente.Do(req)
	if err != nil {
		return fmt.Errorf("mercadopago: notice: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // so that the connection is used again
	if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusCreated {
		return fmt.Errorf("mercadopago: notice answered with %d", res.StatusCode)
	}
	return nil
}

// firma is the value of the X-Signature header: an HMAC-SHA256 over the order's id, the request's id and the time.
func (s *Simulador) firma(aviso filaAviso, ajustes AjustesAvisos) string {
	id := aviso.Orden
	ts := strconv.FormatInt(s.ahora().UnixMilli(), 10)
	if ajustes.Minusculas {
		id = strings.ToLower(id)
	}
	if ajustes.Segundos {
		ts = strconv.FormatInt(s.ahora().Unix(), 10)
	}
	mac := hmac.New(sha256.New, []byte(s.o.Secreto))
	fmt.Fprintf(mac, "id:%s;request-id:%s;ts:%s;", id, aviso.ID, ts)
	return "ts=" + ts + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

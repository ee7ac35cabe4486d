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

// noticesPath is the path at which Despensa takes the webhooks of MercadoPago.
const noticesPath = "/api/v1/pagos/avisos/mercadopago"

// noticeTimeout is the time that the receiver of a webhook has to answer.
const noticeTimeout = 22 * time.Second

// retryWaits are the times between the tries of a notice that its receiver did not accept. After the last try the
// notice is dropped; the receiver polls the orders anyway.
var retryWaits = []time.Duration{
	time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour,
}

// mailer sends the notices.
type mailer struct {
	client *http.Client
	due    chan struct{} // holds a value when a notice may be due
}

func newMailer(roundTripper http.RoundTripper) mailer {
	if roundTripper == nil {
		propio := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // the standard library's
		propio.MaxIdleConnsPerHost = parallel
		roundTripper = propio
	}
	return mailer{
		client: &http.Client{Timeout: noticeTimeout, Transport: roundTripper},
		due:    make(chan struct{}, 1),
	}
}

// wake makes sleep return, because a notice has been stored.
func (c mailer) wake() {
	select {
	case c.due <- struct{}{}:
	default:
	}
}

// webhookBody is the body of a webhook. Its status is the order's at the time when the notice was stored.
type webhookBody struct {
	Action        string      `json:"action"`
	APIVersion    string      `json:"api_version"`
	ApplicationID string      `json:"application_id"`
	Data          webhookData `json:"data"`
	DateCreated   string      `json:"date_created"`
	ID            string      `json:"id"`
	LiveMode      bool        `json:"live_mode"`
	Type          string      `json:"type"`
	UserID        string      `json:"user_id"`
}

type webhookData struct {
	ID           string `json:"id"`
	Status       string `json:"status"`
	StatusDetail string `json:"status_detail"`
	Type         string `json:"type"`
}

// delay is the time between the storing of the notice id and its first try.
func (s *Simulator) delay(id string) time.Duration {
	ajustes := s.Settings().Notices
	espera := time.Duration(ajustes.DelayMS) * time.Millisecond
	if ajustes.Shuffle {
		espera += time.Duration(
			10*fraction(id)*float64(max(ajustes.DelayMS, 20)),
		) * time.Millisecond
	}
	return espera
}

// fraction is a number in [0, 1) that depends on id alone.
func fraction(id string) float64 {
	suma := sha256.Sum256([]byte(id))
	return float64(suma[0])/256 + float64(suma[1])/65536
}

// send sends the notice aviso to the receiver at base, as often as Settings.Notices says. Errors: the notice did not
// arrive or was not accepted, and is to be tried again.
func (s *Simulator) send(ctx context.Context, base string, aviso noticeRow) error {
	ajustes := s.Settings().Notices
	if fraction("perder"+aviso.ID) < ajustes.Lose {
		return nil
	}
	b, err := json.Marshal(webhookBody{
		Action:        aviso.Accion,
		APIVersion:    "v1",
		ApplicationID: "1000000000000001",
		DateCreated:   formatTime(time.UnixMilli(aviso.Creado)),
		ID:            aviso.ID,
		Data: webhookData{
			ID:           aviso.Orden,
			Status:       aviso.Estado,
			StatusDetail: aviso.Detalle,
			Type:         "online",
		},
		Type:   "order",
		UserID: "2000000001",
	})
	if err != nil {
		return fmt.Errorf("mercadopago: notice: %w", err)
	}
	for range 1 + ajustes.Repeat {
		if err := s.post(ctx, base, aviso, ajustes, b); err != nil {
			return err
		}
	}
	return nil
}

// post sends one signed request of the webhook. Errors: those of the network; a status other than 200 and 201.
func (s *Simulator) post(
	ctx context.Context, base string, aviso noticeRow, ajustes NoticeSettings, cuerpo []byte,
) error {
	query := url.Values{"data.id": {aviso.Orden}, "type": {"order"}}
	direccion := base + noticesPath + "?" + query.Encode()
	req, err := http.NewRequestWithContext(
		ctx,
		http.MethodPost,
		direccion,
		bytes.NewReader(cuerpo),
	)
	if err != nil {
		return fmt.Errorf("mercadopago: notice: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "MercadoPago WebHook v1.0 (simulator)")
	req.Header.Set("X-Request-Id", aviso.ID)
	req.Header.Set("X-Signature", s.signature(aviso, ajustes))
	res, err := s.mailer.client.Do(req)
	if err != nil {
		return fmt.Errorf("mercadopago: notice: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	// So that the connection is used again.
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10))
	if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusCreated {
		return fmt.Errorf("mercadopago: notice answered with %d", res.StatusCode)
	}
	return nil
}

// signature is the value of the X-Signature header: an HMAC-SHA256 over the order's id, the request's id and the time.
func (s *Simulator) signature(aviso noticeRow, ajustes NoticeSettings) string {
	id := aviso.Orden
	ts := strconv.FormatInt(s.now().UnixMilli(), 10)
	if ajustes.LowerCase {
		id = strings.ToLower(id)
	}
	if ajustes.Seconds {
		ts = strconv.FormatInt(s.now().Unix(), 10)
	}
	mac := hmac.New(sha256.New, []byte(s.o.Secret))
	fmt.Fprintf(mac, "id:%s;request-id:%s;ts:%s;", id, aviso.ID, ts)
	return "ts=" + ts + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

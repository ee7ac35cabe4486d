package rechazos_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"despensa/pruebas/kit"
)

// reverse is a proxy with a configuration in deploy/proxy, as this test starts it.
type reverse struct {
	command  string
	file     string                                              // in deploy/proxy
	settings func(file, dir, listen, program, tls string) string // file with the addresses of this test
	args     func(config, dir string) []string
}

var reverses = map[string]reverse{
	"nginx": {
		command: "nginx", file: "nginx.conf",
		settings: func(file, dir, listen, program, plain string) string {
			site := strings.NewReplacer(
				"server 127.0.0.1:8080;", "server "+program+";",
				"listen 80;", "listen "+plain+";",
				"listen 443 ssl http2;", "listen "+listen+" ssl http2;",
				"/etc/ssl/despensa", filepath.Join(dir, "despensa"),
			).Replace(file)
			return fmt.Sprintf(
				"daemon off;\nerror_log stderr;\npid %[1]s/nginx.pid;\nevents {}\nhttp {\naccess_log off;\n"+
					"client_body_temp_path %[1]s/body;\nproxy_temp_path %[1]s/proxy;\nfastcgi_temp_path %[1]s/fastcgi;\n"+
					"uwsgi_temp_path %[1]s/uwsgi;\nscgi_temp_path %[1]s/scgi;\n%[2]s}\n",
				dir,
				site,
			)
		},
		args: func(config, dir string) []string { return []string{"-p", dir, "-c", config} },
	},
	"caddy": {
		command: "caddy", file: "Caddyfile",
		settings: func(file, dir, listen, program, _ string) string {
			site := strings.NewReplacer(
				"reverse_proxy 127.0.0.1:8080 {",
				"tls "+filepath.Join(
					dir,
					"despensa.crt",
				)+" "+filepath.Join(
					dir,
					"despensa.key",
				)+
					"\n\treverse_proxy "+program+" {",
				"\npedidos.example.com {",
				"\nhttps://"+listen+" {",
			).Replace(file)
			return "{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + site
		},
		args: func(config, _ string) []string { return []string{"run", "--adapter", "caddyfile", "--config", config} },
	},
}

// Behind each proxy, with its configuration in deploy/proxy: bad tokens, floods and forged headers of one client do
// not touch another client; events come as they happen; addresses that the program gives have the proxy's scheme.
func TestBehindAProxy(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skipf(
			"SKIPPED: clients at several addresses of loopback are Linux's, this is %s",
			runtime.GOOS,
		)
	}
	kit.Slow(t, "starts the program behind nginx and Caddy")
	kit.MeetsNoServer(t)
	for name, r := range reverses {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath(r.command); err != nil {
				t.Skipf(
					"SKIPPED: no %s on PATH: deploy/proxy/%s is not tested (Debian's packages nginx-light, caddy)",
					r.command,
					r.file,
				)
			}
			house := r.start(t)
			t.Run("the right scheme", house.scheme)
			t.Run("events at once", house.events)
			t.Run("clients apart", house.apart)
		})
	}
}

// proxied is a program behind a proxy, with the certificates that its clients need.
type proxied struct {
	*kit.Process
	roots *x509.CertPool
}

// start starts the stand-ins, the program and the proxy before it.
func (r reverse) start(t *testing.T) *proxied {
	dev := kit.Launch(t)
	dev.Command = "dev"
	dev.MustStart()

	listen, plain := kit.FreeAddress(t), kit.FreeAddress(t)
	p := kit.Launch(
		t,
		"DESPENSA_OIDC_EMISOR="+dev.URL+"/dev/oidc/",
		"DESPENSA_MERCADOPAGO_URL="+dev.URL+"/dev/mercadopago",
		"DESPENSA_HTTP_URL=https://"+listen,
		"DESPENSA_HTTP_PROXIES=127.0.0.0/8,::1",
		"DESPENSA_HTTP_LIMITE=200",
		"DESPENSA_HTTP_LIMITE_ANONIMO=20",
		"DESPENSA_HTTP_LIMITE_FALLOS=5",
	)
	program := strings.TrimPrefix(p.URL, "http://")
	p.Dev = dev.URL
	p.Readdress("https://" + listen)
	p.MustStart()

	dir := t.TempDir()
	h := &proxied{Process: p, roots: certificate(t, dir)}
	h.HTTP = h.from("127.0.0.1")
	config := filepath.Join(dir, "config")
	text := r.settings(kit.ReadText(t, "deploy/proxy/"+r.file), dir, listen, program, plain)
	for _, old := range []string{"127.0.0.1:8080", "pedidos.example.com {", "/etc/"} {
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(strings.TrimSpace(line), "#") && strings.Contains(line, old) {
				t.Fatalf(
					"the test does not know this line of deploy/proxy/%s any more: %s",
					r.file,
					line,
				)
			}
		}
	}
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ended := r.run(t, config, dir)
	h.Until(r.command+" answers", func() bool {
		select {
		case <-ended:
			t.Fatalf("%s ends", r.command)
		default:
		}
		res, err := h.HTTP.Get(h.URL + "/salud/vivo")
		if err != nil {
			return false
		}
		return res.Body.Close() == nil && res.StatusCode == http.StatusOK
	})
	return h
}

// run starts the proxy, until the test ends. ended is closed when it ends.
func (r reverse) run(t *testing.T, config, dir string) (ended <-chan struct{}) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	cmd := exec.CommandContext(ctx, r.command, r.args(config, dir)...)
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 2 * time.Second
	if err := cmd.Start(); err != nil {
		cancel()
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = cmd.Wait() // ended by us, or it says why
	}()
	t.Cleanup(func() {
		cancel()
		<-done
		if t.Failed() {
			t.Logf("%s: %.4000s", r.command, said.String())
		}
	})
	return done
}

// certificate makes the proxy's certificate for 127.0.0.1 in dir, and returns the pool of a client that trusts it.
func certificate(t *testing.T, dir string) *x509.CertPool {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "127.0.0.1"},
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(time.Hour),
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	for file, block := range map[string]*pem.Block{
		"despensa.crt": {Type: "CERTIFICATE", Bytes: der},
		"despensa.key": {Type: "PRIVATE KEY", Bytes: secret},
	} {
		text := pem.EncodeToMemory(block)
		pool.AppendCertsFromPEM(text)
		if err := os.WriteFile(filepath.Join(dir, file), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return pool
}

// from is a client at another address of this machine. It follows no redirection.
func (h *proxied) from(address string) *http.Client {
	d := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	tr := &http.Transport{DialContext: d.DialContext,
		TLSClientConfig: &tls.Config{RootCAs: h.roots, MinVersion: tls.VersionTLS12}}
	h.T.Cleanup(tr.CloseIdleConnections)
	return &http.Client{
		Transport: tr,
		Timeout:   kit.Patience,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
}

// call makes one call and returns its status and header; 0 when there is no answer.
func (h *proxied) call(
	client *http.Client,
	method, path string,
	header ...string,
) (int, http.Header) {
	r, err := http.NewRequestWithContext(h.T.Context(), method, h.URL+path, nil)
	if err != nil {
		return 0, nil
	}
	for _, s := range header {
		k, v, _ := strings.Cut(s, ": ")
		r.Header.Add(k, v)
	}
	res, err := client.Do(r)
	if err != nil {
		return 0, nil
	}
	defer func() { _ = res.Body.Close() }()
	return res.StatusCode, res.Header
}

// scheme: a browser that logs in is led back by https, its cookies are for https alone, and it remembers to use
// nothing else.
func (h *proxied) scheme(t *testing.T) {
	status, header := h.call(h.HTTP, "GET", "/sesion/inicio", "X-Forwarded-Proto: http")
	to, err := url.Parse(header.Get("Location"))
	if err != nil || status/100 != 3 ||
		to.Query().Get("redirect_uri") != h.URL+"/sesion/vuelta" {
		t.Errorf("%d, led to %v", status, to)
	}
	if c := header.Get("Set-Cookie"); !strings.HasPrefix(c, "__Host-") ||
		!strings.Contains(c, "Secure") {
		t.Errorf("cookie %.20s…", c)
	}
	if header.Get("Strict-Transport-Security") == "" {
		t.Error("no Strict-Transport-Security")
	}
}

// events: the first line of a stream arrives while the stream is open and nothing else happens.
func (h *proxied) events(t *testing.T) {
	// Less than the pause between two comments.
	ctx, cancel := context.WithTimeout(t.Context(), 12*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(
		ctx,
		http.MethodGet,
		h.URL+"/api/v1/camiones/vivo",
		nil,
	)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+h.Token("admin"))
	res, err := h.HTTP.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if line, err := bufio.NewReader(res.Body).ReadString('\n'); err != nil ||
		line != ": despensa\n" {
		t.Errorf("%d %q %v", res.StatusCode, line, err)
	}
}

// apart: one client shows bad tokens, floods and forges, from its own address. Meanwhile a client at another address
// is served every time, and the first client's own good token, webhooks and logins pass too.
func (h *proxied) apart(t *testing.T) {
	mine, good := h.from("127.0.0.3"), "Authorization: Bearer "+h.Token("cliente1")
	theirs, other := h.from("127.0.0.2"), "Authorization: Bearer "+h.Token("cliente2")
	h.besieged(t, theirs, func() {
		for range 20 {
			if status, _ := h.call(mine, "GET", "/api/v1/clientes/yo", good); status != http.StatusOK {
				t.Errorf("a good token at another address: %d", status)
			}
			if status, _ := h.call(theirs, "GET", "/api/v1/clientes/yo", other); status != http.StatusOK {
				t.Errorf("a good token at the same address: %d", status)
			}
		}
		for range 10 {
			if status, _ := h.call(mine, "GET", "/api/v1/productos"); status != http.StatusOK {
				t.Errorf("reading the shop from another address: %d", status)
			}
			if status, _ := h.call(theirs, "GET", "/sesion/inicio"); status/100 != 3 {
				t.Errorf("a login at the same address: %d", status)
			}
			if status, _ := h.call(theirs, "POST", "/api/v1/pagos/avisos/mercadopago"); status == http.StatusTooManyRequests ||
				status == 0 {
				t.Errorf("a webhook at the same address: %d", status)
			}
		}
		status, header := h.call(mine, "GET", "/api/v1/clientes/yo", "Authorization: Bearer no")
		if status != http.StatusUnauthorized {
			t.Errorf("the first bad token of another address: %d %v", status, header)
		}
	})
}

// besieged runs f while a client sends bad tokens, each under another forged address, and reads more than its limit
// allows. The client is refused already before f begins. Each attack makes several calls at once: on a busy machine
// single calls would stay below the limit.
func (h *proxied) besieged(t *testing.T, client *http.Client, f func()) {
	var all sync.WaitGroup
	defer all.Wait()
	var over atomic.Bool
	defer over.Store(true)
	for what, attack := range map[string]func(n int) (int, http.Header){
		"bad tokens": func(n int) (int, http.Header) {
			return h.call(client, "GET", "/api/v1/clientes/yo", fmt.Sprint("Authorization: Bearer forjado", n), forged(n),
				"Forwarded: for=127.0.0.3")
		},
		"a flood": func(n int) (int, http.Header) {
			return h.call(client, "GET", "/api/v1/productos", forged(n), "X-Real-IP: 127.0.0.3")
		},
	} {
		refused := make(chan struct{})
		var once sync.Once
		var calls atomic.Int64
		for range 4 {
			all.Go(func() {
				for !over.Load() {
					if status, _ := attack(int(calls.Add(1))); status == http.StatusTooManyRequests {
						once.Do(func() { close(refused) })
					}
				}
			})
		}
		select {
		case <-refused:
		case <-time.After(kit.Patience):
			t.Fatalf("%s: never refused", what)
		}
	}
	f()
}

// forged are headers by which a client pretends to be the other client, and others.
func forged(
	n int,
) string {
	return fmt.Sprintf("X-Forwarded-For: 127.0.0.3, 203.0.113.%d", n%256)
}

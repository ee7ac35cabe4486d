"""Makes the calls of sdks_casos.go by MercadoPago's SDK for Python. .ci/sdks starts this program. It prints the
address at which it takes webhooks, reads the simulator's address, and prints a line for each caso and each resource
called."""
import http.server
import json
import os
import re
import sys
import threading
import time
import urllib.parse

import mercadopago
import requests
from mercadopago.config import RequestOptions
from mercadopago.errors import exceptions
from mercadopago.http import HttpClient
from mercadopago.webhook import InvalidWebhookSignatureError, WebhookSignatureValidator

TOKEN, SECRETO = os.environ["TOKEN"], os.environ["SECRETO"]
CLASES = {
    400: exceptions.MPBadRequestError, 401: exceptions.MPAuthenticationError, 402: exceptions.MPPaymentError,
    403: exceptions.MPForbiddenError, 404: exceptions.MPNotFoundError, 409: exceptions.MPIdempotencyError,
    423: exceptions.MPResourceLockedError, 429: exceptions.MPRateLimitError, 500: exceptions.MPServerError,
    503: exceptions.MPServerError,
}
avisos, llamadas = [], set()


class Local(HttpClient):
    """The SDK's own way to another transport: every call goes to the simulator, and none leaves this machine."""

    base = ""

    def request(self, method, url, **kwargs):
        camino = url.removeprefix("https://api.mercadopago.com")
        if camino == url or not self.base.startswith("http://127.0.0.1:"):
            raise AssertionError("a call to " + url)
        llamadas.add(method + " " + re.sub(r"/ORD[0-9A-Z]+", "/{id}", camino))
        return super().request(method, self.base + camino, **kwargs)


class Falla(Exception):
    """A caso that is not as it should be."""


def exigir(bien, dicho):
    if not bien:
        raise Falla(dicho)


class Buzon(http.server.BaseHTTPRequestHandler):
    """Takes webhooks."""

    def do_POST(self):  # noqa: N802
        cuerpo = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        q = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        avisos.append({
            "id": q["data.id"][0], "accion": cuerpo["action"],
            "firma": self.headers["x-signature"], "rid": self.headers["x-request-id"],
        })
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Uno:
    """Does the steps of one caso."""

    def __init__(self, n):
        self.n, self.claves, self.orden, self.fichas = n, 0, None, {}

    def poner(self, x):
        if x is None:
            return None
        texto = json.dumps(x).replace("REF", f"sdk-{self.n}")
        if self.orden:
            texto = texto.replace("PAGO", self.orden["transactions"]["payments"][0]["id"])
            texto = texto.replace("ORDEN", self.orden["id"])
        return json.loads(texto)

    def sdk(self, p):
        self.claves += 1
        clave = f"{self.n}-{p.get('clave') or 'n%d' % self.claves}"
        o = RequestOptions(
            connection_timeout=0.3 if p.get("mudo") else 10.0, max_retries=0,
            custom_headers={"x-idempotency-key": clave})
        return mercadopago.SDK(p.get("credencial", TOKEN), http_client=Local(), request_options=o)

    def ficha(self, p):
        return self.sdk({}).card_token().create({
            "card_number": p.get("tarjeta", "5031755734530604"), "expiration_month": "11", "expiration_year": "2040",
            "security_code": p.get("codigo", "123"),
            "cardholder": {"name": p["titular"], "identification": {"type": "DNI", "number": "12345678"}}})

    def llamar(self, p):
        orden, cuerpo = self.sdk(p).order(), self.poner(p.get("cuerpo"))
        de = p["id"] if p.get("id", "ORDEN") != "ORDEN" else self.orden and self.orden["id"]
        match p["llama"]:
            case "token":
                return self.ficha(p)
            case "methods":
                return self.sdk(p).payment_methods().list_all()
            case "create":
                if "titular" in p:
                    clave = p.get("clave")
                    if clave not in self.fichas:
                        self.fichas[clave] = self.ficha(p)["response"]["id"]
                    cuerpo["transactions"]["payments"][0]["payment_method"]["token"] = self.fichas[clave]
                return orden.create(cuerpo)
            case "get":
                return orden.get(de)
            case "search":
                return orden.search(cuerpo)
            case "capture":
                return orden.capture(de)
            case "cancel":
                return orden.cancel(de)
            case "refund":
                return orden.refund(de, cuerpo)
            case "process":
                return orden.process(de)
        raise Falla("no such call: " + p["llama"])

    def paso(self, p):
        if not p.get("clave"):
            self.fichas = {}
        otro = {"control": self.mandar, "aviso": self.avisado, "fin": self.fin}.get(p["llama"])
        if otro:
            otro(p)
            return
        try:
            r = self.llamar(p)
            r.raise_for_status()
        except exceptions.MercadoPagoError as e:
            if not p.get("cualquiera"):
                self.rechazo(p, e)
            return
        except requests.exceptions.Timeout:
            exigir(p.get("mudo"), "nobody answers")
            return
        if p.get("cualquiera"):
            return
        exigir(not p.get("http") and not p.get("mudo"), p["llama"] + " was answered")
        self.mirar(p, r["response"])

    def rechazo(self, p, e):
        estado = p.get("http")
        exigir(estado, f"{p['llama']}: {type(e).__name__}: {e}")
        exigir(isinstance(e, CLASES.get(estado, exceptions.MercadoPagoError)) and e.status_code == estado,
               f"HTTP {estado} is {type(e).__name__}")
        exigir(e.response["status"] == estado, f"it says to be {e.response.get('status')}")
        exigir(e.error == p["error"], f"the code is {e.error}, not {p['error']}")
        exigir(e.message and e.message != e.error, f"{p['error']} has no text")
        exigir(isinstance(e.causes, list) and all(c["description"] for c in e.causes), f"causes: {e.causes}")
        exigir("detalle" not in p or e.causes[0]["description"].endswith(": " + p.get("detalle", "")),
               f"declined for {e.causes}, not {p.get('detalle')}")
        exigir(estado != 402 or p["llama"] != "create" or e.response["data"]["id"].startswith("ORD"),
               "a declined payment has no order")

    def mirar(self, p, r):
        if p["llama"] == "token":
            exigir(r["first_six_digits"] == p["tarjeta"][:6] and r["last_four_digits"] == p["tarjeta"][-4:]
                   and len(r["id"]) == 32, str(r))
        elif p["llama"] == "methods":
            hay = sorted(m["id"] + " " + m["payment_type_id"] for m in r)
            exigir(hay == p["lista"], str(hay))
        elif p["llama"] == "search":
            exigir(len(r["data"]) == p["cuantos"] and r["data"][0]["id"] == self.orden["id"], str(r["paging"]))
        else:
            pago = r["transactions"]["payments"][0]
            exigir("estado" not in p or (r["status"], pago["status_detail"]) == (p["estado"], p["detalle"]),
                   r["status"] + "/" + pago["status_detail"])
            exigir(not p.get("mismo") or r["id"] == self.orden["id"], "another order")
            self.orden = r

    def mandar(self, p):
        ruta = p.get("ruta", "").replace("ORDEN", self.orden["id"] if self.orden else "")
        r = requests.post(Local.base + "/_control" + ruta, json=p.get("cuerpo"), timeout=10)
        exigir(r.ok, f"control: HTTP {r.status_code}")

    def avisado(self, p):
        """Waits for a webhook, and lets the SDK look at its signature."""
        a, de = None, self.orden["id"]
        for _ in range(400):
            a = next((x for x in avisos if x["id"] == de and x["accion"] == p["accion"]), None)
            if a:
                break
            time.sleep(0.025)
        exigir(a, "no webhook " + p["accion"])
        de = de.lower() if p.get("minusculas") else de
        WebhookSignatureValidator.validate(a["firma"], a["rid"], de, SECRETO)
        try:
            WebhookSignatureValidator.validate(a["firma"], a["rid"], de, "otro")
        except InvalidWebhookSignatureError:
            return
        raise Falla("any secret does")

    def fin(self, p):
        for _ in range(400):
            r = self.llamar({"llama": "get"})["response"]
            if r["status"] == p["estado"]:
                self.mirar(p, r)
                return
            time.sleep(0.025)
        raise Falla("it never is " + p["estado"])


def correr():
    with open(sys.argv[1], encoding="utf-8") as f:
        casos = json.load(f)["casos"]
    for n, c in enumerate(casos):
        uno, dicho = Uno(n), "ok"
        try:
            for p in c["pasos"]:
                uno.paso(p)
        except Exception as e:  # pylint: disable=broad-except
            dicho = "FAILED: " + f"{type(e).__name__}: {e}".replace("\n", " ")
        print("row", c["fila"], dicho, sep="\t", flush=True)
    for linea in sorted(llamadas):
        print("call", linea, sep="\t")


if __name__ == "__main__":
    buzon = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Buzon)
    threading.Thread(target=buzon.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{buzon.server_port}", flush=True)
    Local.base = sys.stdin.read().strip() + "/dev/mercadopago"
    correr()

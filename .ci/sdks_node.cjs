// Does the casos of sdks_casos.go by MercadoPago's SDK for Node, which is where NODE_PATH says. .ci/sdks starts it: it prints
// where it takes webhooks, reads where the simulator is, and prints a line for each caso and each resource called.
"use strict";
const fs = require("node:fs");
const http = require("node:http");
const sdk = require("mercadopago");
const { AppConfig } = require("mercadopago/dist/utils/config");

const { casos } = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const { TOKEN, SECRETO } = process.env;
const clases = {
  400: sdk.MPBadRequestError, 401: sdk.MPAuthenticationError, 402: sdk.MPPaymentError, 403: sdk.MPForbiddenError, 404: sdk.MPNotFoundError,
  409: sdk.MPIdempotencyError, 423: sdk.MPResourceLockedError, 429: sdk.MPRateLimitError, 500: sdk.MPServerError, 503: sdk.MPServerError,
};
const esperar = (ms) => new Promise((si) => setTimeout(si, ms));
const avisos = [];
const llamadas = new Set();

// Nothing leaves this machine: the SDK's base address is a constant of its own, and every call is looked at.
const red = globalThis.fetch;
globalThis.fetch = (url, como) => {
  const u = new URL(url);
  if (u.hostname !== "127.0.0.1") { throw new Error("a call to " + u.hostname); }
  const camino = u.pathname.replace("/dev/mercadopago", "").replace(/\/ORD[0-9A-Z]+/, "/{id}");
  if (!camino.startsWith("/_")) { llamadas.add((como.method || "GET") + " " + camino); }
  return red(url, como);
};

function exigir(bien, dicho) { if (!bien) { throw new Error(dicho); } }

// Uno does the steps of one caso.
class Uno {
  constructor(n) { this.n = n; this.claves = 0; this.orden = null; }

  poner(x) {
    if (x === undefined) { return x; }
    const o = this.orden;
    return JSON.parse(JSON.stringify(x).replaceAll("REF", "sdk-" + this.n)
      .replaceAll("PAGO", o ? o.transactions.payments[0].id : "").replaceAll("ORDEN", o ? o.id : ""));
  }

  opciones(p) {
    this.claves++;
    return { timeout: p.mudo ? 300 : 10000, maxRetries: 0, idempotencyKey: this.n + "-" + (p.clave || "n" + this.claves) };
  }

  config(p) { return new sdk.MercadoPagoConfig({ accessToken: p.credencial || TOKEN, options: this.opciones(p) }); }

  ficha(p) {
    return new sdk.CardToken(this.config({})).create({ body: {
      card_number: p.tarjeta || "5031755734530604", expiration_month: "11", expiration_year: "2040", security_code: p.codigo || "123",
      cardholder: { name: p.titular, identification: { type: "DNI", number: "12345678" } },
    } });
  }

  async llamar(p) {
    const orden = new sdk.Order(this.config(p)), id = p.id && p.id !== "ORDEN" ? p.id : this.orden && this.orden.id, body = this.poner(p.cuerpo);
    switch (p.llama) {
    case "token": return this.ficha(p);
    case "methods": return new sdk.PaymentMethod(this.config(p)).get();
    case "create":
      if (p.titular) { body.transactions.payments[0].payment_method.token = this.fichas[p.clave] ||= (await this.ficha(p)).id; }
      return orden.create({ body });
    case "get": return orden.get({ id });
    case "search": return orden.search({ options: body });
    case "capture": return orden.capture({ id });
    case "cancel": return orden.cancel({ id });
    case "refund": return orden.refund({ id, body });
    case "process": return orden.process({ id });
    default: throw new Error("no such call: " + p.llama);
    }
  }

  fichas = {};

  async paso(p) {
    if (!p.clave) { this.fichas = {}; }
    switch (p.llama) {
    case "control": return this.mandar(p);
    case "aviso": return this.avisado(p);
    case "fin": return this.fin(p);
    default:
    }
    let r;
    try {
      r = await this.llamar(p);
    } catch (e) {
      if (p.cualquiera) { return; }
      return this.rechazo(p, e);
    }
    if (p.cualquiera) { return; }
    exigir(!p.http && !p.mudo, p.llama + " was answered");
    this.mirar(p, r);
  }

  rechazo(p, e) {
    if (p.mudo) { exigir(e instanceof sdk.MPConnectionError, "silence is " + e.name); return; }
    exigir(p.http, p.llama + ": " + e.name + ": " + e.message);
    exigir(e instanceof (clases[p.http] || sdk.MercadoPagoError) && e.status === p.http, "HTTP " + p.http + " is " + e.name + " of " + e.status);
    exigir(e.error === p.error, "the code is " + e.error + ", not " + p.error);
    exigir(e.message && e.message !== e.error && e.message !== "MercadoPago API error", p.error + " has no text");
    exigir(Array.isArray(e.causes) && e.causes.every((c) => c.description), "causes: " + JSON.stringify(e.causes));
    exigir(!p.detalle || e.causes[0].description.endsWith(": " + p.detalle), "declined for " + JSON.stringify(e.causes) + ", not " + p.detalle);
    exigir(p.http !== 429 || e.retryAfter === 1, "it does not say when to come back");
  }

  mirar(p, r) {
    if (p.llama === "token") {
      exigir(r.first_six_digits === p.tarjeta.slice(0, 6) && r.last_four_digits === p.tarjeta.slice(-4) && r.id.length === 32, JSON.stringify(r));
    } else if (p.llama === "methods") {
      const hay = Object.values(r).filter((m) => m.payment_type_id).map((m) => m.id + " " + m.payment_type_id).sort();
      exigir(hay.join() === p.lista.join(), hay.join());
    } else if (p.llama === "search") {
      exigir(r.data.length === p.cuantos && r.data[0].id === this.orden.id, JSON.stringify(r.paging));
    } else {
      const pago = r.transactions.payments[0];
      exigir(!p.estado || r.status === p.estado && pago.status_detail === p.detalle, r.status + "/" + pago.status_detail);
      exigir(!p.mismo || r.id === this.orden.id, "another order");
      this.orden = r;
    }
  }

  async mandar(p) {
    const r = await fetch(AppConfig.BASE_URL + "/_control" + (p.ruta || "").replace("ORDEN", this.orden ? this.orden.id : ""),
      { method: "POST", headers: { "Content-Type": "application/json" }, body: p.cuerpo && JSON.stringify(p.cuerpo) });
    exigir(r.ok, "control: HTTP " + r.status);
  }

  // avisado waits for a webhook, and lets the SDK look at its signature.
  async avisado(p) {
    const id = this.orden.id;
    let a;
    for (let n = 0; n < 400 && !(a = avisos.find((x) => x.id === id && x.accion === p.accion)); n++) { await esperar(25); }
    exigir(a, "no webhook " + p.accion);
    const dice = { xSignature: a.firma, xRequestId: a.rid, dataId: p.minusculas ? id.toLowerCase() : id, secret: SECRETO };
    sdk.WebhookSignatureValidator.validate(dice);
    try { sdk.WebhookSignatureValidator.validate({ ...dice, secret: "otro" }); } catch { return; }
    throw new Error("any secret does");
  }

  async fin(p) {
    for (let n = 0; n < 400; n++) {
      const r = await this.llamar({ llama: "get" });
      if (r.status === p.estado) { this.mirar(p, r); return; }
      await esperar(25);
    }
    throw new Error("it never is " + p.estado);
  }
}

async function correr(base) {
  AppConfig.BASE_URL = base + "/dev/mercadopago";
  for (const [n, c] of casos.entries()) {
    const uno = new Uno(n);
    let dicho = "ok";
    try {
      for (const p of c.pasos) { await uno.paso(p); }
    } catch (e) { dicho = "FAILED: " + String(e.message).replaceAll("\n", " "); }
    console.log("row\t" + c.fila + "\t" + dicho);
  }
  for (const l of [...llamadas].sort()) { console.log("call\t" + l); }
}

const buzon = http.createServer((req, res) => {
  let texto = "";
  req.on("data", (b) => { texto += b; });
  req.on("end", () => {
    const q = new URL(req.url, "http://127.0.0.1").searchParams;
    avisos.push({ id: q.get("data.id"), accion: JSON.parse(texto).action, firma: req.headers["x-signature"], rid: req.headers["x-request-id"] });
    res.end();
  });
});
buzon.listen(0, "127.0.0.1", () => {
  console.log("http://127.0.0.1:" + buzon.address().port);
  let base = "";
  process.stdin.on("data", (b) => { base += b; });
  process.stdin.on("end", () => correr(base.trim()).then(() => process.exit(0), (e) => { console.error(e); process.exit(1); }));
});

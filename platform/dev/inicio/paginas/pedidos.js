"use strict";
// The own orders, newest first; new ones and changes are shown as they happen, and when the server is away.
const plata = new Intl.NumberFormat("es-AR", { style: "currency", currency: "ARS" });
const fecha = new Intl.DateTimeFormat("es-AR", { dateStyle: "short", timeStyle: "short", hourCycle: "h23", timeZone: "America/Argentina/Buenos_Aires" });
const hora = new Intl.DateTimeFormat("es-AR", { timeStyle: "medium", hourCycle: "h23", timeZone: "America/Argentina/Buenos_Aires" });
const estados = {
  creado: "Recibido", preprocesado: "En preparación", pago_pendiente: "Esperando el pago", autorizado: "Pago autorizado",
  aceptado: "Con lugar en un camión", confirmado: "Confirmado", en_reparto: "En camino", entregado: "Entregado",
  fallido: "Algo falló: podés reintentar", rechazado: "Rechazado", cancelado: "Cancelado", devuelto: "Devuelto",
};
const aviso = document.getElementById("aviso");
const tabla = document.getElementById("pedidos");

async function pedir(camino) {
  const r = await fetch("/api/v1" + camino, { headers: { Accept: "application/json" } });
  if (r.status === 401) { location.assign("/sesion/inicio?a=/dev/pedidos"); throw new Error("sin sesión"); }
  if (!r.ok) { throw new Error((await r.json()).code || String(r.status)); }
  return r.json();
}

function celda(fila, nombre, texto, clase) {
  const td = fila.insertCell();
  td.dataset.t = nombre;
  td.textContent = texto;
  if (clase) { td.className = clase; }
  return td;
}

function dibujar(fila, p) {
  fila.replaceChildren();
  celda(fila, "Pedido", p.codigo, "codigo");
  celda(fila, "Hecho", fecha.format(new Date(p.creado)));
  const e = celda(fila, "Estado", estados[p.estado] || p.estado, "estado " + p.estado);
  if (p.mensaje) { e.title = p.mensaje; }
  celda(fila, "Total", plata.format(p.total_centavos / 100), "plata");
  const v = p.entrega;
  celda(fila, "Entrega", v && v.desde ? fecha.formatRange(new Date(v.desde), new Date(v.hasta)) : "a confirmar");
}

// mostrar reads the orders anew, and tells how the page stands.
async function mostrar(estado) {
  const hoja = await pedir("/pedidos?limite=20");
  const filas = hoja.datos.map((p) => {
    const fila = document.createElement("tr");
    dibujar(fila, p);
    return fila;
  });
  tabla.tBodies[0].replaceChildren(...filas);
  tabla.hidden = filas.length === 0;
  decir(estado + (filas.length === 0 ? "Todavía no hay pedidos. Los nuevos aparecen solos." : "Los pedidos nuevos y los cambios aparecen solos."));
}

function decir(texto) { if (aviso.textContent !== texto) { aviso.textContent = texto; } }

let ausente = null; // since when the server does not answer
let volvio = "";

function falto() {
  ausente = ausente || new Date();
  aviso.classList.add("alerta");
  decir("El servidor no responde desde las " + hora.format(ausente) + ". Se sigue intentando; lo que se ve puede ser viejo.");
}

function esta() {
  if (ausente) { volvio = "El servidor volvió a las " + hora.format(new Date()) + ". "; }
  ausente = null;
  aviso.classList.remove("alerta");
}

// seguir shows each change, one after another, as the stream tells of it.
function seguir() {
  const flujo = new EventSource("/dev/pedidos/vivo");
  let sigue = Promise.resolve(), paciencia = 0;
  flujo.addEventListener("open", () => { clearTimeout(paciencia); paciencia = 0; });
  flujo.addEventListener("cambio", () => {
    sigue = sigue.then(() => { esta(); return mostrar(volvio); }).catch((e) => {
      if (e instanceof TypeError) { falto(); return; } // no connection
      decir(e.message === "sin-permiso" ? "Tu usuario no hace pedidos." : "No se pudieron cargar los pedidos (" + e.message + ").");
      if (e.message === "sin-permiso") { flujo.close(); }
    });
  });
  flujo.addEventListener("error", () => {
    if (!paciencia) { paciencia = setTimeout(falto, 1500); } // a stream that only begins anew is back by then
    if (flujo.readyState === EventSource.CLOSED) { // answered, but not by a stream
      clearTimeout(paciencia);
      falto();
      setTimeout(seguir, 2000);
    }
  });
}

if (aviso) { seguir(); }

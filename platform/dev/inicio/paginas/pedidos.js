"use strict";
// The own orders, newest first; each that is not over is followed live.
const plata = new Intl.NumberFormat("es-AR", { style: "currency", currency: "ARS" });
const fecha = new Intl.DateTimeFormat("es-AR", { dateStyle: "short", timeStyle: "short", hourCycle: "h23", timeZone: "America/Argentina/Buenos_Aires" });
const estados = {
  creado: "Recibido", preprocesado: "En preparación", pago_pendiente: "Esperando el pago", autorizado: "Pago autorizado",
  aceptado: "Con lugar en un camión", confirmado: "Confirmado", en_reparto: "En camino", entregado: "Entregado",
  fallido: "Algo falló: podés reintentar", rechazado: "Rechazado", cancelado: "Cancelado", devuelto: "Devuelto",
};
const finales = new Set(["rechazado", "cancelado", "devuelto"]);
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

function seguir(fila, p) {
  if (finales.has(p.estado)) { return; }
  const flujo = new EventSource("/api/v1/pedidos/" + p.id + "/vivo");
  let pronto = 0;
  flujo.addEventListener("evento", () => { // one look for many events
    clearTimeout(pronto);
    pronto = setTimeout(async () => {
      try {
        const nuevo = await pedir("/pedidos/" + p.id);
        dibujar(fila, nuevo);
        if (finales.has(nuevo.estado)) { flujo.close(); }
      } catch (e) { aviso.textContent = "No se pudo actualizar (" + e.message + ")."; }
    }, 100);
  });
}

async function mostrar() {
  const hoja = await pedir("/pedidos?limite=20");
  aviso.textContent = hoja.datos.length === 0 ? "Todavía no hay pedidos." : "Los cambios aparecen solos.";
  tabla.hidden = hoja.datos.length === 0;
  hoja.datos.forEach((p, n) => {
    const fila = tabla.tBodies[0].insertRow();
    dibujar(fila, p);
    if (n < 5) { seguir(fila, p); } // browsers open six connections to one server
  });
}

if (aviso) {
  mostrar().catch((e) => {
    aviso.textContent = e.message === "sin-permiso" ? "Tu usuario no hace pedidos." : "No se pudieron cargar los pedidos (" + e.message + ").";
  });
}

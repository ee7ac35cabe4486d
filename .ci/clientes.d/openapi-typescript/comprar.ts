// One purchase with the types that openapi-typescript makes, and openapi-fetch. The environment says where (API), as whom (TOKEN),
// with which card token (TARJETA) and which Idempotency-Key (CLAVE). A line is printed for each thing done: lee, error, compra.
import createClient from "openapi-fetch";
import type { components, paths } from "./despensa.js";

const entorno = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`no ${name} in the environment`);
  return value;
};

// expected throws when the answer is of another kind than the one asked for.
function expected<T>(value: T | undefined, what: unknown): T {
  if (value === undefined) throw new Error(`another answer: ${JSON.stringify(what)}`);
  return value;
}

const api = createClient<paths>({
  baseUrl: entorno("API"),
  headers: { Authorization: `Bearer ${entorno("TOKEN")}` },
  signal: AbortSignal.timeout(60_000),
});

const products = await api.GET("/productos");
const addresses = await api.GET("/clientes/yo/direcciones");
const product = expected(expected(products.data, products.error).datos[0], "no product");
const address = expected(expected(addresses.data, addresses.error).datos[0], "no address");
console.log("lee", product.nombre);

const lineas = [{ producto_id: product.id, cantidad: 1 }];
const quoted = await api.POST("/pedidos/cotizacion", { body: { direccion_id: address.id, lineas } });
const total = expected(quoted.data, quoted.error).total_centavos;
const order = (total_centavos: number): components["schemas"]["PedidosNuevoPedido"] => ({
  direccion_id: address.id,
  lineas,
  pago: { metodo: "tarjeta_credito", marca: "master", token: entorno("TARJETA") },
  total_centavos,
});

const refused = await api.POST("/pedidos", { body: order(total - 1) });
const problem = expected(refused.error, refused.data);
if (problem.code !== "precio-cambiado" || !("cotizacion" in problem)) throw new Error(`another problem: ${problem.code}`);
const quote = problem.cotizacion as components["schemas"]["PedidosCotizacion"];
if (quote.total_centavos !== total) throw new Error(`another quote: ${quote.total_centavos}`);
console.log("error", problem.code);

const created = await api.POST("/pedidos", {
  params: { header: { "Idempotency-Key": entorno("CLAVE") } },
  body: order(total),
});
let placed = expected(created.data, created.error);
const path = { id: placed.id };
while (placed.estado !== "confirmado") {
  if (placed.estado === "fallido") throw new Error(`the order failed: ${placed.motivo}`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const read = await api.GET("/pedidos/{id}", { params: { path } });
  placed = expected(read.data, read.error);
}
const events = await api.GET("/pedidos/{id}/eventos", { params: { path } });
console.log("compra", placed.codigo, "events:", expected(events.data, events.error).datos.length);

"""One purchase with the client that openapi-python-client makes.

The environment gives the address (API), the caller's access token (TOKEN), the card token (TARJETA) and the
Idempotency-Key (CLAVE). A line is printed for each step done: lee, error, compra.
"""

import os
import sys
import time

from despensa import AuthenticatedClient
from despensa.api.clientes import listar_direcciones
from despensa.api.pedidos import cotizar, crear_pedido, listar_eventos, listar_productos, ver_pedido
from despensa.models import (
    ClientesListaDireccion,
    PedidosCotizacion,
    PedidosLineaPedida,
    PedidosListaEvento,
    PedidosListaProducto,
    PedidosNuevaCotizacion,
    PedidosNuevoPedido,
    PedidosPagoPedido,
    PedidosPagoPedidoMetodo,
    PedidosPedido,
    PedidosPedidoEstado,
    ProblemaCotizacion,
)


def expected(kind, answer):
    """Ends the program when the answer is of another kind."""
    if not isinstance(answer, kind):
        sys.exit(f"another answer than {kind.__name__}: {answer}")
    return answer


client = AuthenticatedClient(base_url=os.environ["API"], token=os.environ["TOKEN"], raise_on_unexpected_status=True)
product = expected(PedidosListaProducto, listar_productos.sync(client=client)).datos[0]
address = expected(ClientesListaDireccion, listar_direcciones.sync(client=client)).datos[0]
print("lee", product.nombre)

order = PedidosNuevoPedido(
    direccion_id=address.id,
    lineas=[PedidosLineaPedida(producto_id=product.id, cantidad=1)],
    pago=PedidosPagoPedido(
        metodo=PedidosPagoPedidoMetodo.TARJETA_CREDITO, marca="master", token=os.environ["TARJETA"]
    ),
)
quote = PedidosNuevaCotizacion(direccion_id=order.direccion_id, lineas=order.lineas)
total = expected(PedidosCotizacion, cotizar.sync(client=client, body=quote)).total_centavos

order.total_centavos = total - 1
problem = expected(ProblemaCotizacion, crear_pedido.sync(client=client, body=order))
if problem.code != "precio-cambiado" or expected(PedidosCotizacion, problem.cotizacion).total_centavos != total:
    sys.exit(f"at another price than that of now: {problem}")
print("error", problem.code)

order.total_centavos = total
placed = expected(PedidosPedido, crear_pedido.sync(client=client, body=order, idempotency_key=os.environ["CLAVE"]))
until = time.monotonic() + 60
while placed.estado != PedidosPedidoEstado.CONFIRMADO:
    if placed.estado == PedidosPedidoEstado.FALLIDO or time.monotonic() > until:
        sys.exit(f"the order is {placed.estado}: {placed.motivo}")
    time.sleep(0.2)
    placed = expected(PedidosPedido, ver_pedido.sync(placed.id, client=client))
events = expected(PedidosListaEvento, listar_eventos.sync(placed.id, client=client)).datos
print("compra", placed.codigo, "events:", len(events))

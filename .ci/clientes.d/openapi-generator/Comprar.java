import java.util.List;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.ClientesApi;
import org.openapitools.client.api.PedidosApi;
import org.openapitools.client.model.*;

/**
 * One purchase with the client that openapi-generator makes for Java. The environment says where (API), as whom (TOKEN), with
 * which card token (TARJETA) and which Idempotency-Key (CLAVE). A line is printed for each thing done: lee, error, compra.
 */
public class Comprar {
  public static void main(String[] args) throws Exception {
    ApiClient client = new ApiClient().setBasePath(System.getenv("API"));
    client.setBearerToken(System.getenv("TOKEN"));
    PedidosApi orders = new PedidosApi(client);

    PedidosProducto product = orders.listarProductos(null, null, null, null).getDatos().get(0);
    ClientesDireccion address = new ClientesApi(client).listarDirecciones(null, null).getDatos().get(0);
    System.out.println("lee " + product.getNombre());

    List<PedidosLineaPedida> lines = List.of(new PedidosLineaPedida().productoId(product.getId()).cantidad(1L));
    PedidosCotizacion quote =
        orders.cotizar(new PedidosNuevaCotizacion().direccionId(address.getId()).lineas(lines));
    long total = quote.getTotalCentavos();
    PedidosNuevoPedido order =
        new PedidosNuevoPedido()
            .direccionId(address.getId())
            .lineas(lines)
            .pago(
                new PedidosPagoPedido()
                    .metodo(PedidosPagoPedido.MetodoEnum.TARJETA_CREDITO)
                    .marca("master")
                    .token(System.getenv("TARJETA")));

    System.out.println("error " + refused(orders, order.totalCentavos(total - 1), total).getCode());

    PedidosPedido placed = orders.crearPedido(order.totalCentavos(total), System.getenv("CLAVE"));
    long until = System.nanoTime() + 60_000_000_000L;
    while (placed.getEstado() != PedidosPedido.EstadoEnum.CONFIRMADO) {
      if (placed.getEstado() == PedidosPedido.EstadoEnum.FALLIDO || System.nanoTime() > until) {
        throw new IllegalStateException("the order is " + placed.getEstado() + ": " + placed.getMotivo());
      }
      Thread.sleep(200);
      placed = orders.verPedido(placed.getId());
    }
    List<PedidosEvento> events = orders.listarEventos(placed.getId(), null, null).getDatos();
    System.out.println("compra " + placed.getCodigo() + " events: " + events.size());
    System.exit(0); // okhttp keeps its threads for a minute
  }

  /** Returns the problem with which an order at another price than that of now is refused. */
  private static ProblemaCotizacion refused(PedidosApi orders, PedidosNuevoPedido order, long total)
      throws Exception {
    try {
      orders.crearPedido(order, null);
    } catch (ApiException e) {
      ProblemaCotizacion problem = ProblemaCotizacion.fromJson(e.getResponseBody());
      if (e.getCode() == 409
          && problem.getCode().equals("precio-cambiado")
          && problem.getCotizacion().getTotalCentavos() == total) {
        return problem;
      }
      throw new IllegalStateException("another problem: " + problem, e);
    }
    throw new IllegalStateException("taken at another price than that of now");
  }
}

package banco_test

import (
	"slices"
	"testing"
)

func TestNormalizar(t *testing.T) {
	for want, texto := range map[string]string{
		"begin immediate": "BEGIN immediate",
		"select … from cobros where id = ? limit 1": "SELECT `cobros`.`id`,`cobros`.`pedido`,`cobros`.`intento`," +
			"`cobros`.`cliente` FROM `cobros` WHERE id = $1 LIMIT 1",
		"select doc from existencias where id in (?…)": "select doc from existencias\n where id in (?, ?,?)",
		"insert into auditoria (…) values (…) on conflict do nothing": "INSERT INTO `auditoria` (`id`,`creado`) " +
			"VALUES (?,?),(?,?) ON CONFLICT DO NOTHING",
		"update pedidos set … where id = ? and version = ?": "update pedidos set estado = ?, version = ?, debe = ?, " +
			"lease = ?, doc = ? where id = ? and version = ?",
		"update pedidos set publicados = ? where id = ?": "update pedidos set publicados = ? where id = ?",
	} {
		if got := normalizar(texto); got != want {
			t.Errorf("%q becomes %q, want %q", texto, got, want)
		}
	}
}

// A statement that one order of three runs is left out of the typical order; a statement that one of three lacks
// stays in.
func TestTipico(t *testing.T) {
	a, b, raro := sentencia{
		texto: "select a from a",
	}, sentencia{
		texto: "commit",
	}, sentencia{
		texto: "select b from raro",
	}
	got := tipico([][]sentencia{{a, b, b}, {raro, a, b, b, b}, {b, b}})
	if want := []renglon{{sentencia: a, veces: 1}, {sentencia: b, veces: 2}}; !slices.Equal(
		got,
		want,
	) {
		t.Errorf("%v", got)
	}
}

func TestConDecimo(t *testing.T) {
	for n, want := range map[int]int{0: 0, 1: 2, 10: 11, 70: 77, 93: 103} {
		if got := conDecimo(n); got != want {
			t.Errorf("%d and a tenth: %d, want %d", n, got, want)
		}
	}
}

// Each statement has a reason, each reason a statement; a commit has that of its begin.
func TestRazones(t *testing.T) {
	rs := []renglon{
		{sentencia: sentencia{esquema: "pagos", efecto: "pagos.x", texto: "begin immediate"}},
		{sentencia: sentencia{esquema: "pagos", efecto: "pagos.x", texto: "commit"}},
		{sentencia: sentencia{esquema: "pagos", texto: "select … from cobros where id = ?"}},
	}
	faltan, sobran := razones{
		"pagos select cobros": "",
		"pagos.y transaction": "old",
	}.comparar(rs)
	if !slices.Equal(faltan, []string{"pagos.x transaction", "pagos select cobros"}) ||
		!slices.Equal(sobran, []string{"pagos.y transaction"}) {
		t.Errorf("missing %v, too many %v", faltan, sobran)
	}
}

package promesas_test

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"strings"

	clientesmod "despensa/modules/clientes/module"
	"despensa/platform/wiring"
	"despensa/pruebas/kit"
)

// checkHistory compares an order with the manifest; an order at rest has not moved on.
func checkHistory(program *kit.Program, preparedOrder preparedOrder, atRest bool) {
	program.T.Helper()
	h := kit.Steps(program.History("operador", preparedOrder.ID))
	p := program.See("operador", preparedOrder.ID)
	if !strings.HasPrefix(h, preparedOrder.Historia) ||
		atRest && (h != preparedOrder.Historia || p.Estado != preparedOrder.Estado) {
		program.T.Errorf(
			"%s: %s with %q, at the cut it was %s with %q",
			preparedOrder.Caso,
			p.Estado,
			h,
			preparedOrder.Estado,
			preparedOrder.Historia,
		)
	}
}

// checkTrail verifies the audit trail of a running program, from the release's first record on.
func checkTrail(program *kit.Program) {
	program.T.Helper()
	var out bytes.Buffer
	k := kit.Settings(program.Dir)
	command := clientesmod.Comando(func() (clientesmod.Opciones, error) {
		return clientesmod.Opciones{
			Options: wiring.Options{
				Folder: k.Datos,
				Now:    program.Clock.Now,
			},
			Config:    k.Clientes,
			Auditoria: k.Auditoria,
		}, nil
	})
	command.SetArgs([]string{"verificar"})
	command.SetOut(&out)
	command.SetErr(io.Discard)
	err := command.ExecuteContext(program.T.Context())
	if err != nil || !strings.HasPrefix(out.String(), "intact: records 1 to ") {
		program.T.Errorf("the audit trail: %s (%v)", out.String(), err)
	}
}

// checkPayments waits until the module pagos and the gateway have the same amount for every payment: charged less
// refunded. (Reconcile compares the orders with the gateway.)
func checkPayments(program *kit.Program) {
	program.T.Helper()
	var ours, theirs map[string]int64
	agree := func() bool {
		ours, theirs = map[string]int64{}, map[string]int64{}
		for _, x := range kit.All[preparedPayment](program.Client, "operador", "/pagos") {
			ours[fmt.Sprintf("%s-%d", x.Pedido, x.Intento)] = x.Cobrado - x.Reembolsado
		}
		for _, a := range program.Ledger() {
			theirs[a.Referencia] = a.Cobrado - a.Reembolsado
		}
		return maps.Equal(ours, theirs)
	}
	if err := kit.Until(program.T.Context(), agree); err != nil {
		program.T.Errorf("pagos says %v, the gateway %v", ours, theirs)
	}
}

// preparedPayment is one intento's payment as the API shows it, in centavos.
type preparedPayment struct {
	Pedido      string `json:"pedido_id"`
	Intento     int    `json:"intento"`
	Cobrado     int64  `json:"cobrado_centavos"`
	Reembolsado int64  `json:"reembolsado_centavos"`
}

// Package cobros has the rules of a charge (cobro), which is the money of one intento of an order, and the service that
// carries them out against a payment gateway. However often a caller repeats a call, and wherever a process dies, the
// gateway is asked for each effect under one key, and has it once.
//
// # The states of a charge
//
// The members Vista, Cierre, Cobrado and Reembolsado of a Cobro say where it stands:
//   - Vista is the furthest state of the order that the gateway has reported (aplicar, aplicar.go).
//   - Cierre closes the charge: refused, run out, or undone by Anular. The money of a closed charge goes back.
//   - Cobrado and Reembolsado are the centavos taken and given back.
//
// Estado, which the API shows, follows from them (derivar, cobro.go). A charge goes on without a caller:
//   - Debe is when the charge is due (proximaRevision, tareas.go). RevisarDebidos (debidos.go) finds the charges that
//     are due.
//   - A tarea (tareas.go) is the step that a charge needs: siguienteTarea names it, and for a closed charge it asks
//     reintegro, which gives the money back.
//   - avanzar and hacerTarea (sincronizar.go) take the step: reclamar (ejecutor.go) saves that a call is about to be
//     made, ejecutar (ejecutor.go) makes it, and guardarResultado (resultado.go) saves its outcome. A look is
//     sincronizar (sincronizar.go).
//   - A charge that is due and needs no step is looked at (revisar, debidos.go).
//
// The callers' own steps are Autorizar (servicio.go), Capturar (capturar.go), Anular (anular.go), Reembolsar
// (reembolsar.go) and Repasar (repasar.go); the gateway's notices come in by Recibir and Atender (webhooks.go).
//
//	Cierre Vista      Money      Estado      Waits for                            Next by itself        Due
//	open   en_proceso none       pendiente   the provider, to decide              look, revisar         soon, or at Vence
//	open   en_espera  none       pendiente   the customer, to pay before Vence    look, revisar         soon, or at Vence
//	open   en_espera  none       pendiente   the gateway, to void after Vence     Cancelar, tarea       soon
//	open   reservada  none       reservado   Capturar or Anular of pedidos        look, revisar         Sondeo.Reserva
//	open   cobrada    taken      cobrado     nothing; refunds may be asked for    look, revisar         Sondeo.Cobrado
//	open   cobrada    given back reembolsado nothing                              none                  never
//	closed never seen none       Cierre      an order that the gateway denies     look, revisar         Vigilancia
//	closed en_proceso none       Cierre      the provider, to decide              look, revisar         soon
//	closed en_espera  none       Cierre      the gateway, to void the order       Cancelar, reintegro   soon
//	closed reservada  none       Cierre      the gateway, to void the reservation Cancelar, reintegro   soon
//	closed rechazada  none       Cierre      nothing                              none                  never
//	closed cancelada  none       Cierre      nothing                              none                  never
//	closed cobrada    taken      cobrado     the gateway, to give the rest back   Reembolsar, reintegro soon
//	closed cobrada    refused    cobrado     an operator, to give the rest back   look, revisar         Sondeo.Cobrado
//	closed cobrada    given back reembolsado nothing                              none                  never
//
// "soon" is Sondeo.Min after the last look, doubling to Sondeo.Max while a look finds nothing new. "Vigilancia" is a
// wait that doubles with the age of the charge, until it is Sondeo.Vigilancia old: the gateway refused to make the
// order, and may have made it all the same (revisionSinOrden, tareas.go). Sondeo.Cobrado doubles with the age of the
// charge, too, for 180 days (revisionCobrado, tareas.go).
//
// "refused" is a rest that the gateway will not give back (anulacionNegada, tareas.go). An open charge is closed by the
// report that its order is rechazada or cancelada (cerrarSegun, aplicar.go).
//
// A call or a refund under way comes before every row above:
//
//	Under way           Waits for                            Next by itself        Due
//	Accion, till Hasta  the call, to end                     none, tarea           Hasta and holgura
//	Accion, after Hasta its result, read at the gateway      look, tarea           soon
//	Crear, never found  nothing, after Sondeo.Vigilancia     look, tarea           never
//	refund Solicitado   the gateway, to make the refund      Reembolsar, tarea     soon
//
// TestStateTable and TestWhatIsUnderWayComesFirst hold the tables to the code.
package cobros

// Command despensa takes the orders of a food company, charges them and delivers them.
package main

import (
	"context"
	"os"
	_ "time/tzdata" // the company's calendar days, wherever the program runs

	"despensa/internal/comandos"
)

func main() {
	os.Exit(comandos.Ejecutar(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}

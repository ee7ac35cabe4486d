package kit

// Buyers are the logins of the demo customers.
var Buyers = []string{"cliente1", "cliente2", "cliente3", "cliente4", "cliente5"}

package kit

// NewProduct puts a dry product with n units into the first depot.
func (s *Client) NewProduct(nombre string, n int64) string {
	s.T.Helper()
	var p Product
	s.Must("admin", "POST", "/productos",
		map[string]any{"nombre": nombre, "categoria": "prueba", "precio_centavos": 12345,
			"iva": "21", "peso_gramos": 500, "volumen_ml": 600, "frio": false}, &p)
	s.Must(
		"admin",
		"POST",
		"/productos/"+p.ID+"/movimientos",
		map[string]any{"cantidad": n, "motivo": "compra"},
		nil,
	)
	return p.ID
}

// Product has the members of a product that tests read from the API.
type Product struct {
	ID         string `json:"id"`
	Nombre     string `json:"nombre"`
	Precio     int64  `json:"precio_centavos"`
	Frio       bool   `json:"frio"`
	Peso       int64  `json:"peso_gramos"`
	Volumen    int64  `json:"volumen_ml"`
	Disponible int64  `json:"disponible"`
}

// DryProducts returns the products with at least 1,000 free units that need no cold truck.
func (s *Client) DryProducts() []Product {
	s.T.Helper()
	var out []Product
	for _, p := range All[Product](s, "admin", "/productos") {
		if !p.Frio && p.Disponible >= 1000 {
			out = append(out, p)
		}
	}
	return out
}

// Available returns the free units of a product, over all depots.
func (s *Client) Available(id string) int64 {
	s.T.Helper()
	var p Product
	s.Must("admin", "GET", "/productos/"+id, nil, &p)
	return p.Disponible
}

// AwaitAvailable waits until n units of a product are free.
func (s *Client) AwaitAvailable(id string, n int64) {
	s.T.Helper()
	var hay int64
	if err := Until(s.T.Context(), func() bool { hay = s.Available(id); return hay == n }); err != nil {
		s.T.Fatalf("%d of the product are free, want %d", hay, n)
	}
}

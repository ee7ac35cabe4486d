package catalogo

import (
	"time"

	"despensa/platform/idempotency"
	"despensa/platform/money"
)

// demo is one product to try the shop with.
type demo struct {
	slug, nombre, categoria string
	precio                  money.Centavos
	iva                     money.IVA
	peso, volumen           int64 // g, ml
	frio                    bool
}

// demos are the products of Demo, one row each: a name, a price, a measure.
var demos = []demo{
	{"yerba-mate-1kg", "Yerba mate con palo 1 kg", "almacén", 4_890_00, money.IVA21, 1000, 2400, false},
	{"yerba-mate-500g", "Yerba mate despalada 500 g", "almacén", 2_650_00, money.IVA21, 500, 1250, false},
	{"azucar-1kg", "Azúcar común tipo A 1 kg", "almacén", 1_290_00, money.IVA21, 1000, 1150, false},
	{"harina-000-1kg", "Harina de trigo 000 1 kg", "almacén", 980_00, money.IVA105, 1000, 1500, false},
	{"harina-leudante-1kg", "Harina leudante 1 kg", "almacén", 1_240_00, money.IVA105, 1000, 1500, false},
	{"polenta-500g", "Polenta instantánea 500 g", "almacén", 1_150_00, money.IVA21, 500, 750, false},
	{"arroz-largo-fino-1kg", "Arroz largo fino 1 kg", "almacén", 1_980_00, money.IVA21, 1000, 1200, false},
	{"lentejas-400g", "Lentejas secas 400 g", "almacén", 1_720_00, money.IVA21, 400, 520, false},
	{"fideos-tirabuzon-500g", "Fideos tirabuzón 500 g", "almacén", 1_090_00, money.IVA21, 500, 1300, false},
	{"pure-tomate-520g", "Puré de tomate 520 g", "conservas", 890_00, money.IVA21, 540, 560, false},
	{"tomate-perita-400g", "Tomate perita en lata 400 g", "conservas", 1_180_00, money.IVA21, 460, 480, false},
	{"atun-aceite-170g", "Atún al natural 170 g", "conservas", 2_490_00, money.IVA21, 210, 240, false},
	{"arvejas-350g", "Arvejas remojadas 350 g", "conservas", 790_00, money.IVA21, 400, 430, false},
	{"aceite-girasol-1500ml", "Aceite de girasol 1,5 l", "aceites", 3_450_00, money.IVA21, 1430, 1650, false},
	{"aceite-oliva-500ml", "Aceite de oliva virgen extra 500 ml", "aceites", 9_800_00, money.IVA21, 900, 780, false},
	{"vinagre-alcohol-1l", "Vinagre de alcohol 1 l", "aceites", 1_050_00, money.IVA21, 1060, 1120, false},
	{"sal-fina-500g", "Sal fina 500 g", "almacén", 720_00, money.IVA21, 500, 480, false},
	{"dulce-de-leche-400g", "Dulce de leche clásico 400 g", "dulces", 2_380_00, money.IVA21, 430, 420, false},
	{"mermelada-durazno-454g", "Mermelada de durazno 454 g", "dulces", 2_150_00, money.IVA21, 680, 520, false},
	{"dulce-membrillo-500g", "Dulce de membrillo 500 g", "dulces", 1_860_00, money.IVA21, 510, 450, false},
	{"alfajores-6u", "Alfajores de chocolate 6 unidades", "dulces", 4_300_00, money.IVA21, 330, 900, false},
	{"galletitas-agua-303g", "Galletitas de agua 303 g", "galletitas", 1_260_00, money.IVA21, 303, 1100, false},
	{"bizcochos-grasa-200g", "Bizcochos de grasa 200 g", "galletitas", 1_020_00, money.IVA21, 200, 900, false},
	{"pan-lactal-460g", "Pan lactal blanco 460 g", "panadería", 2_690_00, money.IVA105, 460, 2600, false},
	{"pan-rallado-500g", "Pan rallado 500 g", "panadería", 1_340_00, money.IVA105, 500, 900, false},
	{"leche-entera-1l", "Leche entera larga vida 1 l", "lácteos", 1_580_00, money.IVAExent, 1040, 1050, false},
	{"leche-descremada-1l", "Leche descremada fresca 1 l", "lácteos", 1_540_00, money.IVAExent, 1040, 1050, true},
	{"yogur-frutilla-900g", "Yogur bebible de frutilla 900 g", "lácteos", 2_280_00, money.IVA21, 930, 950, true},
	{"manteca-200g", "Manteca 200 g", "lácteos", 2_450_00, money.IVA21, 205, 220, true},
	{"queso-cremoso-1kg", "Queso cremoso 1 kg", "lácteos", 8_900_00, money.IVA21, 1010, 1200, true},
	{"ricota-500g", "Ricota entera 500 g", "lácteos", 2_750_00, money.IVA21, 520, 600, true},
	{"tapas-empanada-12u", "Tapas de empanada criolla 12 unidades", "frescos", 1_690_00, money.IVA21, 330, 520, true},
	{"noquis-papa-500g", "Ñoquis de papa 500 g", "frescos", 2_340_00, money.IVA21, 500, 800, true},
	{"carne-picada-1kg", "Carne picada especial 1 kg", "carnes", 8_450_00, money.IVA105, 1010, 1150, true},
	{"milanesas-pollo-1kg", "Milanesas de pollo congeladas 1 kg", "congelados", 7_690_00, money.IVA21, 1020, 2200, true},
	{"papas-baston-700g", "Papas bastón congeladas 700 g", "congelados", 3_120_00, money.IVA21, 710, 1900, true},
	{"papa-negra-2kg", "Papa negra 2 kg", "verdulería", 1_990_00, money.IVA105, 2000, 3200, false},
	{"agua-mineral-2l", "Agua mineral sin gas 2 l", "bebidas", 1_130_00, money.IVA21, 2040, 2150, false},
	{"soda-sifon-2l", "Soda en sifón retornable 2 l", "bebidas", 1_270_00, money.IVA27, 2060, 2200, false},
	{"pan-frances-1kg", "Pan francés 1 kg", "panadería", 2_400_00, money.IVACero, 1000, 5000, false},
}

// IDDemo is the id of a demo product, by its slug ("yerba-mate-1kg").
func IDDemo(slug string) string { return idempotency.Derive("producto", slug) }

// Demo is the catalogue to try the program with: 40 products with ids that never change.
// Creado is zero: the caller that stores the products sets it.
func Demo() []Producto {
	out := make([]Producto, 0, len(demos))
	for _, d := range demos {
		producto := Producto{
			ID:        IDDemo(d.slug),
			Nombre:    d.nombre,
			Categoria: d.categoria,
			Precio:    d.precio,
			IVA:       d.iva,
			Peso:      d.peso,
			Volumen:   d.volumen,
			Frio:      d.frio,
			Activo:    true,
			Version:   1,
			Creado:    time.Time{},
		}
		producto.Indexar()
		out = append(out, producto)
	}
	return out
}

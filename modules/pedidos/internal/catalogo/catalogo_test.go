package catalogo

import (
	"errors"
	"strings"
	"testing"

	"despensa/platform/fault"
	"despensa/platform/idempotency"
	"despensa/platform/money"
)

func valido() Producto {
	return Producto{
		Nombre:    "Ñoquis",
		Categoria: "frescos",
		Precio:    1,
		IVA:       money.IVA21,
		Peso:      1,
		Volumen:   1,
	}
}

// TestValidar: each bound of a product, and the members that the error names.
func TestValidar(t *testing.T) {
	casos := map[string]struct {
		cambio func(*Producto)
		campos []string
	}{
		"smallest": {func(p *Producto) { p.Nombre = "a" }, nil},
		"greatest": {func(p *Producto) {
			p.Nombre, p.Categoria = strings.Repeat("ñ", 120), strings.Repeat("é", 60)
			p.Precio, p.Peso, p.Volumen = 1_000_000_000, 50_000, 200_000
		}, nil},
		"no name":         {func(p *Producto) { p.Nombre = "" }, []string{"nombre"}},
		"blank name":      {func(p *Producto) { p.Nombre = "   " }, []string{"nombre"}},
		"blanks around":   {func(p *Producto) { p.Nombre = " a" }, []string{"nombre"}},
		"control in name": {func(p *Producto) { p.Nombre = "a\nb" }, []string{"nombre"}},
		"not UTF-8":       {func(p *Producto) { p.Nombre = "a\xff" }, []string{"nombre"}},
		"long name": {
			func(p *Producto) { p.Nombre = strings.Repeat("ñ", 121) },
			[]string{"nombre"},
		},
		"no category": {func(p *Producto) { p.Categoria = "" }, []string{"categoria"}},
		"long category": {
			func(p *Producto) { p.Categoria = strings.Repeat("a", 61) },
			[]string{"categoria"},
		},
		"free": {func(p *Producto) { p.Precio = 0 }, []string{"precio_centavos"}},
		"dear": {
			func(p *Producto) { p.Precio = 1_000_000_001 },
			[]string{"precio_centavos"},
		},
		"no such rate":   {func(p *Producto) { p.IVA = "19" }, []string{"iva"}},
		"no rate":        {func(p *Producto) { p.IVA = "" }, []string{"iva"}},
		"weightless":     {func(p *Producto) { p.Peso = 0 }, []string{"peso_gramos"}},
		"heavy":          {func(p *Producto) { p.Peso = 50_001 }, []string{"peso_gramos"}},
		"without volume": {func(p *Producto) { p.Volumen = -1 }, []string{"volumen_ml"}},
		"big":            {func(p *Producto) { p.Volumen = 200_001 }, []string{"volumen_ml"}},
		"all wrong, each is named": {
			func(p *Producto) { *p = Producto{} },
			[]string{
				"nombre",
				"categoria",
				"precio_centavos",
				"iva",
				"peso_gramos",
				"volumen_ml",
			},
		},
	}
	for nombre, c := range casos {
		t.Run(nombre, func(t *testing.T) {
			p := valido()
			c.cambio(&p)
			comprobar(t, p.Validar(), c.campos)
		})
	}
}

// comprobar fails unless err names just these members.
func comprobar(t *testing.T, err error, campos []string) {
	t.Helper()
	if len(campos) == 0 {
		if err != nil {
			t.Fatalf("a valid product is refused: %v", err)
		}
		return
	}
	f, ok := fault.As(err)
	if !ok || !errors.Is(err, ErrProducto) || f.Kind != fault.Invalid {
		t.Fatalf("got %v, want ErrProducto", err)
	}
	var dichos []string
	for _, c := range f.Fields {
		dichos = append(dichos, strings.TrimPrefix(c.Location, "body."))
	}
	if strings.Join(dichos, " ") != strings.Join(campos, " ") {
		t.Errorf("fields %v, want %v", dichos, campos)
	}
	if len(ErrProducto.Fields) != 0 {
		t.Errorf("the shared error has been changed")
	}
}

// TestDemo: the demo products are valid and ready to be stored, have 40 ids that never change, and have every rate of
// IVA.
func TestDemo(t *testing.T) {
	ids, tasas, frios := map[string]bool{}, map[money.IVA]int{}, 0
	for _, p := range Demo() {
		if err := p.Validar(); err != nil {
			t.Errorf("%s: %v", p.Nombre, err)
		}
		if copia := p; copia.Indexar() || !p.Activo || p.Version != 1 ||
			p.Creado.Location().String() != "UTC" {
			t.Errorf("%s is not ready to be stored", p.Nombre)
		}
		ids[p.ID] = true
		tasas[p.IVA]++
		if p.Frio {
			frios++
		}
	}
	if len(ids) != 40 || frios < 5 {
		t.Errorf("%d different products, %d of them cold", len(ids), frios)
	}
	for _, i := range []money.IVA{money.IVA21, money.IVA105, money.IVA27, money.IVACero, money.IVAExent} {
		if tasas[i] == 0 {
			t.Errorf("no product has IVA %s", i)
		}
	}
	if !ids[idempotency.Derive("producto", "yerba-mate-1kg")] {
		t.Errorf("an id has changed")
	}
}

// TestIndexar: the folded name and category, and whether they have changed.
func TestIndexar(t *testing.T) {
	indexado := Producto{Nombre: "Té", Buscable: "te", Categoria: "té", CategoriaPlegada: "te"}
	casos := map[string]struct {
		entra             Producto
		nombre, categoria string
		cambia            bool
	}{
		"new": {
			Producto{Nombre: "Ñoquis", Categoria: "Frescos"},
			"noquis",
			"frescos",
			true,
		},
		"combining accents": {
			Producto{Nombre: "Pin\u0303o\u0301n", Categoria: "alma\u0301cen"},
			"pinon",
			"almacen",
			true,
		},
		"composed": {
			Producto{Nombre: "Piñón", Categoria: "almácen"},
			"pinon",
			"almacen",
			true,
		},
		"as it was": {indexado, "te", "te", false},
		"of release 0.3.0": {
			Producto{Nombre: "Té", Buscable: "te", Categoria: "té"},
			"te",
			"te",
			true,
		},
		"nothing to be read": {Producto{Nombre: "—", Categoria: "🍕"}, "", "🍕", true},
	}
	for nombre, c := range casos {
		p := c.entra
		if p.Indexar() != c.cambia || p.Buscable != c.nombre ||
			p.CategoriaPlegada != c.categoria {
			t.Errorf("%s: %q %q", nombre, p.Buscable, p.CategoriaPlegada)
		}
		if p.Indexar() {
			t.Errorf("%s: indexed twice", nombre)
		}
	}
}

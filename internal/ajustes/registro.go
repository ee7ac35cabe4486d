package ajustes

import "strings"

// FormatoDeRegistro is registro.formato as far as it can be read, for errors of the settings themselves. entorno is as
// for Leer; what it names stands above the file.
func FormatoDeRegistro(entorno []string) (formato string) {
	c, _ := Leer(entorno) // its error is told to whoever reads the settings next
	formato = c.Registro.Formato
	for _, e := range entorno {
		if v, ok := strings.CutPrefix(e, "DESPENSA_REGISTRO_FORMATO="); ok {
			formato = v
		}
	}
	return formato
}

package ajustes

import "strings"

// FormatoDeRegistro is registro.formato, as far as the settings can be read: errors of the settings themselves are
// written in that format. entorno is as for Leer; a value in it takes precedence over the file's.
func FormatoDeRegistro(entorno []string) (formato string) {
	c, _ := Leer(entorno) // the command reads the settings again and reports the error
	formato = c.Registro.Formato
	for _, e := range entorno {
		if v, ok := strings.CutPrefix(e, "DESPENSA_REGISTRO_FORMATO="); ok {
			formato = v
		}
	}
	return formato
}

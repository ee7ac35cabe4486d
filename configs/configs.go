// Package configs embeds the default of every setting.
package configs

import _ "embed"

//go:embed default.yaml
var defecto []byte

// Defecto is the embedded settings, in YAML.
func Defecto() []byte { return defecto }

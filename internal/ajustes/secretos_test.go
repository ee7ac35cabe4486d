package ajustes

import (
	"testing"
)

// What is drawn by lot is not called regular.
func TestRandomSecretsPass(t *testing.T) {
	for _, v := range []string{"0c9d41f7a2e85b36", "f3a91c07de5b8264", "Zk3vQ9xT1mB7wLr5", "9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d"} {
		if regular(v) {
			t.Errorf("%s is called regular", v)
		}
	}
}

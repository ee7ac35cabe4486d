package fault_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"despensa/platform/fault"
)

func TestCopiesShareTheCodeAndNothingElse(t *testing.T) {
	base := fault.New(fault.Invalid, "mal", "It is wrong.")
	uno := base.WithField("body.a", "too small").WithField("body.b", "too big")
	dos := base.WithExtra("permitidos", 1).WithExtra("otro", 2).WithRetry(time.Second)
	if len(base.Fields) != 0 || base.Extra != nil || base.RetryAfter != 0 {
		t.Errorf("the declared error has changed: %+v", base)
	}
	if len(uno.Fields) != 2 ||
		uno.Fields[1] != (fault.Field{Location: "body.b", Message: "too big"}) {
		t.Errorf("fields %+v", uno.Fields)
	}
	if len(dos.Extra) != 2 || dos.RetryAfter != time.Second {
		t.Errorf("extras %+v, retry %v", dos.Extra, dos.RetryAfter)
	}
	otro := fault.New(fault.Invalid, "otro", "It is wrong.")
	for nombre, err := range map[string]error{
		"a copy": uno, "another copy": dos, "wrapped": fmt.Errorf("layer: %w", uno),
	} {
		if !errors.Is(err, base) || errors.Is(err, otro) {
			t.Errorf("%s: is %v", nombre, err)
		}
		if f, ok := fault.As(err); !ok || f.Code != "mal" {
			t.Errorf("%s: as %v", nombre, f)
		}
	}
	if _, ok := fault.As(errors.New("x")); ok {
		t.Error("a foreign error is one of ours")
	}
	if s := uno.Error(); s != "mal: It is wrong." {
		t.Errorf("says %q", s)
	}
}

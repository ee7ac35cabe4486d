package kit

import (
	"context"
	"os"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"
)

// Chromium opens a tab in a headless browser of its own, which ends with the test. Without chromium on the PATH the
// test is SKIPPED.
func Chromium(t *testing.T) context.Context {
	t.Helper()
	Slow(t, "starts a browser")
	bin, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("SKIPPED: no chromium here, and pages are not looked at in a browser")
	}
	opciones := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(bin),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-features", "Translate,OptimizationHints,MediaRouter"),
	)
	if os.Geteuid() == 0 { // it does not run as root otherwise
		opciones = append(opciones, chromedp.NoSandbox)
	}
	ctx, parar := chromedp.NewExecAllocator(context.Background(), opciones...)
	t.Cleanup(parar)
	ctx, cerrar := chromedp.NewContext(ctx)
	t.Cleanup(cerrar)
	if err := chromedp.Do(ctx); err != nil { // a deadline of the first call would be the browser's own
		t.Fatalf("chromium does not start: %v", err)
	}
	ctx, soltar := context.WithTimeout(ctx, Patience)
	t.Cleanup(soltar)
	return ctx
}

package programa

import (
	"runtime"
	"runtime/debug"

	"despensa/platform/telemetry"

	"github.com/prometheus/client_golang/prometheus"
)

// revision is set by the linker where the program is built without its repository, as in the image: the Dockerfile says
// -X despensa/internal/programa.revision=….
var revision string

// sinRevision stands for a revision that is not known.
const sinRevision = "unknown"

// Revision is the commit that the program was built from, with "-modified" behind it when files had been changed;
// "unknown" when neither the linker nor the repository said it.
func Revision() string {
	i, _ := debug.ReadBuildInfo()
	return revisionDe(revision, i)
}

// revisionDe is the revision that the linker has set, or else the one that the Go command found in the repository.
func revisionDe(enlazada string, buildInfo *debug.BuildInfo) string {
	if enlazada != "" && enlazada != sinRevision {
		return enlazada
	}
	visto := map[string]string{}
	if buildInfo != nil {
		for _, s := range buildInfo.Settings {
			visto[s.Key] = s.Value
		}
	}
	switch {
	case visto["vcs.revision"] == "":
		return sinRevision
	case visto["vcs.modified"] == "true":
		return visto["vcs.revision"] + "-modified"
	}
	return visto["vcs.revision"]
}

// nuevasMetricas makes a registry that also shows which build runs: despensa_build_info is 1, its labels say which.
func nuevasMetricas() *prometheus.Registry {
	r := telemetry.NewMetrics()
	g := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "despensa_build_info",
		Help: "The build of the program that runs: always 1, its labels are version, revision and Go's version.",
		ConstLabels: prometheus.Labels{
			"version":  Version,
			"revision": Revision(),
			"go":       runtime.Version(),
		},
	})
	g.Set(1)
	r.MustRegister(g)
	return r
}

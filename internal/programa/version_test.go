package programa

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestRevision(t *testing.T) {
	repo := func(revision, modified string) *debug.BuildInfo {
		return &debug.BuildInfo{Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: revision}, {Key: "vcs.modified", Value: modified}}}
	}
	tests := map[string]struct {
		linked string
		info   *debug.BuildInfo
		want   string
	}{
		"neither":                       {want: "unknown"},
		"built outside of a repository": {info: &debug.BuildInfo{}, want: "unknown"},
		"built in the repository":       {info: repo("abc", "false"), want: "abc"},
		"built in a changed one":        {info: repo("abc", "true"), want: "abc-modified"},
		"built as the image": {
			linked: "def",
			info:   &debug.BuildInfo{},
			want:   "def",
		},
		"the linker goes first": {
			linked: "def",
			info:   repo("abc", "true"),
			want:   "def",
		},
		"the image's argument is not set": {
			linked: "unknown",
			info:   repo("abc", "false"),
			want:   "abc",
		},
	}
	for name, tt := range tests {
		if got := revisionDe(tt.linked, tt.info); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// despensa_build_info is exported once, as 1, with the values of Version and Revision.
func TestBuildInfo(t *testing.T) {
	families, err := nuevasMetricas().Gather()
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, f := range families {
		if f.GetName() != "despensa_build_info" {
			continue
		}
		for _, m := range f.GetMetric() {
			found++
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			if m.GetGauge().GetValue() != 1 || len(labels) != 3 || labels["version"] != Version ||
				labels["revision"] != Revision() ||
				labels["go"] != runtime.Version() {
				t.Errorf("%v is %v", labels, m.GetGauge().GetValue())
			}
		}
	}
	if found != 1 {
		t.Errorf("%d series", found)
	}
}

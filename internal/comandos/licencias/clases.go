package licencias

import (
	"slices"
	"strings"
)

// Permitidas are the licences of which work may be linked, by SPDX identifier: those that
// ask for a notice at most, and MPL-2.0, which binds changes of its own files only.
var Permitidas = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "blessing", "CC0-1.0", "ISC", "MIT", "MPL-2.0",
	"Unlicense"}

// senas is what a licence's text has and what it has not. The GNU licences are known by
// their titles: the Mozilla licence speaks of them, too.
var senas = []struct{ licencia, tiene, no string }{
	{"AGPL", "GNU AFFERO GENERAL PUBLIC LICENSE Version", ""},
	{"LGPL", "GNU LESSER GENERAL PUBLIC LICENSE Version", ""},
	{"GPL", "GNU GENERAL PUBLIC LICENSE Version", ""},
	{"SSPL", "Server Side Public License", ""},
	{"BUSL", "Business Source License", ""},
	{"Apache-2.0", "Apache License Version 2.0", ""},
	{"Apache-2.0", "Licensed under the Apache License, Version 2.0", ""},
	{"MPL-2.0", "Mozilla Public License", ""},
	{"MIT", "Permission is hereby granted, free of charge, to any person obtaining a copy", ""},
	{"BSD-3-Clause", "Neither the name", "Permission is hereby granted"},
	{"BSD-3-Clause", "names of its contributors may not be used to endorse", ""},
	{"BSD-2-Clause", "Redistribution and use in source and binary forms", "endorse or promote"},
	{"ISC", "Permission to use, copy, modify, and/or distribute this software for any purpose", ""},
	{"ISC", "Permission to use, copy, modify, and distribute this software for any purpose", ""},
	{"Unlicense", "This is free and unencumbered software released into the public domain", ""},
	{"CC0-1.0", "CC0 1.0 Universal", ""},
	{"blessing", "May you do good and not evil", ""},
	{"blessing", "All of the code and documentation in SQLite has been dedicated to the public domain", ""},
}

// Clasificar names the licences that a text contains, sorted; none for a text that is
// none we know.
func Clasificar(texto string) []string {
	llano := strings.ToLower(strings.Join(strings.Fields(texto), " "))
	var out []string
	for _, s := range senas {
		if strings.Contains(llano, strings.ToLower(s.tiene)) &&
			(s.no == "" || !strings.Contains(llano, strings.ToLower(s.no))) {
			out = append(out, s.licencia)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

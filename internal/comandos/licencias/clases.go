package licencias

import (
	"slices"
	"strings"
)

// Permitidas are the licences, by SPDX identifier, under which linked code may stand: those that ask for a notice at
// most, and MPL-2.0, which binds changes of its own files only.
var Permitidas = []string{
	"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "blessing", "CC0-1.0", "ISC", "MIT", "MPL-2.0", "Unlicense",
}

// senas are the phrases by which a licence is recognized: its text contains tiene and not no. The GNU licences are
// recognized by their titles, because the Mozilla licence mentions them too.
var senas = []struct{ licencia, tiene, no string }{
	{licencia: "AGPL", tiene: "GNU AFFERO GENERAL PUBLIC LICENSE Version"},
	{licencia: "LGPL", tiene: "GNU LESSER GENERAL PUBLIC LICENSE Version"},
	{licencia: "GPL", tiene: "GNU GENERAL PUBLIC LICENSE Version"},
	{licencia: "SSPL", tiene: "Server Side Public License"},
	{licencia: "BUSL", tiene: "Business Source License"},
	{licencia: "Apache-2.0", tiene: "Apache License Version 2.0"},
	{licencia: "Apache-2.0", tiene: "Licensed under the Apache License, Version 2.0"},
	{licencia: "MPL-2.0", tiene: "Mozilla Public License"},
	{
		licencia: "MIT",
		tiene:    "Permission is hereby granted, free of charge, to any person obtaining a copy",
	},
	{licencia: "BSD-3-Clause", tiene: "Neither the name", no: "Permission is hereby granted"},
	{licencia: "BSD-3-Clause", tiene: "names of its contributors may not be used to endorse"},
	{
		licencia: "BSD-2-Clause",
		tiene:    "Redistribution and use in source and binary forms",
		no:       "endorse or promote",
	},
	{
		licencia: "ISC",
		tiene:    "Permission to use, copy, modify, and/or distribute this software for any purpose",
	},
	{
		licencia: "ISC",
		tiene:    "Permission to use, copy, modify, and distribute this software for any purpose",
	},
	{
		licencia: "Unlicense",
		tiene:    "This is free and unencumbered software released into the public domain",
	},
	{licencia: "CC0-1.0", tiene: "CC0 1.0 Universal"},
	{licencia: "blessing", tiene: "May you do good and not evil"},
	{
		licencia: "blessing",
		tiene:    "All of the code and documentation in SQLite has been dedicated to the public domain",
	},
}

// Clasificar gives the licences that a text contains, sorted; none for a text without a known licence.
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

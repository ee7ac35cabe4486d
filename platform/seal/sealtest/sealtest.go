// Package sealtest is a seal.Port without cryptography, for the modules' tests.
package sealtest

import (
	"context"
	"encoding/hex"
	"strings"
	"sync"

	"despensa/platform/seal"
)

// Port seals a text by writing its owner, its place and the text in hexadecimal.
type Port struct {
	mu     sync.Mutex
	away   bool
	erased map[string]bool
}

var _ seal.Port = (*Port)(nil)

// Away makes the customers' keys unreadable (true) or readable again (false).
func (p *Port) Away(away bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away = away
}

// Erase destroys the key of the customer owner.
func (p *Port) Erase(owner string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.erased == nil {
		p.erased = map[string]bool{}
	}
	p.erased[owner] = true
}

// Seal implements seal.Port.
func (p *Port) Seal(_ context.Context, words seal.Words) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	k, body := seal.Split(words.Text)
	switch {
	case words.Text == "" || k != seal.None && k != seal.Interim:
		return words.Text, nil
	case p.erased[words.Owner]:
		return seal.Stored(seal.Gone, ""), nil
	case k == seal.None:
		body = hex.EncodeToString([]byte(words.Owner + "|" + words.Place + "|" + words.Text))
	}
	return seal.Stored(p.kind(words.Owner), body), nil
}

func (p *Port) kind(owner string) seal.Kind {
	switch {
	case owner == "":
		return seal.House
	case p.away:
		return seal.Interim
	}
	return seal.Customer
}

// Open implements seal.Port.
func (p *Port) Open(_ context.Context, words []seal.Words) (out []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range words {
		out = append(out, p.open(w))
	}
	return out
}

func (p *Port) open(words seal.Words) string {
	k, body := seal.Split(words.Text)
	switch {
	case k == seal.None:
		return words.Text
	case k == seal.Gone || p.erased[words.Owner]:
		return seal.Erased
	case k != seal.House && p.away:
		return seal.Away
	}
	b, err := hex.DecodeString(body)
	clear, ok := strings.CutPrefix(string(b), words.Owner+"|"+words.Place+"|")
	if err != nil || !ok {
		return seal.Broken
	}
	return clear
}

package kit

import (
	"despensa/internal/apiclient"
)

// Together runs f n times, releases all n calls at once, and returns their results in the order of i.
func Together[T any](n int, f func(i int) T) []T {
	ya := make(chan struct{})
	salidas := make([]chan T, n)
	for i := range n {
		salidas[i] = make(chan T, 1)
		go func() { <-ya; salidas[i] <- f(i) }()
	}
	close(ya)
	out := make([]T, n)
	for i := range n {
		out[i] = <-salidas[i]
	}
	return out
}

// Answer is the answer to one of many equal calls.
type Answer struct {
	Order
	Login    string
	Code     string // of the problem; "" for a success
	Response apiclient.Response
}

// Post posts as login; unlike Must it may be called in any goroutine.
func (s *Client) Post(login, camino string, cuerpo any, optiones ...apiclient.Option) Answer {
	x := Answer{Login: login}
	err := s.As(login).Do(s.T.Context(), "POST", camino, cuerpo, &x.Order,
		append(optiones, apiclient.IntoResponse(&x.Response))...)
	if x.Code = apiclient.Code(err); err != nil && x.Code == "" {
		x.Code = err.Error()
	}
	return x
}

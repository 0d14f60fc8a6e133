package api_test

import (
	"context"
	"testing"
)

// What a keystroke costs in the core. The bar is 50 µs at the median from JavaScript, boundary and
// all; js/wasm takes about five times what is measured natively.

func BenchmarkBuildBasic(b *testing.B) {
	const request = `{"request":{"method":"GET","url":"https://api.example.com/data","headers":[["Accept","application/json"]]},` +
		`"auth":{"scheme":"basic","values":{"username":"Aladdin","password":"open sesame","charset":"utf-8"}}`
	for name, params := range map[string]string{"steps": request + "}", "without steps": request + `,"steps":false}`} {
		b.Run(name, func(b *testing.B) {
			a, in := testAPI(), []byte(params)
			b.ReportAllocs()
			for b.Loop() {
				a.Call(context.Background(), "build", in, nil)
			}
		})
	}
}

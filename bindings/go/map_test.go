package avocet_test

import (
	"math"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

func FuzzMap(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7}, uint8(0))
	f.Add([]byte{255, 0, 100, 17, 80, 3}, uint8(3))
	f.Add([]byte{}, uint8(5))
	exact := map[avocet.Function]func(x float64) float64{
		avocet.Exp: math.Exp, avocet.Log: math.Log, avocet.Log1p: math.Log1p, avocet.Tanh: math.Tanh,
		avocet.Sigmoid: sigmoid, avocet.Softplus: softplus,
	}
	f.Fuzz(func(t *testing.T, bytes []byte, function uint8) {
		x, out := make([]float32, len(bytes)), make([]float32, len(bytes))
		for i, b := range bytes {
			x[i] = (float32(b) - 100) / 8
		}
		which := avocet.Function(function % 6)
		check(t, avocet.Map(which, x, out, nil))
		for i := range x {
			wanted := exact[which](float64(x[i]))
			if found := float64(out[i]); math.IsNaN(wanted) || math.IsInf(wanted, 0) {
				if math.IsNaN(wanted) != math.IsNaN(found) || math.IsInf(wanted, 0) && found != wanted {
					t.Fatalf("%d of %g: found %g, wanted %g", which, x[i], found, wanted)
				}
			} else if math.Abs(found-wanted) > 3e-7*math.Abs(wanted) {
				t.Fatalf("%d of %g: found %g, wanted %g", which, x[i], found, wanted)
			}
		}
	})
}

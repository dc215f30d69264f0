package avocet_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/avocet-kernels/avocet/bindings/go"
)

// Runs only where ./test has put a library of another version before the right one: every call says so, and none
// reaches the library, whose functions would end the process.
func TestWrongLibrary(t *testing.T) {
	if os.Getenv("AVOCET_TEST_WRONG_LIBRARY") == "" {
		t.Skip("the library is the right one")
	}
	refuses := func(err error) {
		t.Helper()
		var e *avocet.Error
		if !errors.Is(err, avocet.ErrIncompatibleLibrary) || !errors.As(err, &e) || e.Argument != 0 {
			t.Fatal(err)
		}
		for _, part := range []string{"0.0.0", "99", "0.1.0", "interface 1"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q does not name %s", err, part)
			}
		}
	}
	t.Log(avocet.CheckLibrary())
	refuses(avocet.CheckLibrary())
	g, err := avocet.NewGraph([]int{0}, []int(nil), 0)
	refuses(err)
	if g != nil {
		t.Error("a graph")
	}
	_, err = avocet.NewPool(2)
	refuses(err)
	_, err = avocet.NewWorkspace(2)
	refuses(err)
	_, err = g.Transpose()
	refuses(err)
	refuses(avocet.Map(avocet.Exp, []float32{1}, []float32{0}, nil))
	refuses(avocet.ScorePairs(avocet.Matrix{}, avocet.Matrix{}, []int{0}, []int{0}, nil, nil))
	refuses(avocet.Product(make([]avocet.Addend, 99), avocet.DenseOptions{}, avocet.Matrix{}, nil, nil, nil))
	refuses(avocet.LogisticLoss([]float32{1}, avocet.LogisticTargets{}, avocet.LogisticOutputs{}, nil, nil))
	refuses(avocet.FeedbackWeights(avocet.FeedbackScheme{}, avocet.FeedbackRows{Kinds: []avocet.RowKind{0}}, nil, nil, nil))
	_, err = avocet.LogisticBatch(avocet.LogisticRows{}, nil, avocet.LogisticBatchOutputs{}, nil, nil)
	refuses(err)
	refuses(avocet.LogisticProduct([]float32{1}, nil, avocet.LogisticTargets{}, avocet.LogisticProductOutputs{}, nil, nil))
	prepared, err := avocet.NewPreparedRows(avocet.CSR[int, int]{Offsets: []int{0}})
	refuses(err)
	if prepared != nil {
		t.Error("rows")
	}
	refuses(prepared.Features(nil))
	_, err = avocet.LogisticFit(avocet.LogisticRows{Features: avocet.PreparedFeatures(prepared)}, avocet.LogisticTargets{},
		avocet.LogisticFitOptions{}, nil, nil)
	refuses(err)
	_, err = avocet.LogisticParts(1, 0, nil)
	refuses(err)
	_, err = avocet.LogisticMerge([]int{1}, nil, nil, nil)
	refuses(err)
	_, err = avocet.CalibrationMerge([]int{-1}, nil)
	refuses(err)
	refuses(avocet.FeedbackServed([]float32{1}, []float32{0}, nil))
	stream, err := avocet.NewStream(avocet.ProtocolWindow, avocet.Clicks{}, 0, 0)
	refuses(err)
	if stream != nil {
		t.Error("a stream")
	}
	refuses(stream.Copy(avocet.StreamRows{}))
	model, err := avocet.NewSparseModel(1, avocet.SparseModelOptions{})
	refuses(err)
	if model != nil {
		t.Error("a model")
	}
	_, err = avocet.LoadSparseModel(make([]byte, 60))
	refuses(err)
	rows := avocet.SparseRows[int, int]{Offsets: []int{0}}
	refuses(avocet.PredictSparse(model, rows, nil, nil))
	refuses(avocet.LearnSparse(model, rows, avocet.LogisticTargets{}, 1, nil, nil))
	_, err = model.Intercept()
	refuses(err)
	cells, err := avocet.NewGrid(avocet.Edges{}, avocet.Edges{}, avocet.Sample{}, nil)
	refuses(err)
	buckets, err := avocet.NewBuckets(cells, 1)
	refuses(err)
	if cells != nil || buckets != nil {
		t.Error("a grid, or buckets")
	}
	_, err = avocet.LoadBuckets(make([]byte, 60))
	refuses(err)
	refuses(buckets.Add(avocet.ThresholdRows{}, nil, nil))
	refuses(buckets.Merge(buckets))
	refuses(buckets.Clear())
	_, err = buckets.Apart(-1)
	refuses(err)
	_, err = avocet.ThresholdSearch(avocet.Cells{Levels: -1}, avocet.Objective{}, avocet.SearchOptions{}, nil, nil)
	refuses(err)
	_, _, err = avocet.ThresholdSingle(avocet.ThresholdRows{}, avocet.Objective{}, nil)
	refuses(err)
	refuses(avocet.ThresholdDecide(cells, nil, []float32{1}, nil, nil, nil))
	_, err = avocet.BinnedAUC([]uint64{1}, nil)
	refuses(err)
	_, err = avocet.BinnedBootstrap(cells, avocet.FigureAUC, avocet.ThresholdRows{}, avocet.BootstrapOptions{}, nil)
	refuses(err)
	index, err := avocet.NewPackedIndex(avocet.Vectors{}, avocet.PackedIndexOptions{}, nil)
	refuses(err)
	if index != nil {
		t.Error("an index")
	}
	_, err = avocet.LoadPackedIndex(make([]byte, 60))
	refuses(err)
	_, err = avocet.MapPackedIndex(make([]byte, 60), nil)
	refuses(err)
	_, err = index.Remove(nil)
	refuses(err)
	_, err = index.MarshalBinary()
	refuses(err)
	refuses(index.Search(avocet.Matrix{}, -1, avocet.IndexLists{}, nil, nil))
	refuses(avocet.MergeLists(make([]avocet.Shard, 99), -1, 0, avocet.MergedLists{}))
	refuses(avocet.UncertaintyEntropy([]float32{1}, nil, nil))
	_, err = avocet.Ranking(nil, nil, nil)
	refuses(err)
	_, err = avocet.Calibration(nil, nil, nil)
	refuses(err)
	if avocet.DetectedISA() != avocet.ISANone || avocet.ActiveISA() != avocet.ISANone ||
		avocet.CapISA(avocet.ISAAVX2) != avocet.ISANone || avocet.FloatEnvironmentIsDefault() {
		t.Error("a library that must not be asked was asked")
	}
	if avocet.ErrOverlap.Error() != "status 9" || avocet.ErrOverlap.Name() != "unknown" || avocet.ISAAVX2.String() != "unknown" {
		t.Error("names of a library that must not be asked")
	}
	if avocet.ErrIncompatibleLibrary.Error() != "the library is of another version" {
		t.Error(avocet.ErrIncompatibleLibrary)
	}
	if avocet.Version() != "0.0.0" || avocet.VersionNumber() != 0 || avocet.ABIVersion() != 99 {
		t.Error(avocet.Version(), avocet.VersionNumber(), avocet.ABIVersion())
	}
}

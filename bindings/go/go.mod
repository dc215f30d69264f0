module github.com/avocet-kernels/avocet/bindings/go

go 1.25

require (
	github.com/avocet-kernels/avocet/bindings/go/lib/linux_amd64 v0.1.0
	github.com/avocet-kernels/avocet/bindings/go/lib/linux_arm64 v0.1.0
)

// In a checkout the archives lie beside this file. Users of a release never see these lines: a replace counts only in
// the main module.
replace (
	github.com/avocet-kernels/avocet/bindings/go/lib/linux_amd64 => ./lib/linux_amd64
	github.com/avocet-kernels/avocet/bindings/go/lib/linux_arm64 => ./lib/linux_arm64
)

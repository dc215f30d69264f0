module github.com/avocet-kernels/avocet/bindings/go/lib/linux_arm64

go 1.25

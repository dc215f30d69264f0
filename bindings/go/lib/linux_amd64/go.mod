module github.com/avocet-kernels/avocet/bindings/go/lib/linux_amd64

go 1.25

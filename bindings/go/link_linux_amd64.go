//go:build !avocet_system

package avocet

import (
	_ "github.com/avocet-kernels/avocet/bindings/go/internal/header"
	_ "github.com/avocet-kernels/avocet/bindings/go/lib/linux_amd64"
)

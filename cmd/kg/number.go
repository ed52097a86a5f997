package main

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"
)

// atLeast registers a flag for a whole number that may not be below least.
func atLeast(cmd *cobra.Command, into *int, name string, least, value int, usage string) {
	*into = value
	cmd.Flags().Var(&boundedInt{into, least}, name, usage)
}

type boundedInt struct {
	value *int
	least int
}

func (b *boundedInt) Type() string { return "int" }

func (b *boundedInt) String() string {
	if b.value == nil { // who prints help asks the zero value, too
		return "0"
	}
	return strconv.Itoa(*b.value)
}

func (b *boundedInt) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < b.least {
		return fmt.Errorf("expected a whole number, %d or more", b.least)
	}
	*b.value = n
	return nil
}

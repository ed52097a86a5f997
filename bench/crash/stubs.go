package main
func (b *bench) fullDisks() error {return nil}
func (b *bench) twoProcesses() error {return nil}
func (b *bench) badStores() error {return nil}

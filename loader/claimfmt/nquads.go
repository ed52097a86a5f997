package claimfmt

import "errors"

func (r *Reader) openQuads(w *window) error { return errors.New("soon") }

package quads

// DumpHeader is the first line of a dump: its kind and the version of its form.
// The second says what "kg:" stands for.
const (
	DumpHeader = "# kg dump 1"
	dumpBase   = "# kg: "
)

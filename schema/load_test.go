package schema

import "testing"

func TestDefault(t *testing.T) {
	v := Default()
	if len(v.Types) != 14 || len(v.Relations) != 46 {
		t.Errorf("got %d types and %d relations, want 14 and 46", len(v.Types), len(v.Relations))
	}
}

package schema

import (
	"encoding/csv"
	"os"
	"testing"
)

func readTable(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var records []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, column := range rows[0] {
			m[column] = row[i]
		}
		records = append(records, m)
	}
	return records
}

// The default vocabulary knows every word of the real claims.
func TestDefaultOnIdlib(t *testing.T) {
	const dir = "../examples/idlib/"
	v := Default()
	types := map[string]ID{}
	for _, e := range readTable(t, dir+"entities.csv") {
		et := v.TypeNamed(e["type"])
		if et == nil || et.Abstract {
			t.Errorf("entity %s: type %q is unknown or abstract", e["name"], e["type"])
			continue
		}
		types[e["name"]] = et.ID
	}
	sources := map[string]bool{}
	for _, s := range readTable(t, dir+"sources.csv") {
		sources[s["id"]] = true
		if _, err := ParseTime(s["published"]); err != nil {
			t.Errorf("source %s: %v", s["id"], err)
		}
	}
	claims := readTable(t, dir+"claims.csv")
	if len(claims) != 292 || len(types) != 108 || len(sources) != 5 {
		t.Errorf("%d claims, %d entities, %d sources; want 292, 108, 5", len(claims), len(types), len(sources))
	}
	dated := 0
	for _, c := range claims {
		when, err := ParseTime(c["date"])
		if err != nil || when.String() != c["date"] {
			t.Errorf("claim %s: time %q, %v", c["id"], when, err)
		}
		if !when.IsZero() {
			dated++
		}
		if _, err := ParseStance(c["stance"]); err != nil {
			t.Errorf("claim %s: %v", c["id"], err)
		}
		if _, err := v.Confidence(c["confidence"]); err != nil {
			t.Errorf("claim %s: %v", c["id"], err)
		}
		if !sources[c["source"]] {
			t.Errorf("claim %s: unknown source %q", c["id"], c["source"])
		}
		r, swapped := v.RelationNamed(c["relation"])
		if r == nil || swapped {
			t.Errorf("claim %s: relation %q", c["id"], c["relation"])
			continue
		}
		subject, object := types[c["subject"]], types[c["object"]]
		if subject == "" || object == "" {
			t.Errorf("claim %s: an end is no entity: %q, %q", c["id"], c["subject"], c["object"])
		}
		if !v.Allows(r.Domain, subject) || !v.Allows(r.Range, object) {
			t.Errorf("claim %s: %s %s %s", c["id"], subject, r.Name, object)
		}
	}
	if undated := len(claims) - dated; undated != 257 {
		t.Errorf("%d claims without a date, want 257", undated)
	}
}

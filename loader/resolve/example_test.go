package resolve_test

import (
	"fmt"

	"example.com/kg/loader/resolve"
	"example.com/kg/schema"
)

func Example() {
	vocabulary := schema.Default()
	r := resolve.New(schema.NewCatalog(vocabulary))
	r.Add(schema.Entity{ID: "kg:Turkey", Name: "Turkey", Type: "kg:Country", Metonyms: []string{"Ankara"}, Declared: true})
	r.Add(schema.Entity{ID: "kg:Hayat_Tahrir_al-Sham", Name: "Hayat Tahrir al-Sham", Aliases: []string{"HTS"}, Declared: true})

	supplies, _ := r.Relation("supplied by")
	fmt.Println(supplies.ID, "swapped:", supplies.Swapped)
	for _, name := range []string{"Ankara", "hts", "Turky"} {
		m, err := r.Entity(name, supplies.Object)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(name, "is", m.ID, "by", m.How)
	}
	fmt.Println("did you mean", r.Suggest("Turky", 1))
	// Output:
	// kg:supplies swapped: true
	// Ankara is kg:Turkey by metonym
	// hts is kg:Hayat_Tahrir_al-Sham by alias
	// Turky is kg:Turky by unknown
	// did you mean [Turkey]
}

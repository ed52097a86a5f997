package server

import (
	"net/http"

	"example.com/kg/schema"
)

// Stats are the sizes of the store.
type Stats struct {
	Generation int64          `json:"generation" doc:"how often the store was updated"`
	Claims     int            `json:"claims"`
	ByStance   map[string]int `json:"claims_by_stance"`
	LiveTies   int            `json:"live_ties" doc:"claims that a plain traversal walks"`
	Entities   int            `json:"entities"`
	ByType     map[string]int `json:"entities_by_type" doc:"the empty name is for those of unknown type"`
	Sources    int            `json:"sources"`
	Origins    int            `json:"origins" doc:"voices"`
	Quads      int64          `json:"quads"`
	Bytes      int64          `json:"bytes" doc:"of the file"`
	Damaged    int            `json:"damaged_claims"`
	Unread     int            `json:"quads_without_meaning"`
}

func statsRoute() route {
	return route{
		method: "GET", path: "/stats", name: "stats", summary: "Count what is in the store",
		answer: Stats{},
		handle: func(_ *Server, c *call) error {
			st, err := c.view.stats()
			if err != nil {
				return err
			}
			out := Stats{
				int64(st.Generation), st.Claims, map[string]int{}, st.LiveTies, st.Entities, map[string]int{},
				st.Sources, st.Origins, st.Quads, st.Bytes, st.Damaged, st.Unread,
			}
			for stance, n := range st.ByStance {
				out.ByStance[stance.String()] = n
			}
			for id, n := range st.ByType {
				out.ByType[typeName(c.view.store.Vocabulary(), id)] += n
			}
			return c.send(http.StatusOK, out)
		},
	}
}

// typeName is what people call a type; empty for none.
func typeName(v *schema.Vocabulary, id schema.ID) string {
	if t := v.Type(id); t != nil {
		return t.Name
	}
	return id.Name()
}

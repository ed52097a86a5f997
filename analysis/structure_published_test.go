package analysis

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
)

// Characters of Les Misérables who meet in a chapter, without the number of
// chapters: Knuth 1993, The Stanford GraphBase, data set jean.
const lesMiserables = `
	Anzelma-Eponine Anzelma-MmeThenardier Anzelma-Thenardier Babet-Brujon Babet-Claquesous
	Babet-Eponine Babet-Gavroche Babet-Gueulemer Babet-Javert Babet-MmeThenardier Babet-Montparnasse
	Babet-Thenardier Babet-Valjean Bahorel-Bossuet Bahorel-Combeferre Bahorel-Courfeyrac
	Bahorel-Enjolras Bahorel-Feuilly Bahorel-Gavroche Bahorel-Grantaire Bahorel-Joly Bahorel-Mabeuf
	Bahorel-Marius Bahorel-MmeHucheloup Bahorel-Prouvaire Bamatabois-Brevet Bamatabois-Champmathieu
	Bamatabois-Chenildieu Bamatabois-Cochepaille Bamatabois-Fantine Bamatabois-Javert
	Bamatabois-Judge Bamatabois-Valjean BaronessT-Gillenormand BaronessT-Marius Blacheville-Dahlia
	Blacheville-Fameuil Blacheville-Fantine Blacheville-Favourite Blacheville-Listolier
	Blacheville-Tholomyes Blacheville-Zephine Bossuet-Combeferre Bossuet-Courfeyrac Bossuet-Enjolras
	Bossuet-Feuilly Bossuet-Gavroche Bossuet-Grantaire Bossuet-Joly Bossuet-Mabeuf Bossuet-Marius
	Bossuet-MmeHucheloup Bossuet-Prouvaire Bossuet-Valjean Boulatruelle-Thenardier
	Brevet-Champmathieu Brevet-Chenildieu Brevet-Cochepaille Brevet-Judge Brevet-Valjean
	Brujon-Claquesous Brujon-Eponine Brujon-Gavroche Brujon-Gueulemer Brujon-Montparnasse
	Brujon-Thenardier Champmathieu-Chenildieu Champmathieu-Cochepaille Champmathieu-Judge
	Champmathieu-Valjean Champtercier-Myriel Chenildieu-Cochepaille Chenildieu-Judge
	Chenildieu-Valjean Child1-Child2 Child1-Gavroche Child2-Gavroche Claquesous-Enjolras
	Claquesous-Eponine Claquesous-Gueulemer Claquesous-Javert Claquesous-MmeThenardier
	Claquesous-Montparnasse Claquesous-Thenardier Claquesous-Valjean Cochepaille-Judge
	Cochepaille-Valjean Combeferre-Courfeyrac Combeferre-Enjolras Combeferre-Feuilly
	Combeferre-Gavroche Combeferre-Grantaire Combeferre-Joly Combeferre-Mabeuf Combeferre-Marius
	Combeferre-Prouvaire Cosette-Gillenormand Cosette-Javert Cosette-LtGillenormand Cosette-Marius
	Cosette-MlleGillenormand Cosette-MmeThenardier Cosette-Thenardier Cosette-Tholomyes
	Cosette-Toussaint Cosette-Valjean Cosette-Woman2 Count-Myriel CountessDeLo-Myriel
	Courfeyrac-Enjolras Courfeyrac-Eponine Courfeyrac-Feuilly Courfeyrac-Gavroche
	Courfeyrac-Grantaire Courfeyrac-Joly Courfeyrac-Mabeuf Courfeyrac-Marius Courfeyrac-MmeHucheloup
	Courfeyrac-Prouvaire Cravatte-Myriel Dahlia-Fameuil Dahlia-Fantine Dahlia-Favourite
	Dahlia-Listolier Dahlia-Tholomyes Dahlia-Zephine Enjolras-Feuilly Enjolras-Gavroche
	Enjolras-Grantaire Enjolras-Javert Enjolras-Joly Enjolras-Mabeuf Enjolras-Marius
	Enjolras-MmeHucheloup Enjolras-Prouvaire Enjolras-Valjean Eponine-Gueulemer Eponine-Mabeuf
	Eponine-Marius Eponine-MmeThenardier Eponine-Montparnasse Eponine-Thenardier Fameuil-Fantine
	Fameuil-Favourite Fameuil-Listolier Fameuil-Tholomyes Fameuil-Zephine Fantine-Favourite
	Fantine-Javert Fantine-Listolier Fantine-Marguerite Fantine-MmeThenardier Fantine-Perpetue
	Fantine-Simplice Fantine-Thenardier Fantine-Tholomyes Fantine-Valjean Fantine-Zephine
	Fauchelevent-Gribier Fauchelevent-Javert Fauchelevent-MotherInnocent Fauchelevent-Valjean
	Favourite-Listolier Favourite-Tholomyes Favourite-Zephine Feuilly-Gavroche Feuilly-Grantaire
	Feuilly-Joly Feuilly-Mabeuf Feuilly-Marius Feuilly-Prouvaire Gavroche-Grantaire
	Gavroche-Gueulemer Gavroche-Javert Gavroche-Joly Gavroche-Mabeuf Gavroche-Marius
	Gavroche-MmeBurgon Gavroche-MmeHucheloup Gavroche-Montparnasse Gavroche-Prouvaire
	Gavroche-Thenardier Gavroche-Valjean Geborand-Myriel Gervais-Valjean Gillenormand-LtGillenormand
	Gillenormand-Magnon Gillenormand-Marius Gillenormand-MlleGillenormand Gillenormand-Valjean
	Grantaire-Joly Grantaire-MmeHucheloup Grantaire-Prouvaire Gueulemer-Javert
	Gueulemer-MmeThenardier Gueulemer-Montparnasse Gueulemer-Thenardier Gueulemer-Valjean
	Isabeau-Valjean Javert-MmeThenardier Javert-Montparnasse Javert-Simplice Javert-Thenardier
	Javert-Toussaint Javert-Valjean Javert-Woman1 Javert-Woman2 Joly-Mabeuf Joly-Marius
	Joly-MmeHucheloup Joly-Prouvaire Jondrette-MmeBurgon Judge-Valjean Labarre-Valjean
	Listolier-Tholomyes Listolier-Zephine LtGillenormand-Marius LtGillenormand-MlleGillenormand
	Mabeuf-Marius Mabeuf-MotherPlutarch Magnon-MmeThenardier Marguerite-Valjean
	Marius-MlleGillenormand Marius-Pontmercy Marius-Thenardier Marius-Tholomyes Marius-Valjean
	MlleBaptistine-MmeMagloire MlleBaptistine-Myriel MlleBaptistine-Valjean
	MlleGillenormand-MlleVaubois MlleGillenormand-MmePontmercy MlleGillenormand-Valjean
	MmeDeR-Valjean MmeMagloire-Myriel MmeMagloire-Valjean MmePontmercy-Pontmercy
	MmeThenardier-Thenardier MmeThenardier-Valjean Montparnasse-Thenardier Montparnasse-Valjean
	MotherInnocent-Valjean Myriel-Napoleon Myriel-OldMan Myriel-Valjean Perpetue-Simplice
	Pontmercy-Thenardier Scaufflaire-Valjean Simplice-Valjean Thenardier-Valjean Tholomyes-Zephine
	Toussaint-Valjean Valjean-Woman1 Valjean-Woman2`

// Triangles, their shares, weak places and distances of three well-known graphs.
func TestPublishedStructure(t *testing.T) {
	ctx := context.Background()
	for _, test := range []struct {
		name, source, ties    string
		triangles             int64
		transitivity, average float64
		points, bridges       string
		diameter, radius      float64
	}{
		{
			name: "karate club", ties: karate,
			source:    "KONECT, network ucidata-zachary (triangles 45, transitivity 25.6 %, diameter 5); NetworkX 3.6.1",
			triangles: 45, transitivity: 0.2556818, average: 0.5706385,
			points: "0", bridges: "0-11", diameter: 5, radius: 3,
		}, {
			name: "Les Misérables", ties: lesMiserables,
			source:    "KONECT, network moreno_lesmis (triangles 467, transitivity 49.9 %, diameter 5); NetworkX 3.6.1",
			triangles: 467, transitivity: 0.4989316, average: 0.5731367,
			points: "Fauchelevent Gavroche Mabeuf MlleGillenormand MmeBurgon Myriel Thenardier Valjean",
			bridges: "Boulatruelle-Thenardier Champtercier-Myriel Count-Myriel CountessDeLo-Myriel Cravatte-Myriel " +
				"Fauchelevent-Gribier Gavroche-MmeBurgon Geborand-Myriel Gervais-Valjean Isabeau-Valjean " +
				"Jondrette-MmeBurgon Labarre-Valjean Mabeuf-MotherPlutarch MlleGillenormand-MlleVaubois " +
				"MmeDeR-Valjean Myriel-Napoleon Myriel-OldMan Scaufflaire-Valjean",
			diameter: 5, radius: 3,
		}, {
			name: "Florentine families", ties: florentine,
			source:    "NetworkX 3.6.1",
			triangles: 3, transitivity: 0.1914894, average: 0.16,
			points:   "Albizzi Guadagni Medici Salviati",
			bridges:  "Acciaiuoli-Medici Albizzi-Ginori Guadagni-Lamberteschi Medici-Salviati Pazzi-Salviati",
			diameter: 5, radius: 3,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			v, names := named(test.ties, false)
			triangles, err := CountTriangles(ctx, v, TriangleOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if triangles.Total != test.triangles || math.Abs(triangles.Transitivity()-test.transitivity) > 5e-8 ||
				math.Abs(triangles.Average()-test.average) > 5e-8 {
				t.Errorf("%d triangles, transitivity %.7f, average %.7f; %s", triangles.Total, triangles.Transitivity(), triangles.Average(), test.source)
			}
			cuts, err := FindCuts(ctx, v, CutOptions{})
			if err != nil {
				t.Fatal(err)
			}
			var points, bridges []string
			for _, p := range cuts.Points {
				points = append(points, names[p])
			}
			for _, b := range cuts.Bridges {
				bridges = append(bridges, names[b[0]]+"-"+names[b[1]])
			}
			if got := strings.Join(points, " "); got != test.points {
				t.Errorf("articulation points %s", got)
			}
			if got := strings.Join(bridges, " "); got != test.bridges {
				t.Errorf("bridges %s", got)
			}
			e, err := Eccentricity(ctx, v, EccentricityOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if e.Diameter != test.diameter || e.Radius != test.radius {
				t.Errorf("diameter %v, radius %v", e.Diameter, e.Radius)
			}
		})
	}
}

// The largest modularity of the karate club is 0.4198 (see
// TestLouvainOnKarateClub), that of Les Misérables 0.560: Agarwal and Kempe 2008,
// doi:10.1140/epjb/e2008-00425-1, table 1.
func TestLeidenOnPublishedGraphs(t *testing.T) {
	for _, test := range []struct {
		ties string
		want float64
	}{{karate, 0.4198}, {lesMiserables, 0.560}} {
		v, _ := named(test.ties, false)
		p, err := Leiden(context.Background(), v, LeidenOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(p.Modularity-test.want) > 5e-5 {
			t.Errorf("modularity %.6f, published %v", p.Modularity, test.want)
		}
	}
}

// Values of NetworkX 3.6.1 on the karate club.
func TestKatzAndEdgesOnKarateClub(t *testing.T) {
	ctx := context.Background()
	v, names := named(karate, false)
	number := func(name string) int {
		i, _ := slices.BinarySearch(names, name)
		return i
	}
	katz, err := Katz(ctx, v, KatzOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]float64{"33": 0.3314064, "0": 0.3213246} {
		if got := katz.Values[number(name)]; math.Abs(got-want) > 5e-8 {
			t.Errorf("katz of %s: %.7f, want %v", name, got, want)
		}
	}
	edges, err := EdgeBetweenness(ctx, v, BetweennessOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for tie, want := range map[[2]string]float64{{"0", "31"}: 0.1272600, {"0", "6"}: 0.0781343, {"2", "0"}: 0.0777877} {
		from, to := number(tie[0]), number(tie[1])
		targets, _ := v.Out.Row(from)
		if got := edges[int(v.Out.Offsets[from])+slices.Index(targets, uint32(to))]; math.Abs(got-want) > 5e-8 {
			t.Errorf("edge betweenness of %v: %.7f, want %v", tie, got, want)
		}
	}
}

package quads

import "example.com/kg/schema"

// Properties with a meaning in the store. docs/data-model.md says which node
// has which of them, and under which label.
const (
	PropType        schema.ID = "rdf:type"           // entity, source, type or relation -> type
	PropLabel       schema.ID = "rdfs:label"         // entity, type or relation -> its name
	PropAltLabel    schema.ID = "skos:altLabel"      // entity -> an alias
	PropMetonym     schema.ID = "kg:metonym"         // entity -> a name that stands for it only where an actor is wanted
	PropBroader     schema.ID = "skos:broader"       // entity -> the collective that it belongs to
	PropCollective  schema.ID = "kg:collective"      // entity -> "true"
	PropDeclared    schema.ID = "kg:declared"        // entity -> "true": a record of its own told of it
	PropSubject     schema.ID = "rdf:subject"        // claim that makes no tie -> entity
	PropPredicate   schema.ID = "rdf:predicate"      // claim that makes no tie -> relation
	PropObject      schema.ID = "rdf:object"         // claim that makes no tie -> entity
	PropStance      schema.ID = "kg:stance"          // claim -> kg:asserted, kg:reported, kg:denied or kg:planned
	PropSource      schema.ID = "kg:source"          // claim -> source
	PropSpeaker     schema.ID = "kg:speaker"         // claim -> entity, or a text
	PropTime        schema.ID = "kg:time"            // claim -> EDTF
	PropEnded       schema.ID = "kg:ended"           // claim -> "true"
	PropPlace       schema.ID = "kg:place"           // claim -> entity, or a text
	PropConfidence  schema.ID = "kg:confidence"      // claim -> a word or number, as given
	PropOrigin      schema.ID = "kg:origin"          // claim or source -> an origin's name
	PropLocator     schema.ID = "kg:locator"         // claim -> where in the source
	PropIdentifier  schema.ID = "dcterms:identifier" // claim or source -> what files or users call it
	PropPublisher   schema.ID = "dcterms:publisher"  // source -> its name
	PropTitle       schema.ID = "dcterms:title"      // source -> its title
	PropIssued      schema.ID = "dcterms:issued"     // source -> EDTF
	PropBasis       schema.ID = "kg:publishedBasis"  // source -> "stated" or "inferred"
	PropDefinition  schema.ID = "skos:definition"    // type or relation -> what it means
	PropSubClass    schema.ID = "rdfs:subClassOf"    // type -> its parent
	PropSubProperty schema.ID = "rdfs:subPropertyOf" // relation -> its parent
	PropDomain      schema.ID = "rdfs:domain"        // relation -> the one type that its subject may have
	PropRange       schema.ID = "rdfs:range"         // relation -> the one type that its object may have
	PropDomainAny   schema.ID = "https://schema.org/domainIncludes"
	PropRangeAny    schema.ID = "https://schema.org/rangeIncludes"
	PropSign        schema.ID = "kg:sign"      // relation -> "+1" or "-1"
	PropSymmetric   schema.ID = "kg:symmetric" // relation -> "true"
	propPreferred   schema.ID = "skos:prefLabel"
	classClass      schema.ID = "rdfs:Class"
	classProperty   schema.ID = "rdf:Property"
	classResource   schema.ID = "rdfs:Resource"
	classSource     schema.ID = "kg:Source"
	literalTrue               = "true"
	signCooperation           = "+1"
	signConflict              = "-1"
)

package store

import (
	"example.com/kg/internal/quads"
	"example.com/kg/schema"
)

// A word is an IRI by which kg means something where it reads many quads.
type word uint8

const (
	wordNone word = iota
	wordClaims
	wordVocabulary
	wordSources
	wordSubject
	wordPredicate
	wordObject
	wordStance
	wordSource
	wordSpeaker
	wordTime
	wordEnded
	wordPlace
	wordConfidence
	wordOrigin
	wordLocator
	wordIdentifier
	wordType
	wordLabel
	wordAltLabel
	wordMetonym
	wordBroader
	wordCollective
	wordDeclared
	wordAsserted // the stances, in their order
	wordReported
	wordDenied
	wordPlanned
)

// words are the texts of words.
var words = map[string]word{
	string(schema.GraphClaims):     wordClaims,
	string(schema.GraphVocabulary): wordVocabulary,
	string(schema.GraphSources):    wordSources,
	string(quads.PropSubject):      wordSubject,
	string(quads.PropPredicate):    wordPredicate,
	string(quads.PropObject):       wordObject,
	string(quads.PropStance):       wordStance,
	string(quads.PropSource):       wordSource,
	string(quads.PropSpeaker):      wordSpeaker,
	string(quads.PropTime):         wordTime,
	string(quads.PropEnded):        wordEnded,
	string(quads.PropPlace):        wordPlace,
	string(quads.PropConfidence):   wordConfidence,
	string(quads.PropOrigin):       wordOrigin,
	string(quads.PropLocator):      wordLocator,
	string(quads.PropIdentifier):   wordIdentifier,
	string(quads.PropType):         wordType,
	string(quads.PropLabel):        wordLabel,
	string(quads.PropAltLabel):     wordAltLabel,
	string(quads.PropMetonym):      wordMetonym,
	string(quads.PropBroader):      wordBroader,
	string(quads.PropCollective):   wordCollective,
	string(quads.PropDeclared):     wordDeclared,
	string(schema.Asserted.ID()):   wordAsserted,
	string(schema.Reported.ID()):   wordReported,
	string(schema.Denied.ID()):     wordDenied,
	string(schema.Planned.ID()):    wordPlanned,
}

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
	wordPublisher
	wordTitle
	wordIssued
	wordBasis
	wordType
	wordLabel
	wordAltLabel
	wordMetonym
	wordBroader
	wordCollective
	wordDeclared
	wordClass    // rdfs:Class, rdf:Property and rdfs:Resource: the types that no entity is of
	wordDocument // kg:Source: the type of all sources
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
	string(quads.PropPublisher):    wordPublisher,
	string(quads.PropTitle):        wordTitle,
	string(quads.PropIssued):       wordIssued,
	string(quads.PropBasis):        wordBasis,
	"rdfs:Class":                   wordClass,
	"rdf:Property":                 wordClass,
	"rdfs:Resource":                wordClass,
	"kg:Source":                    wordDocument,
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

// Package schema holds the words of kg as data: claims, sources, entities, and
// the vocabulary of entity types and relations that gives them meaning.
//
// A [Claim] is what one [Source] says: that one [Relation] holds between two
// entities, in a [Stance], at a [Time], somewhere, with some confidence. Claims
// are the unit that is loaded, kept and retracted; they are never merged away
// and never decided between. A [Vocabulary] says which types and relations
// exist, which relation is symmetric, an inverse or a child of another, and
// which ties count as cooperation or conflict. [Default] is the embedded one,
// conflict.yaml, whose comments describe the form; [Load] reads a user's.
//
// Everything else in kg imports schema; schema imports nothing of kg.
package schema

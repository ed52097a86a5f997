// Package resolve says which entity and which relation a text means: by id, by
// name, by alias, and by metonym where an actor is wanted. Nothing is ever
// resolved by likeness: "National Army" and "Libyan National Army" stay two,
// and a name that fits two entities is an error that names both. What is merely
// like a name is offered as a suggestion.
//
// # Order of the look-up
//
//  1. The id of an entity: "kg:Turkey", "<kg:Turkey>", a full IRI.
//  2. A preferred name, letter by letter, or the id that a file declared.
//  3. A preferred name, in any case.
//  4. An alias, in any case.
//  5. A metonym, in any case, where the role wants an actor.
//  6. The exact name of an entity that only claims mention.
//
// The first that fits wins: the preferred name of one entity beats the alias of
// another. There is one exception: where an actor is wanted, and the name is
// that of an entity that cannot stand there by its type (the city Ankara), a
// metonym goes before it.
//
// Names are compared in Unicode NFC with case and white space folded;
// diacritics count.
//
// Steps 2 to 5 see declared entities only, those of which a record of its own
// tells ([schema.Entity.Declared]). So what a row means depends on what is
// declared, and never on the rows before it: "turkey" and "Turkey" are two
// entities, in whatever order they come, until one of them is declared.
package resolve
